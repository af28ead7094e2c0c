"""A record as one HTML file that opens from disk, without a server: the page's own modules are inside of it.

The record is compressed; the file's own module unpacks it with the browser's ``DecompressionStream``.
"""

from __future__ import annotations

import base64
import html
import json
import re
import zlib
from collections.abc import Callable
from typing import TypedDict

from core.errors import N_
from core.i18n import LANGUAGES, translate
from core.script.payload import RecordData
from core.script.viewer_labels import of_viewer
from core.sentence import Sentence
from core.settings import PROJECT

ENTRY = "your_code/exported_page.js"
IMPORT = re.compile(r"(?P<before>\b(?:from|import)\s+')(?P<path>\.{1,2}/[\w./]+)'")
TYPES = re.compile(r"/\*\*.*?\*/", re.DOTALL)  # JSDoc: import('./x.js') in it is no import
NAME = "stepwise/"  # begins the names of modules in the file: paths mean nothing inside of data: addresses
TITLE = N_("A program's run")
LEFT_OUT = N_("The pictures of {names} are left out, so that this file is below {most} MB; the page draws them.")
MOST_BYTES = 2_000_000  # of a file
# Nothing is fetched, and no script runs but those of the file.
POLICY = "default-src 'none'; script-src 'unsafe-inline' data:; style-src 'unsafe-inline'"
STYLE = """
:root { color-scheme: light dark; --st-font: system-ui, sans-serif; --st-code-font: ui-monospace, monospace;
  --st-text-color: light-dark(#262730, #fafafa); --st-background-color: light-dark(#fff, #0e1117);
  --st-secondary-background-color: light-dark(#f3f4f7, #22252e); --st-border-color: light-dark(#cfd3da, #454a56);
  --st-primary-color: #1f6feb; }
body { margin: 0; padding: 16px; background: var(--st-background-color); color: var(--st-text-color);
  font: 16px/1.5 var(--st-font); }
h1 { font-size: 1.4rem; margin: 0; }
"""
PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<style>{style}</style>
<script type="importmap">{modules}</script>
</head>
<body>
<script type="text/plain" id="record">{data}</script>
<script type="module">import '{entry}';</script>
</body>
</html>
"""


class ExportData(TypedDict):
    """What the file holds beside the modules."""

    record: RecordData
    words: dict[str, str]
    language: str
    cells: str


def from_disk(path: str) -> bytes:
    """Return the module at ``path`` under ``static/js``."""
    return (PROJECT / "static" / "js" / path).read_bytes()


def page(
    record: RecordData,
    language: str,
    module: Callable[[str], bytes] = from_disk,
    name: str = "",
    cells: str = "",
) -> str:
    """Return the file in ``language``; ``module`` gives a module by its path, ``name`` is the program's.

    ``cells`` are those that open (``core.script.exported_cells``). Where the file would be larger than
    ``MOST_BYTES``, pictures are left out, the last ones first, and it says so.
    """
    modules = {NAME + path: _address(path, source) for path, source in needed(ENTRY, module).items()}
    size = sum(len(address) for address in modules.values())
    packed = _within(record, language, cells, MOST_BYTES - size)
    title = translate(language, TITLE)
    return PAGE.format(
        language=language,
        policy=POLICY,
        title=html.escape(f"{name} · {title}" if name else title),
        style=STYLE,
        modules=_json({"imports": modules}),
        data=packed,
        entry=NAME + ENTRY,
    )


def _within(record: RecordData, language: str, cells: str, room: int) -> str:
    """Return what the file holds in fewer than ``room`` characters, if that takes leaving out pictures."""
    without: list[str] = []
    while True:
        data = ExportData(record=record, words=of_viewer(language), language=language, cells=cells)
        packed = base64.b64encode(zlib.compress(_json(data).encode(), 9)).decode("ascii")
        if len(packed) < room or not record["pictures"]:
            return packed
        *pictures, last = record["pictures"]
        notes = record["notes"][: len(record["notes"]) - bool(without)]
        without = [last["module"], *without]
        note = Sentence(LEFT_OUT, {"names": ", ".join(without), "most": MOST_BYTES // 1_000_000})
        texts = {name: note.text(name) for name in LANGUAGES}
        record = {**record, "pictures": pictures, "notes": [*notes, texts]}


def needed(entry: str, module: Callable[[str], bytes]) -> dict[str, str]:
    """Return the source of a module and of all that it imports, however deep, by their paths."""
    texts, waiting = dict[str, str](), [entry]
    while waiting:
        path = waiting.pop()
        if path not in texts:
            texts[path] = TYPES.sub("", module(path).decode())
            waiting += [_absolute(path, match["path"]) for match in IMPORT.finditer(texts[path])]
    return texts


def _address(path: str, source: str) -> str:
    """Return a module as a data: address, with what it imports by name."""
    text = IMPORT.sub(lambda match: f"{match['before']}{NAME}{_absolute(path, match['path'])}'", source)
    return "data:text/javascript;base64," + base64.b64encode(text.encode()).decode()


def _absolute(path: str, relative: str) -> str:
    parts = path.split("/")[:-1]
    for part in relative.split("/"):
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _json(value: object) -> str:
    """Return JSON in which no text can end the element that it is in, and that UTF-8 can write."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
    return re.sub(r"[\ud800-\udfff]", lambda half: f"\\u{ord(half[0]):04x}", text)
