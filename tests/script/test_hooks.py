"""What a recorder hears from torch, and that torch is as before when it has stopped listening."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from core.script import held_results
from core.script.held_results import HeldResults
from core.script.hooks import listening
from core.trace.torch_internals import FETCHERS


class Diary:
    """Writes down what it hears."""

    def __init__(self) -> None:
        self.entries: list[str] = []

    def enter(self, module: nn.Module, _args: Any) -> None:
        self.entries.append(f"enter {type(module).__name__}")

    def leave(self, module: nn.Module, _args: tuple[Any, ...], output: Any) -> None:
        self.entries.append(f"leave {type(module).__name__} {tuple(output.shape)}")

    def before_step(self, optimizer: torch.optim.Optimizer, _args: Any, _kwargs: Any) -> None:
        self.entries.append(f"before {type(optimizer).__name__}")

    def after_step(self, optimizer: torch.optim.Optimizer, _args: Any, _kwargs: Any) -> None:
        self.entries.append(f"after {type(optimizer).__name__}")

    def makes(self, dataset: TensorDataset) -> None:
        self.entries.append(f"makes {len(dataset)}")

    def loads(self, _loader: DataLoader[Any]) -> None:
        self.entries.append("loads")

    @contextlib.contextmanager
    def fetching(self) -> Iterator[None]:
        self.entries.append("fetch")
        yield
        self.entries.append("fetched")

    def warned(self, message: Any, category: Any, _file: str, _line: int, *_rest: Any) -> None:
        self.entries.append(f"{category.__name__}: {message}")


def train() -> None:
    """One step with two examples, and a warning."""
    layer = nn.Linear(1, 1)
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
    for (x,) in DataLoader(TensorDataset(torch.ones(2, 1)), batch_size=2):
        layer(x).sum().backward()
        optimizer.step()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("look", UserWarning, stacklevel=1)


def places() -> list[Any]:
    """What listening replaces."""
    return [DataLoader.__iter__, TensorDataset.__init__, *(fetcher.fetch for fetcher in FETCHERS)]


def test_it_hears_each_event_in_order() -> None:
    diary = Diary()
    with warnings.catch_warnings(), listening(diary):
        train()
    assert diary.entries == [
        "makes 2",
        "loads",
        "fetch",
        "fetched",
        "enter Linear",
        "leave Linear (2, 1)",
        "before SGD",
        "after SGD",
        "UserWarning: look",
    ]


@pytest.mark.parametrize("error", [None, ValueError, KeyboardInterrupt])
def test_torch_is_as_before_when_it_has_stopped(error: type[BaseException] | None) -> None:
    diary, before, show = Diary(), places(), warnings.showwarning
    with contextlib.suppress(ValueError, KeyboardInterrupt), listening(diary):
        assert all(now is not then for now, then in zip(places(), before, strict=True))
        if error is not None:
            raise error
    assert places() == before and warnings.showwarning is show
    with warnings.catch_warnings(record=True):
        train()
    assert diary.entries == []


def test_a_node_is_known_by_the_call_that_made_it() -> None:
    results = HeldResults()
    x = torch.ones(2, requires_grad=True)
    first, second = x * 2, x + 1
    assert results.take(4, 10, "x * 2", [first]) and results.take(5, 11, "x + 1", [second])
    node = first.grad_fn
    first.mul_(3)  # it has another node now
    makers = results.makers()
    assert makers == {node: (4, 10, "x * 2"), second.grad_fn: (5, 11, "x + 1")}
    assert first.grad_fn not in makers
    results.release()
    assert results.makers() == {} and results.numbers == 0


def test_results_are_held_up_to_a_bound_and_only_those_with_gradients(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_results, "MOST_CALLS", 2)
    monkeypatch.setattr(held_results, "MOST_NUMBERS", 100)
    results = HeldResults()
    assert not results.take(0, 1, "", [torch.ones(2, dtype=torch.int64)])
    assert not results.take(1, 1, "", [torch.ones(98)])
    results.release()
    assert [results.take(number, 1, "", [torch.ones(2)]) for number in range(3)] == [True, True, False]
