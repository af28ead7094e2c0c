"""The browser tests wait for what they need and for nothing else: no pause of a fixed length is among them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

BROWSER = Path(__file__).parent / "browser"
PAUSES = ("sleep", "wait_for_timeout")
IN_THE_PAGE = re.compile(r"setTimeout\([^;]*,\s*(?:[1-9]|\w*ms\b)")  # with a length


def pauses(text: str) -> Iterator[str]:
    """Yield each pause of a fixed length in a Python file, with its line."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in PAUSES:
                yield f"{node.lineno}: {name}"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and IN_THE_PAGE.search(node.value):
            yield f"{node.lineno}: setTimeout"


@pytest.mark.parametrize("path", sorted(BROWSER.glob("*.py")), ids=lambda path: path.stem)
def test_a_browser_test_pauses_for_no_fixed_time(path: Path) -> None:
    assert list(pauses(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("page.wait_for_timeout(300)", ["1: wait_for_timeout"]),
        ("import time\ntime.sleep(1)", ["2: sleep"]),
        ("from time import sleep\nsleep(0.1)", ["2: sleep"]),
        ("page.evaluate('() => new Promise((done) => setTimeout(done, 200))')", ["1: setTimeout"]),
        ("page.evaluate('(done) => setTimeout(done)')", []),
        ("page.wait_for_url('**a=1*')", []),
    ],
)
def test_a_pause_is_found(text: str, found: list[str]) -> None:
    assert list(pauses(text)) == found
