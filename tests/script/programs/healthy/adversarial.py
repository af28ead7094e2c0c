"""FGSM: the gradient of the loss by the picture."""

import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Flatten(), nn.Linear(64, 16), nn.ReLU(), nn.Linear(16, 4))
model.eval()
picture = torch.rand(1, 1, 8, 8)
picture.requires_grad = True
loss = F.cross_entropy(model(picture), torch.tensor([2]))
model.zero_grad()
loss.backward()
perturbed = torch.clamp(picture + 0.1 * picture.grad.sign(), 0, 1)
print(model(perturbed).argmax(1).item())
