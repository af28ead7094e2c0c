"""Gradients of parameters on branches are autograd's, to the last bit; on a CPU the branches run at once."""

from __future__ import annotations

from contextlib import nullcontext
from unittest.mock import Mock

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from core.training.branches import STREAMS, Branches

LIGHT = True


class VariedNet(nn.Module):
    """Convolutions with stride, groups and a padding in words; a linear layer without bias, and one used twice."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(1, 4, 3, stride=2, padding=1)
        self.grouped = nn.Conv2d(4, 8, 3, groups=2, dilation=2, bias=False)
        self.same = nn.Conv2d(8, 8, 3, padding="same")
        self.norm = nn.BatchNorm2d(8)
        self.linear = nn.Linear(8 * 3 * 3, 6, bias=False)
        self.twice = nn.Linear(6, 6)
        self.frozen = nn.Linear(6, 6).requires_grad_(False)

    def forward(self, x: Tensor) -> Tensor:
        x = self.norm(self.same(self.grouped(self.first(x).relu())))
        x = self.linear(x.flatten(1))
        return self.frozen(self.twice(self.twice(x).tanh()))


def gradients(branches: Branches | None, device: str = "cpu") -> dict[str, Tensor | None]:
    torch.manual_seed(0)
    network = VariedNet().to(device)
    x, y = torch.randn(5, 1, 14, 14, device=device), torch.arange(5, device=device)
    if branches is None:
        F.cross_entropy(network(x), y).backward()
    else:
        with branches:
            loss = F.cross_entropy(network(x), y)
        loss.backward()
        branches.join()
    return {name: parameter.grad for name, parameter in network.named_parameters()}


def equal(ours: dict[str, Tensor | None], theirs: dict[str, Tensor | None]) -> bool:
    pairs = [(ours[name], theirs[name]) for name in theirs]
    return all(a is b if a is None or b is None else torch.equal(a, b) for a, b in pairs)


def test_gradients_are_autograds() -> None:
    assert equal(gradients(Branches()), gradients(None))


def test_the_gradients_of_usual_layers_and_no_others_are_left_to_branches(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = []
    run = Branches.run
    monkeypatch.setattr(
        Branches,
        "run",
        lambda self, parameter, *rest: shapes.append(parameter.shape) or run(self, parameter, *rest),
    )
    gradients(Branches())
    twice = [(6, 6), (6,)] * 2
    assert [tuple(shape) for shape in shapes] == [*twice, (6, 72), (8, 2, 3, 3), (4, 1, 3, 3), (4,)]


def test_a_gradient_that_is_there_is_added_to() -> None:
    layer, branches = nn.Linear(3, 2), Branches()
    for _ in range(2):
        with branches:
            loss = layer(torch.ones(4, 3)).sum()
        loss.backward()
        branches.join()
    assert layer.bias.grad is not None
    assert layer.bias.grad.tolist() == [8.0, 8.0]


def test_only_streams_that_were_used_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    main, streams = Mock(), [Mock() for _ in range(5)]
    monkeypatch.setattr(torch.cuda, "current_stream", lambda: main)
    monkeypatch.setattr(torch.cuda, "stream", lambda _: nullcontext())
    branches, layer = Branches(streams), nn.Linear(3, 2)
    with branches:
        loss = layer(torch.ones(4, 3)).sum()
    loss.backward()
    branches.join()
    assert [stream.wait_stream.call_count for stream in streams] == [1, 1, 0, 0, 0]
    assert [call.args[0] for call in main.wait_stream.call_args_list] == streams[:2]


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device here")
def test_on_a_card_gradients_are_autograds() -> None:
    torch.use_deterministic_algorithms(True)
    try:
        theirs = gradients(None, "cuda")
        ours = gradients(Branches([torch.cuda.Stream() for _ in range(STREAMS)]), "cuda")
        torch.cuda.synchronize()
        assert equal(ours, theirs)
    finally:
        torch.use_deterministic_algorithms(False)
