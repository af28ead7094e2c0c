"""item() of many numbers."""

import torch

predictions = torch.tensor([1, 0, 2])
labels = torch.tensor([1, 1, 2])
correct = (predictions == labels).sum().item()
print(correct / 3)
