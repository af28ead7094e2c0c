"""Which pixels speak for an answer and which against it, compared with another digit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.recognise.readers import Reader, inputs

STEPS = 64
PATCH, STRIDE = 5, 2


@dataclass(frozen=True)
class Evidence:
    """Each pixel's part in why ``digit`` rather than ``rival``, in units of the network's scores.

    ``shares`` (28, 28) are positive where a pixel speaks for ``digit``. ``lead`` is how far its score is ahead of
    the rival's for this drawing, ``blank`` how far for blank paper; the shares add up to lead − blank, but for
    the error of the sum over a finite number of steps.
    """

    digit: int
    rival: int
    shares: NDArray[np.float64]
    lead: float
    blank: float

    @property
    def error(self) -> float:
        """How far the shares' sum is from lead − blank."""
        return abs(float(self.shares.sum()) - (self.lead - self.blank))


def integrated_gradients(
    reader: Reader, image: NDArray[np.uint8], digit: int, rival: int, steps: int = STEPS
) -> Evidence:
    r"""Go from blank paper :math:`x_0` to the drawing :math:`x` and add up what each pixel did on the way.

    :math:`a_i = (x_i - x_{0,i}) \int_0^1 \partial f / \partial x_i (x_0 + t (x - x_0)) dt`, with
    :math:`f = s_{digit} - s_{rival}`; the integral is the mean over ``steps`` midpoints. The shares add up to
    f(x) − f(x₀). Sundararajan, Taly and Yan, "Axiomatic attribution for deep networks" (2017).
    """
    x = inputs(reader, image[None])
    paper = inputs(reader, np.zeros_like(image)[None])
    t = (torch.arange(steps) + 0.5) / steps
    way = (paper + t.view(-1, 1, 1, 1) * (x - paper)).requires_grad_()
    ahead = reader.net(way)
    gradient = torch.autograd.grad((ahead[:, digit] - ahead[:, rival]).sum(), way)[0]
    shares = ((x - paper)[0, 0] * gradient.mean(dim=0)[0]).double()
    with torch.no_grad():
        ends = reader.net(torch.cat([x, paper])).double()
    lead, blank = (ends[:, digit] - ends[:, rival]).tolist()
    return Evidence(digit, rival, _without_border(shares, reader).numpy(), lead, blank)


def erased(reader: Reader, image: NDArray[np.uint8], digit: int, rival: int) -> Evidence:
    """Lay a patch of paper of 5x5 pixels over each place in turn: by how much does the lead over the rival fall?

    A place's share is lead(drawing) − lead(drawing with the patch there), for patches 2 pixels apart. These do not
    add up to anything: they are experiments, each by itself.
    """
    places = range(0, image.shape[0] - PATCH + 1 + STRIDE, STRIDE)
    covered = np.repeat(image[None], len(places) ** 2, axis=0)
    for index in range(len(covered)):
        row, column = places[index // len(places)], places[index % len(places)]
        covered[index, row : row + PATCH, column : column + PATCH] = 0
    with torch.inference_mode():
        scores = reader.net(
            inputs(reader, np.concatenate([image[None], np.zeros_like(image)[None], covered]))
        ).double()
    lead = (scores[:, digit] - scores[:, rival]).numpy()
    drops = (lead[0] - lead[2:]).reshape(len(places), len(places))
    centres = np.clip((np.arange(image.shape[0]) - PATCH // 2 + STRIDE // 2) // STRIDE, 0, len(places) - 1)
    return Evidence(digit, rival, drops[centres][:, centres], float(lead[0]), float(lead[1]))


def _without_border(map_: Tensor, reader: Reader) -> Tensor:
    border = (reader.input_size - 28) // 2
    return map_[border : map_.shape[0] - border, border : map_.shape[1] - border]
