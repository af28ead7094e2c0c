"""Pictures from 0 to 255."""

import torch
from torch import nn

torch.manual_seed(0)
images = torch.randint(0, 256, (20, 1, 8, 8)).float()
labels = (images.mean((1, 2, 3)) > 127).long()
inputs = images
model = nn.Sequential(nn.Flatten(), nn.Linear(64, 2))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-4)
for step in range(3):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(inputs), labels)  # here: input_range
    loss.backward()
    optimizer.step()
