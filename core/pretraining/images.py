"""Whole batches of images turned, bent, thickened and thinned at random."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def distort(images: Tensor, strength: float, random: torch.Generator) -> Tensor:
    """Return float (N, 1, 28, 28) in [0, 1], each image turned, slanted, stretched, moved and bent by itself.

    ``strength`` 1 turns by 10 degrees, slants by 0.15, stretches by 10 % and moves by 1.3 pixels (each a standard
    deviation).
    """
    count = len(images)

    def normal(deviation: float) -> Tensor:
        return torch.randn(count, generator=random) * deviation * strength

    angle, slant = normal(0.17), normal(0.15)
    wide, high = torch.exp(normal(0.1)), torch.exp(normal(0.1))
    cosine, sine = torch.cos(angle), torch.sin(angle)
    theta = torch.stack(
        [
            torch.stack([cosine * wide, (cosine * slant - sine) * high, normal(0.09)], 1),
            torch.stack([sine * wide, (sine * slant + cosine) * high, normal(0.09)], 1),
        ],
        1,
    )  # (N, 2, 3): where each output pixel looks in the input, in units of half the image
    grid = F.affine_grid(theta, list(images.shape), align_corners=False)
    coarse = torch.randn(count, 2, 5, 5, generator=random) * 0.045 * strength
    waves = F.interpolate(coarse, images.shape[-2:], mode="bicubic", align_corners=True)
    return F.grid_sample(images, grid + waves.permute(0, 2, 3, 1), align_corners=False)


def thicken_or_thin(images: Tensor, random: torch.Generator) -> Tensor:
    """Make the strokes of a fifth of the images bolder and of a fifth finer, by part of a pixel each side."""
    bolder = F.max_pool2d(images, 3, stride=1, padding=1)
    finer = -F.max_pool2d(-images, 3, stride=1, padding=1)
    share = torch.rand(len(images), 1, 1, 1, generator=random) * 0.8
    which = torch.rand(len(images), 1, 1, 1, generator=random)
    thick = torch.lerp(images, bolder, share)
    thin = torch.lerp(images, finer, share * 0.6)
    return torch.where(which < 0.2, thick, torch.where(which < 0.4, thin, images))
