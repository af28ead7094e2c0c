"""Features of an inner layer, by a hook."""

import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(2 * 6 * 6, 3))
features = {}
handle = model[1].register_forward_hook(lambda module, inputs, output: features.update(relu=output.detach()))
model.eval()
with torch.no_grad():
    scores = model(torch.rand(2, 1, 8, 8))
handle.remove()
print(features["relu"].shape, torch.softmax(scores, dim=1).sum(1))
