"""A record as one HTML file that opens from disk, without a server: the page's own modules are inside of it."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Mapping

from core.script.payload import RecordData

ENTRY = "your_code/exported.js"
IMPORT = re.compile(r"(?P<before>\b(?:from|import)\s+')(?P<path>\.{1,2}/[\w./]+)'")
NAME = "stepwise/"  # begins the names of modules in the file: paths mean nothing inside of data: addresses
# Nothing is fetched, and no script runs but those of the file.
POLICY = "default-src 'none'; script-src 'unsafe-inline' data:; style-src 'unsafe-inline'"
STYLE = """
:root { color-scheme: light dark; --st-font: system-ui, sans-serif; --st-code-font: ui-monospace, monospace;
  --st-text-color: light-dark(#262730, #fafafa); --st-background-color: light-dark(#fff, #0e1117);
  --st-secondary-background-color: light-dark(#f3f4f7, #22252e); --st-border-color: light-dark(#cfd3da, #454a56);
  --st-primary-color: #1f6feb; }
body { margin: 0; padding: 16px; background: var(--st-background-color); color: var(--st-text-color); }
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
<script type="application/json" id="record">{data}</script>
<script type="module">import '{entry}';</script>
</body>
</html>
"""


def page(
    record: RecordData, words: Mapping[str, str], language: str, title: str, scripts: Mapping[str, bytes]
) -> str:
    """Return the file; ``scripts`` are the modules under ``static/js`` by their paths there."""
    modules = {NAME + path: _address(path, scripts[path]) for path in needed(ENTRY, scripts)}
    return PAGE.format(
        language=language,
        policy=POLICY,
        title=html.escape(title),
        style=STYLE,
        modules=_json({"imports": modules}),
        data=_json({"record": record, "words": dict(words), "language": language}),
        entry=NAME + ENTRY,
    )


def needed(entry: str, scripts: Mapping[str, bytes]) -> list[str]:
    """Return a module and all that it imports, however deep."""
    found, waiting = dict[str, None](), [entry]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found[path] = None
            waiting += [_absolute(path, match["path"]) for match in IMPORT.finditer(_code(scripts[path]))]
    return list(found)


def _address(path: str, source: bytes) -> str:
    """Return a module as a data: address, with what it imports by name."""
    text = IMPORT.sub(lambda match: f"{match['before']}{NAME}{_absolute(path, match['path'])}'", _code(source))
    return "data:text/javascript;base64," + base64.b64encode(text.encode()).decode()


def _code(source: bytes) -> str:
    """Return a module without the comments that only say its types: ``import('./x.js')`` in them is no import."""
    return re.sub(r"/\*\*.*?\*/", "", source.decode(), flags=re.DOTALL)


def _absolute(path: str, relative: str) -> str:
    parts = path.split("/")[:-1]
    for part in relative.split("/"):
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _json(value: object) -> str:
    """Return JSON in which no text can end the element that it is in."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
