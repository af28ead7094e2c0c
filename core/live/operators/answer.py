"""The messages about one operator: its shape, its tensors and an opened cell; then what each cell was made of."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TypedDict

import torch
from torch import Tensor

from core.errors import N_
from core.foundations.run_operator import OperatorRun, open_gradient, open_value
from core.i18n import translate_error
from core.live.instrument import Answer, Ask, Later, Part
from core.live.operators.run import ProgramInput, read_input, run_without_waiting
from core.live.operators.settings import FIRST, guess_name
from core.ops.cell_latex import arithmetic
from core.ops.explanation import Explanation
from core.ops.operator import Operator, shape_text
from core.ops.places import cell as cell_at
from core.ops.places import place

TITLES = {"input": "x", "output": "y", "grad_output": "∂L/∂y"}
REST = 0.15  # seconds without a newer question after which the sources of every cell are computed


class GridTensor(TypedDict):
    """One tensor; ``row`` 1 is the backward pass. ``edits``: for each cell its place in x, where it can be set."""

    name: str
    title: str
    shape: list[int]
    row: int
    opens: bool
    edits: list[int]


class OpenedCell(TypedDict):
    """The opened cell: its tensor and place, its arithmetic as LaTeX, and torch's number beside it."""

    tensor: str
    at: int
    title: str
    lines: list[str]
    comparison: str


class ShapeVerdict(TypedDict):
    """Whether a guess of the shape is right, and what to say of it."""

    right: bool
    sentence: str


class OperatorHeader(TypedDict):
    """What came of the program; the numbers of ``tensors`` follow as arrays.

    ``why`` says what is impossible, ``error`` is PyTorch's own sentence; ``formula`` is the shape as LaTeX. Where
    ``waits``, the reader wants to guess the shape first.
    """

    why: list[str]
    error: str
    formula: list[str]
    waits: bool
    verdict: ShapeVerdict | None
    tensors: list[GridTensor]
    cell: OpenedCell | None
    printed: str


class SourcesHeader(TypedDict):
    """Of each cell of tensor ``of``: (number of a tensor, place in it) of every cell that it was made of."""

    of: str
    sources: list[list[list[int]]]


def answer(operator: Operator, ask: Ask) -> Iterator[Part]:
    """Run the operator and yield its tensors; when the hand rests, what every cell was made of."""
    program_input = read_input(operator, ask.settings)
    if program_input.wrong:
        yield Answer(_impossible([translate_error(ask.language, error) for error in program_input.wrong]))
        return
    operator_run = yield from run_without_waiting(operator, program_input)
    verdict = _verdict(operator, ask, operator_run)
    waits = bool(ask.settings["ask"]) and verdict is None
    if operator_run.call is None:
        yield Answer(_refused(ask, operator_run))
        return
    if waits:
        yield Answer({**_impossible([]), "waits": True})
        return
    tensors = tensors_of(operator_run)
    yield Answer(
        _header(ask, operator_run, program_input, tensors, verdict),
        [tensor.detach() for tensor in tensors.values()],
    )
    yield Later(REST)
    for name, tensor in tensors.items():
        if _opens(name):
            header: SourcesHeader = {"of": name, "sources": _sources(operator_run, tensors, name, tensor)}
            yield Answer(header)


def _impossible(why: list[str]) -> OperatorHeader:
    return {
        "why": why,
        "error": "",
        "formula": [],
        "waits": False,
        "verdict": None,
        "tensors": [],
        "cell": None,
        "printed": "",
    }


def _refused(ask: Ask, operator_run: OperatorRun) -> OperatorHeader:
    """Return what PyTorch says, and why it does."""
    reasons = [translate_error(ask.language, invalid) for invalid in operator_run.invalid]
    why = [ask.say(N_("Why: {reason}."), reason=reason) for reason in reasons]
    return {**_impossible(why), "error": operator_run.error}


def _header(
    ask: Ask,
    operator_run: OperatorRun,
    program_input: ProgramInput,
    tensors: Mapping[str, Tensor],
    verdict: ShapeVerdict | None,
) -> OperatorHeader:
    name, at = cell_of_text(tensors, str(ask.settings["cell"]))
    return {
        **_impossible([]),
        "formula": list(operator_run.formula.lines) if operator_run.formula else [],
        "verdict": verdict,
        "tensors": [_tensor(name, tensor, program_input, operator_run.x) for name, tensor in tensors.items()],
        "cell": _open_cell(ask, operator_run, name, at, tensors[name]),
        "printed": operator_run.printed,
    }


def tensors_of(operator_run: OperatorRun) -> dict[str, Tensor]:
    """Return every tensor of the call by name: inputs, output, and with "grad " before it each gradient."""
    if operator_run.call is None or operator_run.grad_output is None:
        return {}
    tensors = {
        **operator_run.call.tensors,
        **operator_run.call.saved,
        "output": operator_run.call.output,
        "grad_output": operator_run.grad_output,
    }
    return {**tensors, **{f"grad {name}": grad for name, grad in operator_run.grads.items()}}


def cell_of_text(tensors: Mapping[str, Tensor], text: str) -> tuple[str, int]:
    """Return tensor and place that ``text`` names ("output.3"), else the first of y."""
    name, _dot, at = text.rpartition(".")
    if name in tensors and at.isascii() and at.isdigit() and len(at) < 6 and int(at) < tensors[name].numel():
        return name, int(at)
    first, _dot, at = FIRST.rpartition(".")
    return first, int(at)


def _opens(name: str) -> bool:
    return name == "output" or name.startswith("grad ")


def _title(name: str) -> str:
    which = name.removeprefix("grad ")
    return TITLES.get(name) or (f"∂L/∂{TITLES.get(which, which)}" if which != name else name)


def _tensor(name: str, tensor: Tensor, program_input: ProgramInput, x: str) -> GridTensor:
    return {
        "name": name,
        "title": _title(name),
        "shape": list(tensor.shape),
        "row": 1 if name.startswith("grad") else 0,
        "opens": _opens(name),
        "edits": _places(program_input) if name == x else [],
    }


def _places(program_input: ProgramInput) -> list[int]:
    """Return for each cell of the operator's input its place in x, of which it may be the transpose."""
    shape = program_input.values["shape"]
    places = torch.arange(math.prod(shape)).reshape(shape)
    if program_input.values.get("transposed"):
        places = places.transpose(0, -1)
    return [int(each) for each in places.flatten()]


def _open(operator_run: OperatorRun, name: str, index: tuple[int, ...]) -> Explanation | None:
    if name == "output":
        return open_value(operator_run, index)
    return open_gradient(operator_run, name.removeprefix("grad "), index) if name.startswith("grad ") else None


def _open_cell(ask: Ask, operator_run: OperatorRun, name: str, at: int, tensor: Tensor) -> OpenedCell:
    """Return the arithmetic of one cell with torch's number beside it."""
    index = cell_at(at, tensor.shape)
    explanation = _open(operator_run, name, index)
    cell: OpenedCell = {
        "tensor": name,
        "at": at,
        "title": f"{_title(name)}[{', '.join(map(str, index))}]",
        "lines": [],
        "comparison": ask.say(
            N_("The arithmetic of this call is not written out here (a rarely used option is set).")
        ),
    }
    if explanation is None:
        return cell
    comparison = ask.say(
        N_("By hand {result}, torch {torch_value}; difference {difference} (torch computes in {dtype})."),
        result=f"{explanation.result + 0.0:.8g}",
        torch_value=f"{explanation.torch_value + 0.0:.8g}",
        difference=f"{explanation.difference:.1e}",
        dtype=str(torch.get_default_dtype()).removeprefix("torch."),
    )
    return {**cell, "lines": [explanation.symbolic, *arithmetic(explanation)], "comparison": comparison}


def _sources(
    operator_run: OperatorRun, tensors: Mapping[str, Tensor], name: str, tensor: Tensor
) -> list[list[list[int]]]:
    numbers = {each: number for number, each in enumerate(tensors)}
    every = []
    for at in range(tensor.numel()):
        explanation = _open(operator_run, name, cell_at(at, tensor.shape))
        factors = [factor for term in (explanation.terms if explanation else ()) for factor in term.factors]
        cells = {
            (numbers[factor.tensor], place(factor.index, tensors[factor.tensor].shape))
            for factor in factors
            if factor.tensor in numbers and factor.index is not None
        }
        every.append([list(each) for each in sorted(cells)])
    return every


def _verdict(operator: Operator, ask: Ask, operator_run: OperatorRun) -> ShapeVerdict | None:
    """Judge the guess of the shape; None where none is asked for, or there is none yet."""
    guess = str(ask.settings[guess_name(operator)]) if ask.settings["ask"] else ""
    if not guess.strip() or operator_run.formula is None:
        return None
    shape = shape_text(operator_run.formula.output)
    right = guess.strip().strip("()[] ,").replace(" ", "") == ",".join(map(str, operator_run.formula.output))
    sentence = N_("Yes, {shape}.") if right else N_("It is {shape}. The formula shows why.")
    return {"right": right, "sentence": ask.say(sentence, shape=shape)}
