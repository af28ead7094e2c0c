"""Languages: gettext catalogues for sentences, one Markdown file per language for longer prose."""

from __future__ import annotations

import gettext
import re
from functools import cache
from pathlib import Path

from core.errors import InvalidSetting, Phrase, fill
from core.settings import without_folders

LANGUAGES = {"en": "English", "zh": "简体中文"}
LOCALES = Path(__file__).parent / "locales"
ITEM = r"[-+#>|]|\* |\d+\. "  # begins a line that is no part of the sentence before
CHINESE_LINE_END = re.compile(
    rf"(?<=[，。；：？！）、》”])\n(?=\S)(?!{ITEM})|(?<=[\u4e00-\u9fff])\n(?=[\u4e00-\u9fff（“《])"
)


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """Return all catalogues of ``language``, a key of ``LANGUAGES``, as one; English has none.

    A sentence that a catalogue does not hold is looked up in the next; one that none holds stays English.
    """
    first = gettext.NullTranslations()
    for path in sorted((LOCALES / language / "LC_MESSAGES").glob("*.mo"), reverse=True):
        with path.open("rb") as file:
            part = gettext.GNUTranslations(file)
        part.add_fallback(first)
        first = part
    return first


def translate(language: str, message: str, **values: object) -> str:
    """Translate the template ``message`` and put ``values`` into it, as ``str.format`` does."""
    text = catalogue(language).gettext(message) if message else ""
    return fill(text, values) if values else text


def translate_error(language: str, error: InvalidSetting) -> str:
    """Return the sentence of ``error`` in ``language``, with the errors and phrases among its values."""
    values = {name: _translate_value(language, value) for name, value in error.values.items()}
    return translate(language, error.message, **values)


def _translate_value(language: str, value: object) -> object:
    if isinstance(value, InvalidSetting):
        return translate_error(language, value)
    if isinstance(value, Phrase):
        return translate(language, value.message)
    return without_folders(value) if isinstance(value, str) else value


@cache
def prose_sections(language: str, name: str) -> dict[str, str]:
    """Read ``locales/<language>/prose/<name>.md``: Markdown in sections that start with ``<!-- key -->``."""
    text = (LOCALES / language / "prose" / f"{name}.md").read_text(encoding="utf-8")
    parts = re.split(r"^<!--\s*([\w-]+)\s*-->\s*$", text, flags=re.MULTILINE)
    return {key: _join_lines(body.strip()) for key, body in zip(parts[1::2], parts[2::2], strict=True)}


def _join_lines(text: str) -> str:
    """Join the lines of Chinese, which has no spaces: Markdown puts one where a line ends."""
    return CHINESE_LINE_END.sub("", text)


def prose(language: str, name: str, key: str) -> str:
    """Return section ``key`` of the teaching prose ``name`` in ``language``; KeyError when it is missing."""
    return prose_sections(language, name)[key]
