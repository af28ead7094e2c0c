"""What the tests of explanations share: run an operation for real, open cells of it, compare with torch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from hypothesis import strategies as st
from torch import Tensor, nn

from core import trace
from core.ops import explain
from core.ops.explanation import Explanation
from core.trace.trace_record import Operation, Record

DTYPES = st.sampled_from([torch.float32, torch.float64])


class Only(nn.Module):
    """A network that is one operation."""

    def __init__(self, operation: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.operation = operation

    def forward(self, x: Tensor) -> Tensor:
        return self.operation(x)


def numbers(shape: Any, dtype: torch.dtype, seed: int) -> Tensor:
    """Return seeded normal numbers that ask for a gradient."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, dtype=dtype, generator=generator).requires_grad_()


def run(operation: Callable[[Tensor], Tensor], x: Tensor, seed: int = 0) -> tuple[Record, Operation]:
    """Record ``operation(x)`` and a backward pass from a seeded gradient of its output."""
    torch.manual_seed(seed)
    with torch.no_grad():
        shape = operation(x).shape
    record = trace.record(Only(operation), x, grad_output=numbers(shape, x.dtype, seed + 1).detach())
    return record, record.operations[-1]


def value_holds(operation: Operation, index: tuple[int, ...]) -> None:
    """The terms of one output cell give torch's value: float64 to 1e-10 relative, float32 to rounding."""
    explanation = explain.value(operation.call, index)
    assert explanation is not None
    assert explanation.torch_value == operation.call.output[index].item()
    _near(explanation, operation.call.output.dtype)


def gradient_holds(record: Record, operation: Operation, which: str, index: tuple[int, ...]) -> None:
    """The terms of one gradient cell give torch's gradient."""
    grad = record.contributions[operation.index, which]
    grad_output = record.gradients[operation.outputs[0]]
    explanation = explain.gradient(operation.call, which, grad_output, grad, index)
    assert explanation is not None
    assert explanation.torch_value == grad[index].item()
    _near(explanation, grad.dtype)


def _near(explanation: Explanation, dtype: torch.dtype) -> None:
    tolerance = 1e-10 if dtype == torch.float64 else 2e-6
    size = max([abs(term.value) for term in explanation.terms] + [abs(explanation.result), 1e-30])
    assert explanation.difference <= tolerance * size * (
        1 if dtype == torch.float64 else len(explanation.terms) + 1
    )


def cells(draw: st.DrawFn, shape: torch.Size) -> tuple[int, ...]:
    """Draw one cell of a tensor of this shape."""
    return tuple(draw(st.integers(0, size - 1)) for size in shape)


def both_hold(draw: st.DrawFn, operation: Callable[[Tensor], Tensor], x: Tensor, seed: int = 0) -> Operation:
    """Open a random cell of the output and one of the input's gradient."""
    record, recorded = run(operation, x, seed)
    value_holds(recorded, cells(draw, recorded.call.output.shape))
    gradient_holds(record, recorded, "input", cells(draw, recorded.call.tensors["input"].shape))
    return recorded
