"""The rows a network is built from: which kinds there are, which options each has, and its text form."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from core.errors import N_, InvalidSetting

Number = int | float | str | None


@dataclass(frozen=True)
class Option:
    """One option of a row: its letter in the text, PyTorch's name, its default and its range.

    ``word`` is a word that may stand in place of a number: "same" for padding; None in the default means that
    it follows from the rest (a pooling's stride is its kernel; ``in_features`` is what the rows above give).
    """

    letter: str
    name: str
    default: Number
    minimum: float
    maximum: float
    word: str = ""


KERNEL = Option("k", "kernel_size", 3, 1, 64)
STRIDE = Option("s", "stride", 1, 1, 64)
PADDING = Option("p", "padding", 0, 0, 64, "same")
POOLING = (
    Option("k", "kernel_size", 2, 1, 64),
    Option("s", "stride", None, 1, 64),
    Option("p", "padding", 0, 0, 32),
)
PROBABILITY = Option("p", "p", 0.5, 0.0, 1.0)

KINDS: dict[str, tuple[Option, ...]] = {
    "conv": (
        Option("o", "out_channels", 8, 1, 1024),
        KERNEL,
        STRIDE,
        PADDING,
        Option("d", "dilation", 1, 1, 64),
        Option("g", "groups", 1, 1, 1024),
    ),
    "max": POOLING,
    "avg": POOLING,
    "relu": (),
    "norm": (),
    "dropout": (PROBABILITY,),
    "dropout2d": (PROBABILITY,),
    "flatten": (),
    "linear": (Option("i", "in_features", None, 1, 100_000), Option("o", "out_features", 10, 1, 10_000)),
    "logsoftmax": (),
}


@dataclass(frozen=True)
class Row:
    """One layer as the user wrote it: its kind, a key of ``KINDS``, and options other than the default."""

    kind: str
    options: dict[str, Number] = field(default_factory=dict)

    def option(self, name: str) -> Number:
        """Return an option's value, or its default."""
        default = next(option.default for option in KINDS[self.kind] if option.name == name)
        return self.options.get(name, default)

    def integer(self, name: str) -> int:
        """Return an option that is a whole number."""
        value = self.option(name)
        assert isinstance(value, int)
        return value

    @property
    def text(self) -> str:
        """The row as text: ``conv-o10-k5``; o and k stand always, the rest where it is not the default."""
        parts = [
            f"{option.letter}{self.option(option.name)}"
            for option in KINDS[self.kind]
            if option.letter in "ok" or self.options.get(option.name, option.default) != option.default
        ]
        return "-".join([self.kind, *parts])


def parse_row(text: str) -> Row:
    """Read ``conv-o10-k5``; ``InvalidSetting`` for an unknown kind or option, or a value out of range."""
    kind, *parts = text.strip().split("-")
    if kind not in KINDS:
        raise InvalidSetting(
            N_("{text} is not a layer; there are: {kinds}"), text=repr(kind[:40]), kinds=", ".join(KINDS)
        )
    options: dict[str, Number] = {}
    for part in parts:
        option = next((option for option in KINDS[kind] if part[:1] == option.letter), None)
        if option is None:
            raise InvalidSetting(N_("{kind} has no option {text}"), kind=kind, text=repr(part[:40]))
        options[option.name] = checked(option, part[1:])
    return Row(kind, options)


def checked(option: Option, text: str) -> Number:
    """Return the value that ``text`` stands for; raises ``InvalidSetting`` when it is none or out of range."""
    if option.word and text == option.word:
        return text
    number = r"\d{1,6}(\.\d{1,6})?" if isinstance(option.default, float) else r"\d{1,6}"
    value = (
        (float(text) if isinstance(option.default, float) else int(text)) if re.fullmatch(number, text) else None
    )
    if value is None or not option.minimum <= value <= option.maximum:
        raise InvalidSetting(
            N_("{name} must be between {least} and {most}, not {text}"),
            name=option.name,
            least=option.minimum,
            most=option.maximum,
            text=repr(text[:40]),
        )
    return value
