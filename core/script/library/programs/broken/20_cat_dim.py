"""cat joins a skip connection along the height."""

import torch
from torch import nn

up = nn.ConvTranspose2d(8, 4, kernel_size=2, stride=2)
conv = nn.Conv2d(8, 4, kernel_size=3, padding=1)
skip, x = torch.randn(2, 4, 16, 16), torch.randn(2, 8, 8, 8)
joined = torch.cat([skip, up(x)], dim=2)
print(conv(joined).shape)  # here: cat_dim
