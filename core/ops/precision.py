"""How far torch may be from exact arithmetic and be right: rounding grows with the dtype and the number of terms.

A sum of n terms t in a format with unit roundoff u is at most n·u·Σ|t| from exact. Errors of random sign grow
with √n, errors of one sign (n equal terms) with n, and then the sum is as large as Σ|t|. ``tolerance`` allows both
and no more, so that in a long sum too a wrong sign or a lost factor stands out. Half and bfloat16 are added up in
float32.
Source: Higham, *Accuracy and Stability of Numerical Algorithms*, chapters 3 and 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.ops.explanation import Explanation
from core.ops.whole import Hand, array

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Verdict:
    """What a comparison with torch found, element by element.

    ``apart`` is the absolute difference, 0 where both are the same, also the same infinity or nan. ``beyond`` marks
    where the sum or one of its terms is more than the dtype holds, so that torch has inf or nan: that is right too.
    """

    apart: Numbers
    fine: NDArray[np.bool_]
    beyond: NDArray[np.bool_]


def coarsest(tensors: Iterable[Tensor]) -> torch.dtype:
    """Return the floating dtype with the largest unit roundoff: under autocast the one that is computed in."""
    dtypes = {tensor.dtype for tensor in tensors if tensor.dtype.is_floating_point}
    return max(dtypes, key=lambda dtype: torch.finfo(dtype).eps, default=torch.float64)


def tolerance(
    dtype: torch.dtype, scale: Numbers, result: Numbers, terms: int, peak: Numbers | float = 0.0
) -> Numbers:
    """Return how far a right result may be from ``result``; ``scale`` is Σ|t| over the ``terms`` terms.

    A kernel may take a number below the smallest normal one for 0, before it is multiplied by up to ``peak``.
    """
    unit, single = torch.finfo(dtype).eps / 2, torch.finfo(torch.float32)
    added = min(unit, single.eps / 2)
    least = torch.finfo(dtype).smallest_normal if unit == added else single.smallest_normal
    grown = added * (4 * terms**0.5 * scale + terms / 4 * np.abs(result))
    underflow = (torch.finfo(dtype).eps * torch.finfo(dtype).smallest_normal + terms * least) * (1 + peak)
    return np.asarray(4 * unit * scale + grown + underflow)


def compare(
    hand: Numbers,
    other: Numbers,
    scale: Numbers,
    terms: int,
    dtype: torch.dtype,
    inputs: Sequence[Tensor] = (),
    peak: Numbers | float = 0.0,
) -> Verdict:
    """Compare the arithmetic by hand with torch's numbers ``other``.

    ``inputs`` are the tensors that went in, and ``peak`` is the largest number on the way.
    """
    with np.errstate(all="ignore"):
        same = (hand == other) | (np.isnan(hand) & np.isnan(other))
        apart = np.where(same, 0.0, np.abs(hand - other))
        factor = np.where(np.isfinite(peak), peak, 0.0)
        fine = same | (apart <= tolerance(dtype, np.nan_to_num(scale), np.nan_to_num(hand), terms, factor))
        if fine.all():
            return Verdict(apart, fine, np.zeros_like(fine))
        largest = torch.finfo(dtype).max * (1 - torch.finfo(dtype).eps)
        top = np.fmax(scale, peak)
        overflows = np.isfinite(top) | all_finite(inputs) | (_largest_product(inputs) * terms > largest)
        both = np.isfinite(hand) & np.isfinite(other)
        # where the largest number is infinite, float64 by hand overflowed too
        determined = both & np.isfinite(top)
        of_its_own = np.isfinite(scale) & (scale > largest) & ~both  # whatever other cells are
        beyond = ~same & (of_its_own | ((top > largest) & overflows & ~determined))
    return Verdict(apart, fine | beyond, beyond)


def compare_whole(hand: Hand, other: Tensor, *inputs: Tensor, output: Tensor | None = None) -> Verdict:
    """Compare a whole tensor by hand with torch's ``other``.

    ``inputs`` are the tensors that went in: their dtypes and numbers count, and of the operation's ``output`` the
    dtype: under autocast it is the coarsest.
    """
    numbers, torch_numbers = hand.numbers, array(other)
    if hand.either is not None:
        numbers = np.where(hand.either & np.isnan(torch_numbers), np.nan, numbers)
    dtype = coarsest([other, *inputs, *([] if output is None else [output])])
    return compare(numbers, torch_numbers, hand.scale, hand.terms, dtype, inputs, hand.peak)


def compare_cells(
    explanations: Sequence[Explanation], dtype: torch.dtype, inputs: Sequence[Tensor] = ()
) -> Verdict:
    """Compare the results of ``explanations`` with torch's."""
    columns = [(each.result, each.torch_value, each.magnitude, each.largest) for each in explanations]
    hand, other, scale, peak = np.array(columns, dtype=np.float64).reshape(-1, 4).T
    return compare(
        hand, other, scale, max((len(each.terms) for each in explanations), default=0), dtype, inputs, peak
    )


def _largest_product(tensors: Sequence[Tensor]) -> float:
    """Return the product of the two largest finite magnitudes: how large a finite term may be."""
    sizes = (tensor.double().nan_to_num(0, 0, 0).abs() for tensor in tensors if tensor.numel())
    return float(np.prod(sorted(size.max().item() for size in sizes)[-2:]))


def all_finite(tensors: Iterable[Tensor]) -> bool:
    """Return whether no tensor holds infinity or nan."""
    return all(bool(tensor.isfinite().all()) for tensor in tensors)
