"""The mean of whole numbers."""

import torch

predictions = torch.tensor([1, 0, 2])
labels = torch.tensor([1, 1, 2])
correct = predictions == labels
print(correct.float().mean())
