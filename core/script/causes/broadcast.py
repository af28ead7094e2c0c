"""Shapes that do not broadcast, where the reason is known: a shortcut, a rounded size, every other column."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

from core.errors import N_
from core.script.causes.table import Cause, Details
from core.script.failure import Failure

SUMS = ("add", "iadd", "radd")
ROUNDED = 3  # pixels by which a size may differ that a stride has rounded
SIZES = r"[Tt]he size of tensor a \(\d+\) must match the size of tensor b \(\d+\)"


def _pair(failure: Failure) -> tuple[Details, Tensor, Tensor] | None:
    """Return both tensors in words, and both, where they are batches of maps."""
    if len(failure.tensors) < 2:
        return None
    (first, a), (second, b) = failure.tensors[:2]
    if a.dim() != 4 or b.dim() != 4 or a.shape[0] != b.shape[0]:
        return None
    return {"first": f"{first} {list(a.shape)}", "second": f"{second} {list(b.shape)}"}, a, b


def _shortcut(failure: Failure, _groups: Mapping[str, str]) -> Details | None:
    pair = _pair(failure)
    if pair is None or failure.call not in SUMS:
        return None
    words, a, b = pair
    wide, narrow = (a, b) if a.shape[2] >= b.shape[2] else (b, a)
    if a.shape[2:] == b.shape[2:]:
        wide, narrow = (a, b) if a.shape[1] < b.shape[1] else (b, a)
    stride = round(wide.shape[2] / max(1, narrow.shape[2]))
    if stride < 1 or any(-(-wide.shape[dim] // stride) != narrow.shape[dim] for dim in (2, 3)):
        return None
    if wide.shape[1] == narrow.shape[1] and stride == 1:
        return None
    return {**words, "channels": wide.shape[1], "wanted": narrow.shape[1], "stride": stride}


def _rounded(failure: Failure, _groups: Mapping[str, str]) -> Details | None:
    pair = _pair(failure)
    if pair is None or pair[1].shape[1] != pair[2].shape[1]:
        return None
    words, a, b = pair
    apart = [abs(a.shape[dim] - b.shape[dim]) for dim in (2, 3)]
    if max(apart) > ROUNDED:
        return None
    height, width = (min(a.shape[dim], b.shape[dim]) for dim in (2, 3))
    return {**words, "height": height, "width": width}


def _every_other(failure: Failure, groups: Mapping[str, str]) -> Details | None:
    fits = "::2" in failure.expression and int(groups["b"]) == int(groups["a"]) + 1
    return {} if fits else None


CAUSES = (
    Cause(
        "broadcast",
        SIZES,
        N_("A sum of two branches needs one shape: {first}, {second}."),
        N_("Send the shortcut through nn.Conv2d({channels}, {wanted}, kernel_size=1, stride={stride})."),
        _shortcut,
    ),
    *(
        Cause(
            key,
            pattern,
            N_(
                "Height and width differ by a few pixels, because a layer with a stride rounds down: {first},"
                " {second}."
            ),
            N_("Give ConvTranspose2d output_padding=1, change padding, or cut one: [..., :{height}, :{width}]."),
            _rounded,
        )
        for key, pattern in (
            ("broadcast", SIZES),
            ("cat_sizes", "Sizes of tensors must match except in dimension 1"),
        )
    ),
    Cause(
        "broadcast",
        r"The expanded size of the tensor \((?P<a>\d+)\) must match the existing size \((?P<b>\d+)\)",
        N_("Of an odd number of columns, every other one from 1 on are {a}, and {b} are written there."),
        N_("Cut what is written to [:, :{a}], or choose an even number of columns."),
        _every_other,
    ),
)
