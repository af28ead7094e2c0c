"""What crosses between a program's process, the server and the browser: plain data with types, checked on arrival.

A program may have taken its process over, so nothing that it sends is unpickled, and every piece is looked at.
"""

from __future__ import annotations

import types
from typing import Any, TypedDict, Union, cast, get_args, get_origin, get_type_hints, is_typeddict

from core.i18n import LANGUAGES
from core.script.records import Error, Finding, Record, Sentence

GRACE = 10.0  # seconds from the program's own deadline, where it can still be recorded, to the end of its process
MOST_TEXT = 1_000_000  # characters of one text
MOST_ITEMS = 200_000  # of one list


class Request(TypedDict):
    """What a worker is asked for."""

    text: str
    shape: list[int] | None
    seconds: float
    memory_mb: int


class RepairData(TypedDict):
    """A line and what it should be, without its indentation."""

    line: int
    code: str


class OperandData(TypedDict):
    """A tensor of the failing expression."""

    name: str
    shape: list[int]
    dtype: str
    device: str


class ErrorData(TypedDict):
    """``core.script.records.Error``; ``why`` and ``repair`` by language."""

    type: str
    message: str
    line: int
    expression: str
    operands: list[OperandData]
    cause: str
    why: dict[str, str]
    repair: dict[str, str]
    fix: RepairData | None


class FindingData(TypedDict):
    """``core.script.records.Finding``; sentences by language."""

    key: str
    line: int
    evidence: dict[str, str]
    repair: dict[str, str]
    fix: RepairData | None


class TensorData(TypedDict):
    """A tensor: a few numbers of it in ``values``, as ``core.script.facts`` writes them."""

    name: str
    shape: list[int]
    dtype: str
    device: str
    requires_grad: bool
    grad_fn: str
    values: dict[str, Any]


class OperationData(TypedDict):
    """A torch call; ``skipped_before`` calls before it are left out."""

    index: int
    line: int
    expression: str
    name: str
    inputs: list[TensorData]
    outputs: list[TensorData]
    skipped_before: int


class PrintData(TypedDict):
    """A printed line."""

    line: int
    text: str
    skipped_before: int


class LineData(TypedDict):
    """How often a line ran."""

    line: int
    count: int
    at_least: bool


class RecordData(TypedDict):
    """A whole record, and the text that it is of."""

    text: str
    seconds: float
    lines: list[LineData]
    operations: list[OperationData]
    total_operations: int
    prints: list[PrintData]
    error: ErrorData | None
    findings: list[FindingData]
    notes: list[dict[str, str]]
    module: str
    input_shape: list[int]


def payload(record: Record, text: str, seconds: float) -> dict[str, Any]:
    """Return a record as plain data with its sentences in every language."""
    plain = record.as_json()
    return {
        "text": text,
        "seconds": round(seconds, 3),
        **{name: plain[name] for name in ("lines", "operations", "prints")},
        "total_operations": record.total_operations,
        "error": None if record.error is None else _error(record.error, plain["error"]["operands"]),
        "findings": [_finding(one) for one in record.findings],
        "notes": [_texts(note) for note in record.notes],
        "module": record.module,
        "input_shape": list(record.input_shape),
    }


def _error(error: Error, operands: list[Any]) -> dict[str, Any]:
    return {
        "type": error.type,
        "message": error.message,
        "line": error.line,
        "expression": error.expression,
        "operands": operands,
        "cause": error.cause,
        "why": _texts(error.why),
        "repair": _texts(error.repair),
        "fix": _fix(error.repair),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "key": finding.key,
        "line": finding.line,
        "evidence": _texts(finding.evidence),
        "repair": _texts(finding.repair),
        "fix": _fix(finding.repair),
    }


def _texts(sentence: Sentence) -> dict[str, str]:
    return {language: sentence.text(language) for language in LANGUAGES}


def _fix(repair: Sentence) -> dict[str, Any] | None:
    line, code = repair.values.get("line"), repair.values.get("code")
    return {"line": line, "code": code} if isinstance(line, int) and isinstance(code, str) else None


def checked(value: Any) -> RecordData:
    """Return ``value`` as a record; ``ValueError`` for anything that is not one."""
    return cast(RecordData, _checked(RecordData, value))


def _checked(hint: Any, value: Any) -> Any:
    """Return ``value`` with only what ``hint`` names, however deep."""
    origin, parts = get_origin(hint), get_args(hint)
    if hint is Any:
        return _plain(value)
    if is_typeddict(hint):
        if not isinstance(value, dict):
            raise ValueError(f"not a {hint.__name__}")
        hints = get_type_hints(hint)
        if not hints.keys() <= value.keys():
            raise ValueError(f"{hint.__name__} without {', '.join(sorted(hints.keys() - value.keys()))}")
        return {name: _checked(kind, value[name]) for name, kind in hints.items()}
    if origin in (Union, types.UnionType):
        if value is None and type(None) in parts:
            return None
        return _checked(next(part for part in parts if part is not type(None)), value)
    if origin is list:
        if not isinstance(value, list) or len(value) > MOST_ITEMS:
            raise ValueError("not a list, or too long")
        return [_checked(parts[0], item) for item in value]
    if origin is dict:
        if not isinstance(value, dict) or len(value) > MOST_ITEMS:
            raise ValueError("not a dictionary, or too large")
        return {_checked(str, key): _checked(parts[1], item) for key, item in value.items()}
    if hint is float and type(value) is int:
        return float(value)
    if type(value) is not hint or (isinstance(value, str) and len(value) > MOST_TEXT):
        raise ValueError(f"not {hint}, or too long")
    return value


def _plain(value: Any, depth: int = 0) -> Any:
    if depth > 8:
        raise ValueError("too deep")
    if isinstance(value, list):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {str(name): _plain(item, depth + 1) for name, item in value.items()}
    return value
