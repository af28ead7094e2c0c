"""Augmentation: each image shifted and rotated a little, differently in each epoch."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from core.datasets import MEAN, STD

BLACK = (0 - MEAN) / STD  # a black pixel after normalising: what comes in from beyond the border


def augment(images: Tensor, shift: int, rotate: float) -> Tensor:
    """Rotate each image by up to ``rotate`` degrees either way, then shift it by up to ``shift`` whole pixels.

    (N, 1, height, width) -> the same shape. The numbers come from torch's own generator, as those of dropout do.
    """
    count, device = len(images), images.device
    angle = (torch.rand(count, device=device) * 2 - 1) * (rotate * math.pi / 180)
    moved = torch.randint(-shift, shift + 1, (count, 2), device=device)  # columns, rows
    cos, sin = angle.cos(), angle.sin()
    height, width = images.shape[-2:]
    x, y = -2 * moved[:, 0] / width, -2 * moved[:, 1] / height  # where from, from -1 to 1, as affine_grid counts
    theta = torch.stack([cos, -sin, cos * x - sin * y, sin, cos, sin * x + cos * y], dim=1).view(-1, 2, 3)
    grid = F.affine_grid(theta, list(images.shape), align_corners=False)
    return F.grid_sample(images - BLACK, grid, align_corners=False) + BLACK
