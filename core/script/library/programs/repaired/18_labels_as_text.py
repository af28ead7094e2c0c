"""Labels that are words."""

import torch

names = ["cat", "dog", "cat", "bird"]
classes = sorted(set(names))
labels = torch.tensor([classes.index(name) for name in names])
print(labels)
