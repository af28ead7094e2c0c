"""What a lesson can be set to, declared once: name, type, bounds, default, in the address or not; how it is read.

A control, its place in the address and the check of every message follow from the declaration.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypedDict

from core.errors import N_, InvalidSetting, brief

Value = bool | int | float | str
When = tuple[Mapping[str, tuple[Value, ...]], ...]  # values of other settings, of which one has to hold; () always
RELOAD = N_("this page belongs to another version of the server: reload it")


@dataclass(frozen=True)
class Number:
    """A number from ``minimum`` to ``maximum``; a whole one where ``default`` is.

    ``scale`` "log": a slider has ten places for each power of ten; ``minimum`` is above 0 then.
    """

    name: str
    minimum: float
    maximum: float
    default: int | float
    step: float = 1
    when: When = ()
    scale: Literal["linear", "log"] = "linear"
    in_address: bool = True

    @property
    def is_whole(self) -> bool:
        """Whether only whole numbers are possible."""
        return isinstance(self.default, int)

    def read(self, value: object) -> int | float:
        """Return ``value`` as this number; raises ``InvalidSetting`` where it is none, or out of bounds."""
        whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        if isinstance(value, bool) or not isinstance(value, (int, float)) or (self.is_whole and not whole):
            raise InvalidSetting(N_("{name} must be a number, not {value}"), name=self.name, value=brief(value))
        if not self.minimum <= value <= self.maximum:
            raise InvalidSetting(
                N_("{name} must be from {least} to {most}, not {value}"),
                name=self.name,
                least=f"{self.minimum:g}",
                most=f"{self.maximum:g}",
                value=brief(value),
            )
        return int(value) if self.is_whole else float(value)

    def of_text(self, text: str) -> int | float:
        """Read the number from an address; raises ``InvalidSetting``."""
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        return self.read(number if math.isfinite(number) else text)

    def text(self, value: Value) -> str:
        """Write ``value`` as it stands in an address."""
        return str(value)


@dataclass(frozen=True)
class Choice:
    """One of the codes ``options``; the first is the default."""

    name: str
    options: tuple[str, ...]
    when: When = ()
    in_address: bool = True

    @property
    def default(self) -> str:
        """The code before anything is chosen."""
        return self.options[0]

    def read(self, value: object) -> str:
        """Return ``value`` where it is an option; raises ``InvalidSetting``."""
        if not isinstance(value, str) or value not in self.options:
            raise InvalidSetting(
                N_("{name} must be one of {options}, not {value}"),
                name=self.name,
                options=", ".join(self.options),
                value=brief(value),
            )
        return value

    def of_text(self, text: str) -> str:
        """Read the choice from an address; raises ``InvalidSetting``."""
        return self.read(text)

    def text(self, value: Value) -> str:
        """Write ``value`` as it stands in an address."""
        return str(value)


@dataclass(frozen=True)
class Flag:
    """On or off."""

    name: str
    default: bool = False
    when: When = ()
    in_address: bool = True

    def read(self, value: object) -> bool:
        """Return ``value`` where it is a flag; raises ``InvalidSetting``."""
        if not isinstance(value, bool):
            raise InvalidSetting(N_("{name} must be on or off, not {value}"), name=self.name, value=brief(value))
        return value

    def of_text(self, text: str) -> bool:
        """Read the flag from an address; raises ``InvalidSetting``."""
        return self.read({"true": True, "false": False}.get(text.lower(), text))

    def text(self, value: Value) -> str:
        """Write ``value`` as it stands in an address."""
        return str(value).lower()


@dataclass(frozen=True)
class Text:
    """A text of at most ``longest`` characters, such as typed cells."""

    name: str
    longest: int
    default: str = ""
    when: When = ()
    in_address: bool = True

    def read(self, value: object) -> str:
        """Return ``value`` where it is such a text; raises ``InvalidSetting``."""
        if not isinstance(value, str):
            raise InvalidSetting(N_("{name} must be a text, not {value}"), name=self.name, value=brief(value))
        if len(value) > self.longest:
            raise InvalidSetting(
                N_("{name} may have {most} characters, not {count}"),
                name=self.name,
                most=self.longest,
                count=len(value),
            )
        return value

    def of_text(self, text: str) -> str:
        """Read the text from an address; raises ``InvalidSetting``."""
        return self.read(text)

    def text(self, value: Value) -> str:
        """Write ``value`` as it stands in an address."""
        return str(value)


Setting = Number | Choice | Flag | Text


def read(declared: Sequence[Setting], message: object) -> dict[str, Value]:
    """Return the settings that ``message`` names, and the defaults of the others; raises ``InvalidSetting``."""
    names = {setting.name for setting in declared}
    if not isinstance(message, dict) or not message.keys() <= names:
        raise InvalidSetting(RELOAD)
    return {each.name: each.read(message[each.name]) if each.name in message else each.default for each in declared}


class Common(TypedDict):
    """What every declaration says; one of ``when`` has to hold, none: always."""

    name: str
    kind: Literal["number", "choice", "flag", "text"]
    default: Value
    when: list[dict[str, list[Value]]]


class Declaration(Common, total=False):
    """A declaration as the browser reads it, with what its kind has beside the rest."""

    minimum: float
    maximum: float
    step: float
    scale: Literal["linear", "log"]  # how a slider divides its way
    options: list[str]
    longest: int


def declaration(setting: Setting) -> Declaration:
    """Return the declaration as the browser reads it."""
    when = [{other: list(possible) for other, possible in each.items()} for each in setting.when]
    common: Declaration = {"name": setting.name, "kind": "flag", "default": setting.default, "when": when}
    if isinstance(setting, Number):
        return {
            **common,
            "kind": "number",
            "minimum": setting.minimum,
            "maximum": setting.maximum,
            "step": setting.step,
            "scale": setting.scale,
        }
    if isinstance(setting, Choice):
        return {**common, "kind": "choice", "options": list(setting.options)}
    if isinstance(setting, Text):
        return {**common, "kind": "text", "longest": setting.longest}
    return common
