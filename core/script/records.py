"""What the record of a program holds: lines, operations, prints, the error, the findings. Plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from string import Formatter
from typing import Any

from core.i18n import translate


@dataclass(frozen=True)
class Sentence:
    """A template to translate, and the values that belong in it."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)

    def text(self, language: str = "en") -> str:
        """Return the sentence in ``language``, with the sentences among its values."""
        values = {
            name: value.text(language) if isinstance(value, Sentence) else value
            for name, value in self.values.items()
        }
        missing = {name: "…" for _text, name, _form, _kind in Formatter().parse(self.message) if name} | values
        return translate(language, self.message, **missing)


@dataclass(frozen=True)
class TensorFacts:
    """What is known of a tensor without its numbers; ``values`` holds a few of them, or is empty."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    device: str
    requires_grad: bool
    grad_fn: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Operation:
    """One torch call: ``skipped_before`` calls between the one listed before it and this one are left out."""

    index: int
    line: int
    expression: str
    name: str
    inputs: tuple[TensorFacts, ...]
    outputs: tuple[TensorFacts, ...]
    skipped_before: int = 0


@dataclass(frozen=True)
class Print:
    """A piece of printed text; ``skipped_before`` as with an operation."""

    line: int
    text: str
    skipped_before: int = 0


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
    """What the program raised, where, and why; ``cause`` is a key of ``core.script.causes``, or empty."""

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

    def as_json(self, language: str = "en") -> dict[str, Any]:
        """Return the object that ``--json`` prints."""
        return {
            "lines": [asdict(line) for line in self.lines],
            "operations": [asdict(operation) for operation in self.operations],
            "prints": [asdict(text) for text in self.prints],
            "error": None if self.error is None else _texts(self.error, language),
            "findings": [_texts(finding, language) for finding in self.findings],
        }


def _texts(part: Error | Finding, language: str) -> dict[str, Any]:
    sentences = {name: value for name, value in vars(part).items() if isinstance(value, Sentence)}
    return asdict(part) | {name: sentence.text(language) for name, sentence in sentences.items()}
