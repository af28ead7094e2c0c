"""What an operator of the lesson is: its arguments, the program that calls it, its shape formula, its surprise."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import N_, InvalidSetting
from core.ops.explanation import Call

Shape = tuple[int, ...]
Values = dict[str, Any]

WORDS = ("same", "valid", "full")  # of padding: the first two PyTorch takes, the third it refuses in its own words
LARGEST = 150  # numbers in one tensor: few enough to read each of them
LARGEST_WEIGHT = 1_000  # numbers in a layer's weight
LARGEST_PADDED = 10_000  # numbers in an input with its padding
SIDE_NAMES = {1: "L", 2: "HW", 3: "DHW"}  # of an image's sides, as PyTorch's documentation calls them
REQUIRES_GRAD = ".requires_grad_()"  # ends the line that makes x

FAMILIES = (  # in teaching order
    "layers",
    "activations",
    "pooling",
    "regularisation",
    "shapes",
    "indexing",
    "arithmetic",
    "losses",
)


class TooLarge(InvalidSetting):
    """Something PyTorch could do and this lesson does not show: its program is not run."""


@dataclass(frozen=True)
class Argument:
    """One argument as a control.

    ``kind`` is "int", "float", "bool", "choice" (a Python expression out of ``options``), "word" (a string out of
    ``options``), "shape" (sizes of a tensor), "sizes" (a number, numbers, a word or None) or "numbers" (a list of
    floats, or None when empty). ``default`` is the control's value; for the last three a text. ``examples`` are
    more texts worth trying.
    """

    name: str
    kind: str
    default: Any
    low: float = 0
    high: float = 12
    options: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Formula:
    """A shape formula: LaTeX lines, first in symbols, then with the numbers in it, and the shape it gives."""

    lines: tuple[str, ...]
    output: Shape


@dataclass(frozen=True)
class Surprise:
    """A question, its answers by code, the right code, the program that shows it, and why it is so."""

    question: str
    answers: dict[str, str]
    right: str
    program: str
    why: str


@dataclass(frozen=True)
class Operator:
    """One operator of the lesson.

    ``lines(values)`` are the program's lines that make ``x`` and ``y``; ``formula(values)`` gives the shape of
    ``y``, raises ``InvalidSetting`` where PyTorch would raise, and ``TooLarge`` or ``UncheckedByTorch`` where the
    program may not run; ``call(names, values)`` reads the call out of the program's names, so that its cells can be
    opened. ``keywords`` are more words by which the search finds it.
    """

    name: str
    full_name: str
    family: str
    signature: str
    description: str
    docs: str
    arguments: tuple[Argument, ...]
    lines: Callable[[Values], list[str]]
    formula: Callable[[Values], Formula]
    call: Callable[[Values, Values], Call]
    surprise: Surprise | None = None
    loss: bool = False
    keywords: str = ""


def of_x(
    full_name: str,
    family: str,
    signature: str,
    description: str,
    arguments: tuple[Argument, ...],
    y: Callable[[Values], str],
    formula: Callable[[Values], Formula],
    options: Sequence[str] = (),
    surprise: Surprise | None = None,
    keywords: str = "",
) -> Operator:
    """Return an operator of one tensor: ``y(values)`` is the expression, ``options`` are its call's."""
    name = full_name.rpartition(".")[2]
    return Operator(
        name,
        full_name,
        family,
        signature,
        description,
        full_name,
        arguments,
        lambda values: [random("x", values["shape"]), f"y = {y(values)}"],
        formula,
        lambda names, values: Call(
            name.lower(), {"input": names["x"]}, {each: values[each] for each in options}, names["y"]
        ),
        surprise,
        keywords=keywords,
    )


def shape_text(shape: Sequence[int]) -> str:
    """Write a shape as Python does, in LaTeX: (2, 3)."""
    return "(" + ", ".join(str(size) for size in shape) + ("," if len(shape) == 1 else "") + ")"


def same(values: Values, name: str = "shape") -> Formula:
    """Return the formula of an operator that keeps the shape."""
    shape = values[name]
    return Formula((r"(*) \to (*)", rf"{shape_text(shape)} \to {shape_text(shape)}"), shape)


def parse(argument: Argument, raw: Any) -> Any:
    """Turn what the control holds into the argument's value; ``InvalidSetting`` for a text that is none."""
    if argument.kind in ("choice", "word"):
        return raw if raw in argument.options else argument.default
    if argument.kind not in ("shape", "sizes", "numbers"):
        return raw
    text = str(raw).strip().strip("()[]").strip()
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if argument.kind == "numbers":
        return tuple(_real(argument.name, part) for part in parts) or None
    if argument.kind == "sizes" and text in ("", "None"):
        return None
    if argument.kind == "sizes" and text in WORDS:
        return text
    numbers = tuple(_part(argument, part) for part in parts)
    if argument.kind == "sizes":
        return numbers[0] if len(numbers) == 1 else numbers
    return small(numbers)


def _part(argument: Argument, text: str) -> int | None:
    if argument.kind == "sizes" and text == "None":
        return None
    if not re.fullmatch(r"[+-]?\d{1,6}", text):
        raise InvalidSetting(N_("{name}: {text} is not a whole number"), name=argument.name, text=repr(text[:20]))
    return int(text)


def _real(name: str, text: str) -> float:
    if not re.fullmatch(r"[+-]?\d{0,6}(\.\d{0,6})?", text) or not re.search(r"\d", text):
        raise InvalidSetting(N_("{name}: {text} is not a number"), name=name, text=repr(text[:20]))
    return float(text)


def small(shape: tuple[Any, ...]) -> Shape:
    """Return ``shape``, or refuse what is too large to read or no shape of an input here."""
    if not shape or len(shape) > 5 or any(size < 1 for size in shape):
        raise TooLarge(N_("an input here has one to five dimensions of size 1 or more, not {shape}"), shape=shape)
    check_readable(shape)
    return shape


def check_readable(shape: Shape) -> None:
    """Refuse a tensor with too many numbers to read them all."""
    if math.prod(shape) > LARGEST:
        raise TooLarge(
            N_("{shape} holds {count} numbers; this lesson shows at most {most}, so that each can be read"),
            shape=shape,
            count=math.prod(shape),
            most=LARGEST,
        )


def check_count(name: str, sizes: Sequence[Any], most: int) -> None:
    """Refuse a tensor of more than ``most`` numbers before it is made; what is no number counts as 1."""
    count = math.prod(max(1, abs(size)) if isinstance(size, int) else 1 for size in sizes)
    if count > most:
        raise TooLarge(
            N_("{name} would hold {count} numbers; this lesson stops at {most}"), name=name, count=count, most=most
        )


DEVICE = Argument("device", "choice", "None", options=("None", "'cpu'", "'meta'"))
DTYPE = Argument("dtype", "choice", "None", options=("None", "torch.float32", "torch.float64"))


def check_factory(values: Values, holds_tensors: bool = True) -> None:
    """Refuse a layer whose weights cannot meet x, which is float32 on the CPU; one without any meets everything."""
    if holds_tensors and values["device"] == "'meta'":
        raise InvalidSetting(N_("device meta holds shapes without numbers, while x is on the CPU"))
    if holds_tensors and values["dtype"] == "torch.float64":
        raise InvalidSetting(N_("the layer's numbers are float64 and x is float32: PyTorch does not mix them"))


def check_inplace(inplace: bool) -> None:
    """Refuse to overwrite a leaf tensor whose gradient is wanted."""
    if inplace:
        raise InvalidSetting(
            N_("inplace would overwrite x, a leaf that requires a gradient; inside a network, x is no leaf")
        )


def dimension(values: Values, name: str, dims: int, extra: int = 0) -> int:
    """Return ``values[name]`` counted from the front; refuse what is out of range."""
    dim: int = values[name]
    if not -(dims + extra) <= dim < dims + extra:
        raise InvalidSetting(
            N_("{name} {dim} is out of range: {low} to {high} for {dims} {dims:dimension|dimensions}"),
            name=name,
            dim=dim,
            low=-(dims + extra),
            high=dims + extra - 1,
            dims=dims,
        )
    return dim % (dims + extra)


def random(name: str, shape: Shape) -> str:
    """Return the line that draws a readable random tensor whose gradient is wanted."""
    sizes = ", ".join(map(str, shape))
    return f"{name} = torch.randn({sizes}).round(decimals=1){REQUIRES_GRAD}"


def check_dims(shape: Shape, allowed: tuple[int, ...]) -> None:
    """Refuse an input with another number of dimensions."""
    if len(shape) not in allowed:
        raise InvalidSetting(
            N_(
                "x has {dims} {dims:dimension|dimensions}; this operator takes {allowed} (the channel dimension "
                "included)"
            ),
            dims=len(shape),
            allowed=", ".join(map(str, allowed)),
        )


def sides_of(name: str, value: Any, count: int) -> tuple[Any, ...]:
    """Return the value for each of ``count`` sides; refuse what is neither one value nor as many."""
    sides = value if isinstance(value, tuple) else (value,) * count
    if len(sides) == count:
        return sides
    raise _not_of_sides(name, value, count)


def numbers_of(name: str, value: Any, count: int) -> tuple[int, ...]:
    """Return the number for each of ``count`` sides; refuse what is none."""
    sides = sides_of(name, value, count)
    if all(isinstance(part, int) for part in sides):
        return sides
    raise _not_of_sides(name, value, count)


def _not_of_sides(name: str, value: Any, count: int) -> InvalidSetting:
    if count == 1:
        return InvalidSetting(N_("{name} takes one number, not {value}"), name=name, value=value)
    takes = N_("{name} takes one number or {count}, not {value}")
    return InvalidSetting(takes, name=name, count=count, value=value)


def broadcast_shape(first: Shape, second: Shape) -> Shape:
    """Return the shape to which two tensors are broadcast; refuse those that do not fit."""
    sizes: list[int] = []
    for a, b in itertools.zip_longest(reversed(first), reversed(second), fillvalue=1):
        if a != b and 1 not in (a, b):
            raise InvalidSetting(
                N_("shapes {first} and {second} do not fit, not even by broadcasting"), first=first, second=second
            )
        sizes.append(max(a, b))
    return tuple(reversed(sizes))


def of_two(full_name: str, description: str, surprise: Surprise | None = None, keywords: str = "") -> Operator:
    """Return an operator of two tensors, x and other, that are broadcast."""
    name = full_name.rpartition(".")[2]

    def formula(values: Values) -> Formula:
        output = broadcast_shape(values["shape"], values["other"])
        shapes = rf"{shape_text(values['shape'])},\,{shape_text(values['other'])}"
        return Formula((r"(*),\,(*) \to (*)", rf"{shapes} \to {shape_text(output)}"), output)

    return Operator(
        name,
        full_name,
        "arithmetic",
        f"{full_name}(input, other)",
        description,
        full_name,
        (
            Argument("shape", "shape", "2, 3", examples=("3", "2, 1", "4, 2, 3")),
            Argument("other", "shape", "2, 3", examples=("3", "1, 3", "2, 1", "4")),
        ),
        lambda values: [
            random("x", values["shape"]),
            random("other", values["other"]),
            f"y = {full_name}(x, other)",
        ],
        formula,
        lambda names, _: Call(name, {"input": names["x"], "other": names["other"]}, {}, names["y"]),
        surprise,
        keywords=keywords,
    )
