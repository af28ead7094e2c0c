"""What crosses between a program's process, the server and the browser: plain data with types, checked on arrival.

A program may have taken its process over, so nothing that it sends is unpickled, and every piece is looked at.
"""

from __future__ import annotations

import array
import base64
import json
import math
import types
from collections.abc import Iterator, Sequence
from typing import Any, TypedDict, Union, cast, get_args, get_origin, get_type_hints, is_typeddict

from core.i18n import LANGUAGES
from core.layer_facts import LayerFacts
from core.script.module_picture import Picture
from core.script.program_record import (
    Error,
    Finding,
    Grid,
    Operation,
    Print,
    Record,
    Scalar,
    Series,
    Step,
    TensorFacts,
    Variable,
)
from core.sentence import Sentence

GRACE = 10.0  # seconds from the program's own deadline, where it can still be recorded, to the end of its process
MOST_TEXT = 1_000_000  # characters of one text
MOST_CELLS = 60_000  # of all grids together; half a megabyte
MOST_SERIES = 100
MOST_ITEMS = 200_000  # of one list
SCALARS = {int, float, str, bool}


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
    """``core.script.program_record.Error``; ``why`` and ``repair`` by language."""

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
    """``core.script.program_record.Finding``; sentences by language."""

    key: str
    line: int
    evidence: dict[str, str]
    repair: dict[str, str]
    fix: RepairData | None


class NumbersData(TypedDict, total=False):
    """A few numbers of a tensor: its first eight, its least and greatest, and its mean."""

    first: list[Scalar | bool]
    min: Scalar
    max: Scalar
    mean: Scalar


class TensorData(TypedDict):
    """A tensor: a few numbers of it in ``values``; ``grid`` is its place in ``RecordData.grids``, -1 for none.

    ``maker`` is the operation that made it, by its ``index``, and which of its outputs it is; a gradient's is the
    backward pass, and which of its gradients it is.
    """

    name: str
    shape: list[int]
    dtype: str
    device: str
    requires_grad: bool
    grad_fn: str
    values: NumbersData
    grid: int
    maker: list[int] | None


class GridData(TypedDict):
    """The first matrix of a tensor, cut to ``core.script.tensor_facts.SIDE`` rows and columns."""

    columns: int
    numbers: list[Scalar]


class NodeData(TypedDict):
    """``core.script.program_record.BackwardNode``."""

    name: str
    line: int
    expression: str
    gradients: list[TensorData]
    leaf: str


class UpdateData(TypedDict):
    """``core.script.program_record.Update`` in its norms."""

    name: str
    shape: list[int]
    norm_before: float | None
    norm_gradient: float | None
    norm_after: float | None


class OperationData(TypedDict):
    """``core.script.program_record.Operation``."""

    index: int
    line: int
    expression: str
    name: str
    inputs: list[TensorData]
    outputs: list[TensorData]
    skipped_before: int
    step: int
    iteration: int
    nodes: list[NodeData]
    updates: list[UpdateData]
    opens: str


class PrintData(TypedDict):
    """A printed line."""

    line: int
    text: str
    skipped_before: int
    step: int
    iteration: int


class VariableData(TypedDict):
    """``core.script.program_record.Variable``."""

    name: str
    kind: str
    text: str
    tensor: TensorData | None


class StepData(TypedDict):
    """The program before a line ran: ``variables`` are those that differ from the step before of the same frame."""

    index: int
    line: int
    event: str
    function: str
    frame: int
    depth: int
    iteration: int
    variables: list[VariableData]
    gone: list[str]
    changed: list[str]
    skipped_before: int


class SeriesData(TypedDict):
    """``core.script.program_record.Series``; a number that is not finite is text."""

    name: str
    kind: str
    line: int
    function: str
    steps: list[int]
    iterations: list[int]
    values: list[Scalar]
    total: int


class LineData(TypedDict):
    """How often a line ran."""

    line: int
    count: int
    at_least: bool


class PictureData(TypedDict):
    """``core.script.module_picture.Picture``: numbers are float32 in base64, ``note`` is by language."""

    module: str
    line: int
    step: int
    image: list[int]
    layers: list[LayerFacts]
    numbers: str
    gradients: str
    note: dict[str, str] | None


class RecordData(TypedDict):
    """A whole record, and the text that it is of."""

    text: str
    seconds: float
    lines: list[LineData]
    operations: list[OperationData]
    total_operations: int
    prints: list[PrintData]
    steps: list[StepData]
    iterations: int
    series: list[SeriesData]
    grids: list[GridData]
    pictures: list[PictureData]
    error: ErrorData | None
    findings: list[FindingData]
    notes: list[dict[str, str]]
    module: str
    input_shape: list[int]


def payload(record: Record, text: str) -> RecordData:
    """Return a record as plain data with its sentences in every language."""
    grids = Grids()
    return {
        "text": text,
        "seconds": round(record.seconds, 3),
        "lines": [{"line": one.line, "count": one.count, "at_least": one.at_least} for one in record.lines],
        "operations": [_operation(one, grids) for one in record.operations],
        "total_operations": record.total_operations,
        "prints": [_print(one) for one in record.prints],
        "steps": list(_steps(record.steps, grids)),
        "iterations": record.iterations,
        "series": [_series(one) for one in record.series[:MOST_SERIES]],
        "grids": grids.data,
        "pictures": [_picture(one) for one in record.pictures],
        "error": None if record.error is None else _error(record.error),
        "findings": [_finding(one) for one in record.findings],
        "notes": [_texts(note) for note in record.notes],
        "module": record.module,
        "input_shape": list(record.input_shape),
    }


def of_record(record: Record, text: str) -> RecordData:
    """Return a record of this process as it would come from a program's own."""
    return checked(json.loads(json.dumps(payload(record, text), allow_nan=False)))


class Grids:
    """Every grid once: the same numbers are an output here, an input there, and a variable."""

    def __init__(self) -> None:
        self.data: list[GridData] = []
        self._places: dict[Grid, int] = {}
        self._room = MOST_CELLS

    def place(self, grid: Grid | None) -> int:
        """Return the place of a grid; -1 where there is none, or no more room."""
        if grid is None:
            return -1
        if grid not in self._places:
            rows, columns, numbers = grid
            self._room -= rows * columns
            if self._room < 0:
                return -1
            self._places[grid] = len(self.data)
            cells = [_number(float(f"{number:.4g}")) for number in array.array("f", numbers)]
            self.data.append({"columns": columns, "numbers": cells})
        return self._places[grid]


def _number(value: float) -> Scalar:
    """Return a number that JSON has; others as text, and whole ones without a point."""
    if not math.isfinite(value):
        return str(value)
    return int(value) if value == int(value) and abs(value) < 1e9 else value


def _norm(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _print(one: Print) -> PrintData:
    return {
        "line": one.line,
        "text": one.text,
        "skipped_before": one.skipped_before,
        "step": one.step,
        "iteration": one.iteration,
    }


def _series(one: Series) -> SeriesData:
    return {
        "name": one.name,
        "kind": one.kind,
        "line": one.line,
        "function": one.function,
        "steps": list(one.steps),
        "iterations": list(one.iterations),
        "values": [_number(value) for value in one.values],
        "total": one.total,
    }


def _tensor(facts: TensorFacts, grids: Grids) -> TensorData:
    values = cast(NumbersData, {name: value for name, value in facts.values.items() if name != "grid"})
    return {
        "name": facts.name,
        "shape": list(facts.shape),
        "dtype": facts.dtype,
        "device": facts.device,
        "requires_grad": facts.requires_grad,
        "grad_fn": facts.grad_fn,
        "values": values,
        "grid": grids.place(facts.values.get("grid")),
        "maker": None if facts.maker is None else list(facts.maker),
    }


def _operation(operation: Operation, grids: Grids) -> OperationData:
    return {
        "index": operation.index,
        "line": operation.line,
        "expression": operation.expression,
        "name": operation.name,
        "inputs": [_tensor(one, grids) for one in operation.inputs],
        "outputs": [_tensor(one, grids) for one in operation.outputs],
        "skipped_before": operation.skipped_before,
        "opens": operation.opens,
        "step": operation.step,
        "iteration": operation.iteration,
        "nodes": [
            {
                "name": node.name,
                "line": node.line,
                "expression": node.expression,
                "gradients": [_tensor(one, grids) for one in node.gradients],
                "leaf": node.leaf,
            }
            for node in operation.nodes
        ],
        "updates": [
            {
                "name": one.name,
                "shape": list(one.shape),
                "norm_before": _norm(one.norm_before),
                "norm_gradient": _norm(one.norm_gradient),
                "norm_after": _norm(one.norm_after),
            }
            for one in operation.updates
        ],
    }


def _steps(steps: Sequence[Step], grids: Grids) -> Iterator[StepData]:
    """Give each step with the variables that differ from the step before of the same frame."""
    frames: dict[int, dict[str, Variable]] = {}
    for step in steps:
        before, now = frames.get(step.frame, {}), {one.name: one for one in step.variables}
        frames[step.frame] = now
        differ = [one for one in step.variables if not _same(before.get(one.name), one)]
        yield {
            "index": step.index,
            "line": step.line,
            "event": step.event,
            "function": step.function,
            "frame": step.frame,
            "depth": step.depth,
            "iteration": step.iteration,
            "variables": [
                {
                    "name": one.name,
                    "kind": one.kind,
                    "text": one.text,
                    "tensor": None if one.tensor is None else _tensor(one.tensor, grids),
                }
                for one in differ
            ],
            "gone": [name for name in before if name not in now],
            "changed": list(step.changed),
            "skipped_before": step.skipped_before,
        }


def _same(before: Variable | None, now: Variable) -> bool:
    """Return whether a variable is as it was, and made by the same operation."""
    makers = [one.tensor.maker for one in (before, now) if one is not None and one.tensor is not None]
    return before == now and len(set(makers)) < 2


def _picture(picture: Picture) -> PictureData:
    texts = _texts(Sentence(picture.note, picture.values)) if picture.note else None
    note = None if texts is None else {language: text[:1].upper() + text[1:] for language, text in texts.items()}
    return {
        "module": picture.module,
        "line": picture.line,
        "step": picture.step,
        "image": list(picture.image),
        "layers": list(picture.layers),
        "numbers": base64.b64encode(picture.numbers).decode("ascii"),
        "gradients": base64.b64encode(picture.gradients).decode("ascii"),
        "note": note,
    }


def _error(error: Error) -> ErrorData:
    return {
        "type": error.type,
        "message": error.message,
        "line": error.line,
        "expression": error.expression,
        "operands": [
            {"name": one.name, "shape": list(one.shape), "dtype": one.dtype, "device": one.device}
            for one in error.operands
        ],
        "cause": error.cause,
        "why": _texts(error.why),
        "repair": _texts(error.repair),
        "fix": _fix(error.repair),
    }


def _finding(finding: Finding) -> FindingData:
    return {
        "key": finding.key,
        "line": finding.line,
        "evidence": _texts(finding.evidence),
        "repair": _texts(finding.repair),
        "fix": _fix(finding.repair),
    }


def _texts(sentence: Sentence) -> dict[str, str]:
    return {language: sentence.text(language) for language in LANGUAGES}


def _fix(repair: Sentence) -> RepairData | None:
    line, code = repair.values.get("line"), repair.values.get("code")
    return {"line": line, "code": code} if isinstance(line, int) and isinstance(code, str) else None


def checked(value: object) -> RecordData:
    """Return ``value`` as a record; ``ValueError`` for anything that is not one."""
    return cast(RecordData, _checked(RecordData, value))


def _checked(hint: Any, value: Any) -> Any:
    """Return ``value`` with only what ``hint`` names, however deep."""
    origin, parts = get_origin(hint), get_args(hint)
    if is_typeddict(hint):
        if not isinstance(value, dict):
            raise ValueError(f"not a {hint.__name__}")
        hints = get_type_hints(hint)
        lacking = hint.__required_keys__ - value.keys()
        if lacking:
            raise ValueError(f"{hint.__name__} without {', '.join(sorted(lacking))}")
        return {name: _checked(kind, value[name]) for name, kind in hints.items() if name in value}
    if origin in (Union, types.UnionType):
        if {*parts} <= SCALARS:
            return _checked(type(value) if type(value) in parts else parts[0], value)
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
