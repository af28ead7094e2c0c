"""A row of numbers with their names and, under each, what it means: one element in place of ten."""

from __future__ import annotations

import html
from collections.abc import Mapping

import streamlit as st

STYLE = """
<style>
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .5rem 1.2rem;
  margin: 0; padding: 0 !important; font-variant-numeric: tabular-nums; }
.facts dt { font-size: .85rem; margin: 0; }
.facts dd { margin: 0 !important; padding: 0; overflow-wrap: anywhere; }
.facts dd:nth-of-type(1) { font-size: 1.6rem; line-height: 1.35; }
.facts dd + dd { font-size: .8rem; opacity: .75; }
</style>
"""


def show(facts: Mapping[str, tuple[str, str]]) -> None:
    """Show each name with its number and a remark, which may be empty. All are translated already."""
    cells = "".join(_cell(name, number, remark) for name, (number, remark) in facts.items())
    st.html(f'{STYLE}<dl class="facts">{cells}</dl>')


def _cell(name: str, number: str, remark: str) -> str:
    remark_html = f"<dd>{html.escape(remark)}</dd>" if remark else ""
    return f"<div><dt>{html.escape(name)}</dt><dd>{html.escape(number)}</dd>{remark_html}</div>"
