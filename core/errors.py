"""What the project refuses, as data: a sentence to translate and the values that belong in it."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass


class _PluralFormatter(string.Formatter):
    """``str.format`` that also knows ``{count:run|runs}``: the first word where the value is 1, else the second."""

    def format_field(self, value: object, form: str) -> str:
        one, either, more = form.partition("|")
        if not either:
            return str(super().format_field(value, form))
        text = str(value)
        if re.fullmatch(r"\{\w+\}", text):  # filled in by the browser, which then has to choose
            return f"{text[:-1]}:{form}}}"
        return one if text == "1" else more


_filled = _PluralFormatter()


def fill(template: str, values: Mapping[str, object]) -> str:
    """Put ``values`` into ``template``, as ``str.format`` does.

    Behind a bar stands what is said of more than one:

    >>> fill("{count} {count:run has|runs have} ended", {"count": 1})
    '1 run has ended'
    """
    return _filled.vformat(template, (), values) if "|" in template else template.format(**values)


def N_(message: str) -> str:  # noqa: N802  (gettext's own name for "translate later")
    """Mark ``message`` for translation and return it unchanged."""
    return message


def text_of(error: BaseException) -> str:
    """Return what ``error`` says, and Python's own words where its ``__str__`` fails."""
    try:
        return str(error)
    except BaseException:  # it is not ours: it may leave the program as well
        return "<exception str() failed>"


class InvalidSetting(ValueError):
    """A rejected setting. The message names the value and the violated constraint.

    ``message`` is an English template in ``str.format`` style and the key of its translation; write it
    inside ``N_(...)`` where it is raised. ``str(error)`` is the English sentence.

    >>> str(InvalidSetting(N_("kernel {kernel} is larger than the padded input {size}"), kernel=7, size=5))
    'kernel 7 is larger than the padded input 5'
    """

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(fill(message, values))
        self.message = message
        self.values = values

    def __reduce__(self) -> tuple[object, ...]:
        """Let an error cross from one process to another with its template and its values."""
        return _again, (type(self), self.message, self.values)


def _again(kind: type[InvalidSetting], message: str, values: dict[str, object]) -> InvalidSetting:
    return kind(message, **values)


@dataclass(frozen=True)
class Phrase:
    """Words that are translated with the sentence whose value they are; written inside ``N_(...)`` too."""

    message: str

    def __str__(self) -> str:
        return self.message


def brief(value: object) -> str:
    """Return ``value`` as a text of at most 60 characters, quickly whatever it is."""
    if isinstance(value, int) and value.bit_length() > 200:
        return f"2^{value.bit_length() - 1}…" if value > 0 else f"-2^{value.bit_length() - 1}…"
    if isinstance(value, str):
        value = value[:61]
    elif isinstance(value, (list, tuple, dict, set, bytes)):
        return type(value).__name__
    text = str(value)
    return text if len(text) <= 60 else text[:59] + "…"
