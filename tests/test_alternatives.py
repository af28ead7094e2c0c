"""What Streamlit draws on a canvas has words for a screen reader."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.source import nodes

PAGES = Path(__file__).resolve().parent.parent / "pages"
DRAWN = {"dataframe", "plotly_chart", "data_editor"}


def test_every_table_and_chart_of_streamlit_is_named() -> None:
    calls = [
        (file.name, node)
        for file in PAGES.rglob("*.py")
        for node in nodes(file)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in DRAWN
    ]
    assert len(calls) >= 4
    assert [file for file, call in calls if "alt" not in {each.arg for each in call.keywords}] == []
