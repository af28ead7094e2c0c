"""A sentence as data: it is translated where the reader's language is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from string import Formatter

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


def as_sentence(text: str) -> str:
    """Return a text with a capital letter first and a full stop of its language last."""
    if not text or text[-1] in ".!?。！？…":
        return text[:1].upper() + text[1:]
    is_chinese = any("\u4e00" <= character <= "\u9fff" for character in text)
    return text[:1].upper() + text[1:] + ("。" if is_chinese else ".")
