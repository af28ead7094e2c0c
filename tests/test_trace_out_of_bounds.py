"""core/trace/out_of_bounds.py: what PyTorch would answer with some other memory is refused before it runs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from core.trace import out_of_bounds, record
from core.windows.sizes import UncheckedByTorch


class Calls(nn.Module):
    """A network that is one call, with a parameter so that it has a backward pass."""

    def __init__(self, call: Callable[[Tensor], Tensor | tuple[Tensor, Tensor]]) -> None:
        super().__init__()
        self.scale, self.call = nn.Parameter(torch.ones(1)), call

    def forward(self, x: Tensor) -> Tensor:
        result = self.call(self.scale * x)
        return result[0] if isinstance(result, tuple) else result


IN_PADDING = {"kernel_size": 2, "padding": 1, "dilation": 3}
POOLINGS = {
    "F.max_pool1d": (1, lambda x: F.max_pool1d(x, **IN_PADDING)),
    "F.max_pool2d": (2, lambda x: F.max_pool2d(x, **IN_PADDING)),
    "F.max_pool3d": (3, lambda x: F.max_pool3d(x, **IN_PADDING)),
    "return_indices": (2, lambda x: F.max_pool2d(x, **IN_PADDING, return_indices=True)),
    "with_indices": (2, lambda x: F.max_pool2d_with_indices(x, **IN_PADDING)),
    "1d, with_indices": (1, lambda x: F.max_pool1d_with_indices(x, **IN_PADDING)),
    "3d, with_indices": (3, lambda x: F.max_pool3d_with_indices(x, **IN_PADDING)),
    "torch.max_pool1d": (1, lambda x: torch.max_pool1d(x, **IN_PADDING)),
    "torch.max_pool2d": (2, lambda x: torch.max_pool2d(x, **IN_PADDING)),
    "torch.max_pool3d": (3, lambda x: torch.max_pool3d(x, **IN_PADDING)),
    "by position": (2, lambda x: torch.max_pool2d(x, 2, 2, 1, 3)),
    "nn.MaxPool1d": (1, nn.MaxPool1d(**IN_PADDING)),
    "nn.MaxPool2d": (2, nn.MaxPool2d(**IN_PADDING)),
    "nn.MaxPool3d": (3, nn.MaxPool3d(**IN_PADDING)),
    "one dimension alone": (2, nn.MaxPool2d(2, padding=(0, 1), dilation=(1, 3))),
}


@pytest.mark.parametrize("name", POOLINGS)
def test_a_pooling_with_a_window_in_the_padding_alone_is_refused_before_it_runs(name: str) -> None:
    dims, call = POOLINGS[name]
    with pytest.raises(UncheckedByTorch, match="window 0 lies in the padding alone"):
        record(Calls(call), torch.ones(1, 1, *([2] * dims)), loss=lambda y: y.sum())


@given(st.integers(1, 7), st.integers(1, 4), st.integers(1, 3), st.integers(0, 2), st.integers(1, 8), st.booleans())
def test_every_other_pooling_names_winners_inside_its_input(
    size: int, kernel: int, stride: int, padding: int, dilation: int, ceil_mode: bool
) -> None:
    """The forward pass alone is safe to run: it is the indices that lead its backward pass outside."""
    x = torch.ones(1, 1, size, size)
    arguments = {"kernel_size": kernel, "stride": stride, "padding": padding, "dilation": dilation}
    try:
        _, indices = F.max_pool2d(x, **arguments, ceil_mode=ceil_mode, return_indices=True)
    except RuntimeError:
        return
    inside = bool((indices >= 0).all() and (indices < size * size).all())
    try:
        out_of_bounds.check("max_pool2d", {"input": x, **arguments, "ceil_mode": ceil_mode})
        refused = False
    except UncheckedByTorch:
        refused = True
    assert refused or inside
    if padding == 0 or dilation <= size:
        assert not refused


def test_a_label_beyond_the_classes_is_refused() -> None:
    lengths = torch.tensor([5]), torch.tensor([2])
    network = Calls(lambda x: F.ctc_loss(x.log_softmax(2), torch.tensor([[1, 90_000_000]]), *lengths))
    with pytest.raises(UncheckedByTorch, match="label 90000000"):
        record(network, torch.ones(5, 1, 3), loss=lambda y: y.sum())


@pytest.mark.parametrize("call", [nn.MaxPool2d(2), nn.MaxPool2d(3, 1, 1), lambda x: F.max_pool2d(x, (2, 2))])
def test_an_ordinary_pooling_is_recorded(call: Callable[[Tensor], Tensor]) -> None:
    network = Calls(call)
    result = record(network, torch.ones(1, 1, 4, 4), loss=lambda y: y.sum())
    assert result.operations[1].name.startswith("max_pool2d")


def test_what_pytorch_itself_refuses_is_left_to_its_own_words() -> None:
    with pytest.raises(RuntimeError, match="pad"):
        record(Calls(nn.MaxPool2d(2, padding=2)), torch.ones(1, 1, 4, 4), loss=lambda y: y.sum())
