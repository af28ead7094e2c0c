"""Writes the JavaScript types of what crosses from Python to the browser: ``python -m tools.js_types [--check]``.

Each ``payload.d.ts`` under ``static/js`` says what a drawing is given, the one of the tests what they read. It is
made from the ``TypedDict`` that the page fills, and of a dictionary of words from its keys: a name that one side
misspells fails in ``make lint``. What several of them name is written once, in ``static/js/lib``.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import types
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

from core.settings import PROJECT

HEAD = "// Written by tools/js_types.py from Python's own types; `python -m tools.js_types` writes it again.\n"
PLAIN = {
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    type(None): "null",
    object: "unknown",
}


def type_of(hint: Any) -> str:
    """Return the TypeScript type of ``hint``; raises ``TypeError`` for what JSON does not carry."""
    if hint in PLAIN:
        return PLAIN[hint]
    if is_typeddict(hint):
        return str(hint.__name__)
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Literal:
        return " | ".join(json.dumps(part) for part in parts)
    inner = [type_of(part) for part in parts if part is not ...]
    if origin in (Union, types.UnionType):
        return " | ".join(dict.fromkeys(inner))
    if origin is tuple and ... not in parts:
        return f"[{', '.join(inner)}]"
    if origin in (list, tuple, Sequence):
        return f"({inner[0]})[]" if "|" in inner[0] else f"{inner[0]}[]"
    if origin in (dict, Mapping):
        return f"Record<{inner[0]}, {inner[1]}>"
    raise TypeError(f"{hint} has no JavaScript type")


def interface(name: str, fields: Mapping[str, str], base: str = "") -> str:
    """Return one exported interface; it has the fields of ``base`` too."""
    head = f"{name} extends {base}" if base else name
    body = "".join(f"  {field}: {kind};\n" for field, kind in fields.items())
    return f"export interface {head} {{\n{body}}}\n"


def named(hint: Any) -> list[Any]:
    """Return the typed dictionaries that ``hint`` names, however deep."""
    if is_typeddict(hint):
        return [hint]
    return [inner for part in get_args(hint) for inner in named(part)]


def interfaces(*roots: Any, words: Mapping[str, str] | None = None) -> list[str]:
    """Return the interfaces of each ``TypedDict`` in ``roots`` and of every other that they name.

    ``words`` names the interface of a field that holds a dictionary of words: ``{"PageData.words": "PageWords"}``.
    """
    words_of = words or {}
    waiting, texts = [*roots], dict[str, str]()
    while waiting:
        each = waiting.pop(0)
        if each.__name__ in texts:
            continue
        hints = get_type_hints(each)
        may_lack = each.__optional_keys__
        fields = {
            f"{name}?" if name in may_lack else name: words_of.get(f"{each.__name__}.{name}") or type_of(hint)
            for name, hint in hints.items()
        }
        texts[each.__name__] = interface(each.__name__, fields)
        waiting += [inner for hint in hints.values() for inner in named(hint)]
    return list(texts.values())


def words(name: str, texts: Callable[[], Mapping[str, str]]) -> str:
    """Return the interface of a dictionary of words."""
    return interface(name, dict.fromkeys(texts(), "string"))


def more_words(name: str, texts: Callable[[], Mapping[str, str]], base: str, base_words: Mapping[str, str]) -> str:
    """Return the interface of a dictionary of words that has those of ``base``, ``base_words``, and others."""
    return interface(name, {word: "string" for word in texts() if word not in base_words}, base)


def files() -> dict[Path, str]:  # noqa: PLR0915 (a list: one import and one line for each file)
    """Return every file of types and what must stand in it."""
    from core.figures.live_chart import ChartHeader
    from core.live.connection import CommandResult, EndOfAnswer, Head, NoAnswer
    from core.live.convolution.answer import LayerHeader
    from core.live.examples.answer import ExamplesHeader
    from core.live.lenet.answer import ChecksAnswer, OpeningAnswer, StepAnswer
    from core.live.linear_fit.answer import FitHeader
    from core.live.network.answer import ReadingHeader
    from core.live.operators.answer import OperatorHeader, SourcesHeader
    from core.live.run.watch import RunHeader
    from core.live.two_layers.answer import WaysHeader
    from core.script.html import ExportData
    from core.script.viewer_labels import LABELS
    from pages.parts.convolution.network_picture import DrawnData
    from pages.parts.convolution.one_layer import LayerLabels
    from pages.parts.convolution.receptive_field import ReachData
    from pages.parts.convolution.stack import RowsData
    from pages.parts.convolution.window import WindowData
    from pages.parts.draw.reading import ReadingData
    from pages.parts.home.first import FirstData
    from pages.parts.lenet import graph, labels
    from pages.parts.lenet.step import StepLabels
    from pages.parts.linear_fit.player import FitWords
    from pages.parts.operators.one_operator import OperatorLabels
    from pages.parts.train.examples import ExamplesData
    from pages.parts.train.live import RunWords
    from pages.parts.train.news import NewsData
    from pages.parts.train.steering import ButtonsData, NoteWords, RateData, SteeredData
    from pages.parts.train.toolbar import FocusData
    from pages.parts.two_layers.mistakes import LinesData
    from pages.parts.two_layers.programs import PanesData
    from pages.parts.two_layers.sizes import LockstepWords
    from pages.parts.your_code import labels as code_labels
    from pages.parts.your_code.data import CellsData, PageData
    from pages.shared.canvas import PenData, StoreData
    from pages.shared.frame import FrameData
    from pages.shared.instruments import InstrumentData
    from pages.shared.journey import GuideData
    from pages.shared.live_chart import FigureData
    from pages.shared.picture import PadWords, PictureWords
    from tests.js_cases import Fixtures

    js = PROJECT / "static" / "js"
    parts = {
        js / "charts" / "payload.d.ts": interfaces(FigureData, ChartHeader),
        js / "convolution" / "payload.d.ts": [
            *interfaces(WindowData),
            *interfaces(LayerLabels, LayerHeader),
            *interfaces(DrawnData),
            *interfaces(ReachData, RowsData),
        ],
        js / "lib" / "payload.d.ts": interfaces(InstrumentData, Head, NoAnswer, EndOfAnswer, CommandResult),
        js / "lenet" / "payload.d.ts": [
            *interfaces(
                StepLabels,
                StepAnswer,
                OpeningAnswer,
                ChecksAnswer,
                graph.GraphData,
                words={"StepLabels.stage": "StepWords"},
            ),
            words("StepWords", labels.of_step),
        ],
        js / "your_code" / "payload.d.ts": [
            *interfaces(
                PageData,
                ExportData,
                CellsData,
                words={"PageData.words": "PageWords", "ExportData.words": "ViewerWords"},
            ),
            words("ViewerWords", lambda: LABELS),
            more_words("PageWords", code_labels.of_page, "ViewerWords", LABELS),
        ],
        js / "network" / "payload.d.ts": [
            *interfaces(ReadingHeader),
            *interfaces(PictureWords),
            *interfaces(PadWords),
        ],
        js / "operators" / "payload.d.ts": [
            *interfaces(OperatorLabels, OperatorHeader),
            *interfaces(SourcesHeader),
        ],
        js / "linear_fit" / "payload.d.ts": [*interfaces(FitHeader), *interfaces(FitWords)],
        js / "frame" / "payload.d.ts": interfaces(FrameData, GuideData),
        js / "two_layers" / "payload.d.ts": [
            *interfaces(WaysHeader),
            *interfaces(LockstepWords),
            *interfaces(LinesData),
            *interfaces(PanesData),
        ],
        js / "home" / "payload.d.ts": interfaces(FirstData),
        js / "draw" / "payload.d.ts": interfaces(ReadingData, PenData, StoreData),
        PROJECT / "tests" / "js" / "payload.d.ts": interfaces(Fixtures),
        js / "train" / "payload.d.ts": [
            *interfaces(ExamplesHeader),
            *interfaces(ExamplesData, FocusData, RunHeader, RunWords, NewsData),
            *interfaces(SteeredData, ButtonsData, RateData, NoteWords),
        ],
    }
    return {path: "\n".join([HEAD, *each]) for path, each in shared(parts, js / "lib" / "payload.d.ts").items()}


def shared(parts: Mapping[Path, Sequence[str]], library: Path) -> dict[Path, list[str]]:
    """Return ``parts`` with what several files hold written once, in ``library``; the others export it again."""
    times = Counter(text for texts in parts.values() for text in set(texts))
    common = {text for text, count in times.items() if count > 1}
    names = {path: sorted(name_of(text) for text in common.intersection(texts)) for path, texts in parts.items()}
    own = {path: [text for text in texts if text not in common] for path, texts in parts.items()}
    own[library] += sorted(common)
    return {
        path: own[path] if path == library else [*borrowed(path, names[path], library), *own[path]]
        for path in parts
    }


def name_of(text: str) -> str:
    """Return the name of the interface ``text``."""
    return text.split()[2]


def borrowed(path: Path, names: Sequence[str], library: Path) -> list[str]:
    """Return the lines by which ``path`` takes ``names`` from ``library`` and exports them again."""
    if not names:
        return []
    place = os.path.relpath(library.with_name("payload.js"), path.parent)
    place = place if place.startswith(".") else f"./{place}"
    listed = ", ".join(names)
    return [f"import type {{ {listed} }} from '{place}';\nexport type {{ {listed} }};\n"]


def main(arguments: list[str] | None = None) -> int:
    """Write the files; with ``--check`` only name those that differ, with status 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; status 1 where a file differs")
    check = parser.parse_args(arguments).check
    logging.disable(logging.WARNING)  # Streamlit's, of a script outside of a session
    stale = [(path, text) for path, text in files().items() if not path.exists() or path.read_text("utf-8") != text]
    for path, text in stale:
        print(f"{path.relative_to(PROJECT)} {'differs from Python' if check else 'written'}")
        if not check:
            path.write_text(text, encoding="utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
