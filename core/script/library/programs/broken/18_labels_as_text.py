"""Labels that are words."""

import torch

names = ["cat", "dog", "cat", "bird"]
labels = torch.tensor(names)  # here: text_in_tensor
print(labels)
