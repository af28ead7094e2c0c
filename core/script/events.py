"""What the recorder tells those that look for silent mistakes: calls, backward, steps, the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor, nn
from torch.optim import Optimizer
from torch.utils.data import DataLoader, TensorDataset

from core.script.call_arguments import arguments
from core.script.calls import Makers
from core.script.kinds import is_a
from core.script.program_record import Finding
from core.script.shuffles import Shuffles
from core.script.source import Source
from core.sentence import Sentence


@dataclass
class TorchCall:
    """A torch call that has just returned; ``site`` is the same for the same expression."""

    name: str
    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    result: Any
    line: int
    expression: str
    site: tuple[int, int]

    @property
    def named(self) -> dict[str, Any]:
        """The arguments by PyTorch's names."""
        return arguments(self.function, self.args, self.kwargs)

    def tensor(self, name: str, position: int) -> Tensor | None:
        """Return an argument where it is a tensor."""
        value = self.args[position] if position < len(self.args) else self.kwargs.get(name)
        return value if is_a(value, Tensor) else None


@dataclass
class Progress:
    """How far the training is, and what takes part in it; kept by the recorder, read by all."""

    source: Source
    backwards: int = 0
    steps: int = 0
    writes: int = 0  # operations that changed a tensor in place
    makers: Makers = field(default_factory=Makers)
    line_counts: Counter[int] = field(default_factory=Counter)  # how often each line ran
    step: int = 0  # the number of the line event that is under way
    iteration: int = 0  # steps of the optimizer that made most; backward passes where there is none
    optimizers: dict[int, Optimizer] | None = None
    roots: dict[int, nn.Module] | None = None  # modules that the program itself called
    called: nn.Module | None = None  # the one that runs now
    reported: set[str] = field(default_factory=set)  # keys of findings
    trained: set[int] | None = None  # roots that were called with the graph on
    shuffles: Shuffles | None = None


class Watch:
    """Looks for one kind of mistake; every method may be left out. ``operations`` names torch calls of interest."""

    operations: tuple[str, ...] = ()

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.findings: dict[tuple[str, int], Finding] = {}

    def report(self, key: str, line: int, evidence: str, repair: str, **values: object) -> None:
        """Note a finding; a later one of the same key and line takes its place."""
        self.progress.reported.add(key)
        self.findings[key, line] = Finding(key, line, Sentence(evidence, values), Sentence(repair, values))

    def operation(self, call: TorchCall) -> None:
        """Look at a torch call named in ``operations``."""

    def called(self, module: nn.Module, args: tuple[Any, ...], output: Any, line: int) -> None:
        """Look at a call of a module by the program itself (not by another module), after it returned."""

    def before_backward(self, loss: Tensor, line: int) -> None:
        """Look at a backward pass before it runs."""

    def after_backward(self, loss: Tensor, line: int) -> None:
        """Look at a backward pass after it ran."""

    def before_step(self, optimizer: Optimizer, line: int) -> None:
        """Look at an optimizer before its step."""

    def after_step(self, optimizer: Optimizer, line: int) -> None:
        """Look at an optimizer after its step."""

    def makes(self, dataset: TensorDataset, line: int) -> None:
        """Look at a TensorDataset that was just made."""

    def loads(self, loader: DataLoader[Any], line: int) -> None:
        """Look at a DataLoader before it is gone through."""

    def warned(self, message: str, line: int) -> None:
        """Look at a warning."""

    def end(self, variables: dict[str, Any]) -> None:
        """Look at what the program left, its global variables among it."""
