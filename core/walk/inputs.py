"""The inputs of your own module: shapes and types as text (``1,7:int64``), and seeded tensors."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from core.errors import N_, InvalidSetting

DTYPES = (
    *("float32", "float64", "float16", "bfloat16", "complex64", "complex128"),
    *("int64", "int32", "int16", "int8", "uint8", "bool"),
)
WHOLE_NUMBERS_BELOW = 10  # where no embedding says how many there are


@dataclass(frozen=True)
class InputSpec:
    """An input's shape and the name of its dtype."""

    shape: tuple[int, ...]
    dtype: str = "float32"


def parse(text: str) -> InputSpec:
    """Read ``1,1,32,32`` or ``1,7:int64``. Raises ``InvalidSetting``."""
    sizes, _colon, dtype = text.partition(":")
    dtype = dtype.strip().removeprefix("torch.") or "float32"
    if dtype not in DTYPES:
        raise InvalidSetting(
            N_("--input has no type {dtype!r}; there are {known}"), dtype=dtype, known=", ".join(DTYPES)
        )
    try:
        shape = tuple(int(part) for part in sizes.split(","))
    except ValueError:
        shape = ()
    if not shape or min(shape) < 1:
        raise InvalidSetting(
            N_("--input must be a shape such as 1,1,32,32 or 1,7:int64, not {given!r}"), given=text
        )
    return InputSpec(shape, dtype)


def code(spec: InputSpec, place: int, seed: int, below: int, default: torch.dtype = torch.float32) -> str:
    """Return the expression that makes input number ``place``: standard normal numbers, or whole ones from 0 up.

    The first input draws from the generator at ``seed``, the next from the one at ``seed + 1000``, and so on.
    ``default`` is the default dtype where the expression stands.
    """
    generator = f"generator=torch.Generator().manual_seed({seed + 1000 * place})"
    if spec.dtype == "bool":
        return f"torch.randint(0, 2, {spec.shape}, {generator}).bool()"
    if not getattr(torch, spec.dtype).is_floating_point and not getattr(torch, spec.dtype).is_complex:
        return f"torch.randint(0, {below}, {spec.shape}, {generator}, dtype=torch.{spec.dtype})"
    if getattr(torch, spec.dtype) == default:
        return f"torch.randn({spec.shape}, {generator})"
    return f"torch.randn({spec.shape}, {generator}, dtype=torch.{spec.dtype})"


def make(spec: InputSpec, place: int, seed: int, below: int) -> Tensor:
    """Return the tensor that ``code`` describes."""
    shape, generator = spec.shape, torch.Generator().manual_seed(seed + 1000 * place)
    dtype: torch.dtype = getattr(torch, spec.dtype)
    if dtype == torch.bool:
        return torch.randint(0, 2, shape, generator=generator).bool()
    if not dtype.is_floating_point and not dtype.is_complex:
        return torch.randint(0, below, shape, generator=generator, dtype=dtype)
    return torch.randn(shape, generator=generator, dtype=dtype)


def whole_numbers_below(network: nn.Module) -> int:
    """Return the limit of whole numbers that ``network`` can look up: the size of its smallest embedding, or 10."""
    sizes = [
        module.num_embeddings for module in network.modules() if isinstance(module, nn.Embedding | nn.EmbeddingBag)
    ]
    return min([*sizes, 127]) if sizes else WHOLE_NUMBERS_BELOW
