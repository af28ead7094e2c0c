"""The training digits written again: strokes through another hand and the app's own pen, as images."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from core.pretraining import pen
from core.sketch import strokes as sketch_strokes

THINNEST, BOLDEST = 1.5, 4.2  # pens in pixels of the 20x20 box


def rendition(strokes: Sequence[pen.Strokes], labels: Tensor, seed: int, number: int) -> Tensor:
    """Write every digit again, the ``number``-th time: uint8 (N, 28, 28), framed as ``core.sketch`` frames.

    Each digit has a generator of its own, made from (seed, number, index).
    """
    variants, pens = [], np.empty(len(strokes), np.float32)
    for index, (digit, label) in enumerate(zip(strokes, labels.tolist(), strict=True)):
        random = np.random.default_rng((seed, number, index))
        variants.append(pen.rewrite(digit, label, random))
        pens[index] = np.exp(random.uniform(np.log(THINNEST), np.log(BOLDEST)))
    # With the whole box inside, narrow digits stand a little to the left: a lesson in not minding the place.
    images = sketch_strokes.draw_all(variants, pens, whole_box=True)
    return torch.from_numpy(np.rint(images * 255).astype(np.uint8))
