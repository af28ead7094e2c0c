"""What the record of a program holds: lines, steps, operations, series, prints, the error, the findings.

Everything that was recorded carries ``step``, the number of the line event (``Record.total_steps`` of them) in
which it happened, and ``iteration``, how many optimizer steps were done by then (backward passes, where a program
updates its weights itself). Sorted by ``step`` they are one timeline.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, TypedDict

from core.script.calls import RecordedCall
from core.script.gradients import RecordedGradient
from core.script.module_picture import Picture
from core.sentence import Sentence

Scalar = int | float | str
Grid = tuple[int, int, bytes]  # rows, columns, and the numbers as float32
TIMELINE = ("step", "iteration", "nodes", "updates", "opens")


class NumberSummary(TypedDict, total=False):
    """A few numbers of a tensor: its first eight, its least and greatest, its mean, and its first matrix.

    What JSON has no word for is text: "nan", "inf", a complex number.
    """

    first: list[Scalar | bool]
    min: Scalar
    max: Scalar
    mean: Scalar
    grid: Grid


@dataclass(frozen=True)
class TensorFacts:
    """What is known of a tensor without its numbers; ``values`` holds a few of them, or is empty.

    ``maker`` is the operation that made it, and which of its outputs it is; None where that is not known.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    device: str
    requires_grad: bool
    grad_fn: str = ""
    values: NumberSummary = field(default_factory=NumberSummary)
    maker: tuple[int, int] | None = field(default=None, compare=False)


@dataclass(frozen=True)
class BackwardNode:
    """One node of the graph as the engine ran it: ``gradients`` are what arrived, one for each of its outputs.

    ``operation`` is the number of the operation that made it, with its line and expression; -1 where unknown.
    ``leaf`` is the name of the tensor whose ``.grad`` the node adds to; empty for any other node.
    """

    name: str
    operation: int
    line: int
    expression: str
    gradients: tuple[TensorFacts, ...]
    leaf: str = ""


@dataclass(frozen=True)
class Update:
    """What ``optimizer.step()`` did to one parameter: its norm before and after, and that of its gradient."""

    name: str
    shape: tuple[int, ...]
    norm_before: float
    norm_gradient: float
    norm_after: float


@dataclass(frozen=True)
class Operation:
    """One torch or NumPy call: ``skipped_before`` calls between the one listed before it and this one are left out.

    ``nodes`` belong to a ``backward``, in the engine's order; ``updates`` to an ``optimizer.step``. Both are empty
    where only the call was recorded. A call of NumPy is named "numpy.dot". ``opens`` says whether a cell of what it
    made can be opened into its arithmetic: "whole"; "cut" where its inputs were not recorded whole; "" where its
    arithmetic is not written out.
    """

    index: int
    line: int
    expression: str
    name: str
    inputs: tuple[TensorFacts, ...]
    outputs: tuple[TensorFacts, ...]
    skipped_before: int = 0
    step: int = 0
    iteration: int = 0
    nodes: tuple[BackwardNode, ...] = ()
    updates: tuple[Update, ...] = ()
    opens: str = ""


@dataclass(frozen=True)
class Print:
    """A piece of printed text; ``skipped_before`` as with an operation."""

    line: int
    text: str
    skipped_before: int = 0
    step: int = 0
    iteration: int = 0


@dataclass(frozen=True)
class Variable:
    """A variable: ``kind`` is "number", "text", "tensor", "array", "module", "list", ...; ``text`` is short.

    ``tensor`` describes a tensor or a NumPy array. No method of an object is called for this.
    """

    name: str
    kind: str
    text: str
    tensor: TensorFacts | None = None


@dataclass(frozen=True)
class Step:
    """The program as it was just before a line ran: the variables of its innermost frame.

    ``event`` is "line"; "return" after the last line of a function, and of the program; "exception" where an
    error left it. ``changed`` are the names that changed since the step before of the same frame, ``frame`` numbers
    the calls of the program's functions, and ``depth`` is how many of them are open. ``skipped_before`` steps
    between the one before and this one are left out.
    """

    index: int
    line: int
    event: str
    function: str
    frame: int
    depth: int
    iteration: int
    variables: tuple[Variable, ...]
    changed: tuple[str, ...]
    skipped_before: int = 0


@dataclass(frozen=True)
class Series:
    """A number that repeats, as a curve.

    ``kind`` is "assigned" (a variable of the ``function``), "printed" (a number in what is printed), "parameter"
    (the norm of a parameter after a step), "gradient" (the norm of its gradient before it) or "rate" (the learning
    rate). ``total`` numbers there were; where they are more than ``values``, every n-th is kept, and the last one.
    """

    name: str
    kind: str
    line: int
    function: str
    steps: tuple[int, ...]
    iterations: tuple[int, ...]
    values: tuple[float, ...]
    total: int


@dataclass(frozen=True)
class LineCount:
    """How often a line ran; at least so often where ``at_least`` is set: counting has its bound too."""

    line: int
    count: int
    at_least: bool = False


@dataclass(frozen=True)
class Operand:
    """A tensor of the failing expression."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    device: str


@dataclass(frozen=True)
class Error:
    """What the program raised, where, and why; ``cause`` is a key of ``core.script.causes``, or empty.

    ``type`` is empty where the program raised nothing and its process ended.
    """

    type: str
    message: str
    line: int
    expression: str
    operands: tuple[Operand, ...]
    cause: str
    why: Sentence
    repair: Sentence


@dataclass(frozen=True)
class Finding:
    """A mistake that raises nothing: the line, the number that proves it, and the repair."""

    key: str
    line: int
    evidence: Sentence
    repair: Sentence


@dataclass(frozen=True)
class Record:
    """A run of a program. ``notes`` say what else a reader must know, as that only a module was walked."""

    lines: tuple[LineCount, ...]
    operations: tuple[Operation, ...]
    prints: tuple[Print, ...]
    error: Error | None
    findings: tuple[Finding, ...]
    notes: tuple[Sentence, ...] = ()
    total_operations: int = 0
    troubles: tuple[str, ...] = ()  # exceptions of the recorder itself, which a program never sees
    steps: tuple[Step, ...] = ()
    series: tuple[Series, ...] = ()
    total_steps: int = 0
    iterations: int = 0
    module: str = ""  # the class that was built and called where the program only defines modules
    input_shape: tuple[int, ...] = ()  # of the input that it was given
    seconds: float = 0.0  # from the first line to the last
    pictures: tuple[Picture, ...] = ()
    calls: Mapping[int, RecordedCall] = field(default_factory=dict)  # by the number of the operation
    # By the number of the operation ``backward``, and that of the gradient in it.
    gradients: Mapping[tuple[int, int], RecordedGradient] = field(default_factory=dict)

    def as_json(self, language: str = "en") -> dict[str, Any]:
        """Return the object that ``--json`` prints."""
        return {
            "lines": [asdict(line) for line in self.lines],
            "operations": [_plain(operation) for operation in self.operations],
            "prints": [_plain(text) for text in self.prints],
            "error": None if self.error is None else _texts(self.error, language),
            "findings": [_texts(finding, language) for finding in self.findings],
        }


def _plain(part: Operation | Print) -> dict[str, Any]:
    """Return the entry without what only a timeline needs: one object must stay small enough to be read."""
    plain = {name: value for name, value in asdict(part).items() if name not in TIMELINE}
    for tensor in (*plain.get("inputs", ()), *plain.get("outputs", ())):
        tensor["values"].pop("grid", None)
        tensor.pop("maker", None)
    return plain


def _texts(part: Error | Finding, language: str) -> dict[str, Any]:
    sentences = {name: value for name, value in vars(part).items() if isinstance(value, Sentence)}
    return asdict(part) | {name: sentence.text(language) for name, sentence in sentences.items()}
