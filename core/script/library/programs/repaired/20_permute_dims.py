"""permute that names three dimensions of a batch of four."""

import torch

pictures = torch.rand(8, 28, 28, 3)
print(pictures.permute(0, 3, 1, 2).shape)
