"""What a page tells a hand to do fits the hand: a sentence for a mouse has a twin for a finger."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
MOUSE = re.compile(
    r"\b(click|clicks|clicked|hover|hovers)\b|\bpoint (at|to)\b|指向(一|任意|网络|某|\s)|单击|悬停|双击",
    re.IGNORECASE,
)
STEMS = re.compile(
    r"click|hover|point|[指单悬双]", re.IGNORECASE
)  # a file without one of them has no such sentence
PLOTLYS_OWN = "Double-click to zoom back out"  # only a mouse zooms a chart: static/js/charts/live_chart.js


def sentences(tree: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Each call of ``_`` or ``N_`` with its sentence."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="_" | "N_"), args=[ast.Constant(value=str() as text), *_rest]):
                yield node, text


def with_twins(tree: ast.AST) -> set[ast.AST]:
    """The values of dictionaries that have a twin for a finger, as ``static/js/lib/hint.js`` reads them."""
    twins: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            keys = {key.value: value for key, value in pairs if isinstance(key, ast.Constant)}
            twins |= {value for key, value in keys.items() if f"{key}_touch" in keys}
    return twins


def for_a_mouse(tree: ast.AST) -> list[str]:
    twins = with_twins(tree)
    return [text for call, text in sentences(tree) if MOUSE.search(text) and call not in twins]


def test_a_sentence_that_speaks_of_pointing_or_clicking_has_a_twin_for_a_finger() -> None:
    files = [*ROOT.glob("pages/**/*.py"), *ROOT.glob("core/**/*.py")]
    texts = {str(file.relative_to(ROOT)): file.read_text("utf-8") for file in files}
    wrong = {file: for_a_mouse(ast.parse(text)) for file, text in texts.items() if STEMS.search(text)}
    assert {file: texts for file, texts in wrong.items() if set(texts) - {PLOTLYS_OWN}} == {}


def test_no_translation_speaks_of_a_mouse_where_the_english_sentence_does_not() -> None:
    wrong = []
    for file in sorted((ROOT / "core/locales/zh/LC_MESSAGES").glob("*.po")):
        with file.open("rb") as catalogue:
            for message in read_po(catalogue):
                both = (str(message.id), str(message.string))
                if message.id and MOUSE.search(both[1]) and not MOUSE.search(both[0]):
                    wrong.append(both)
    assert wrong == []


def test_no_prose_speaks_of_clicking() -> None:
    files = sorted((ROOT / "core/locales").glob("*/prose/*.md"))
    assert files
    assert [file.name for file in files if MOUSE.search(file.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    ("program", "wrong"),
    [
        ('{"hint": _("Click it."), "hint_touch": _("Touch it.")}', []),
        ('{"hint": _("Click it."), "other": _("Touch it.")}', ["Click it."]),
        ('N_("Point at a cell.")', ["Point at a cell."]),
        ('N_("A clicker goes on.")', []),
    ],
)
def test_the_rule_sees_what_it_should(program: str, wrong: list[str]) -> None:
    assert for_a_mouse(ast.parse(program)) == wrong
