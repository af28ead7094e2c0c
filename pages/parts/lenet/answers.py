"""Answers a click on a cell: the opened cell as plain data in the reader's language, within one small rerun."""

from __future__ import annotations

import math
from typing import Any

import streamlit as st

from core.errors import InvalidSetting
from core.ops.records import Explanation
from core.walk.opening import Opened, open_cell
from core.walk.optimizer import Update
from core.walk.scene import Tensors
from core.walk.walk import Walk
from pages.shared import address, component
from pages.shared.language import _, sentence

AT = "lenet_at"
VISIT = "lenet_visit"
START = "1"  # the first operation: the image goes in


@st.fragment
def show(taken: Walk, tensors: Tensors, key: str) -> None:
    """Mount the invisible half of the drawing that asks and is answered; only this reruns on a click."""
    asked = (st.session_state.get("lenet_answers") or {}).get("ask")
    address.remember(AT, st.session_state[AT], START)
    component.component("lenet/answers")(
        data={"key": key, "answer": answer(taken, tensors, asked, key)},
        key="lenet_answers",
        default={"ask": None},
        on_ask_change=_remember_step,
    )


def _remember_step() -> None:
    """Keep the step that the browser reports, for the address: a link or a reload comes back to it."""
    asked = st.session_state["lenet_answers"].get("ask")
    at = asked.get("at") if isinstance(asked, dict) else None
    if isinstance(at, int) and 0 <= at < 100_000:
        st.session_state[AT] = str(at)


def step(count: int) -> tuple[int, int]:
    """Return at which of ``count`` steps the walk stands, and how often the address has decided that."""
    before = st.session_state.get(AT)
    text = address.kept(AT, START)
    if text != before:
        st.session_state[VISIT] = st.session_state.get(VISIT, 0) + 1
    known = text if text.isdecimal() and len(text) < 6 else START
    at = min(int(known), count - 1)
    st.session_state[AT] = str(at)
    return at, st.session_state[VISIT]


def answer(taken: Walk, tensors: Tensors, asked: Any, key: str) -> dict[str, Any] | None:
    """Return the answer to ``asked``, or None when it asks for no cell or for one of another walk."""
    if not isinstance(asked, dict) or asked.get("key") != key or not isinstance(asked.get("cell"), dict):
        return None
    try:
        opened = open_cell(taken, asked["cell"])
    except InvalidSetting as error:
        return {"number": asked.get("number"), "sentence": sentence(error)}
    except Exception:
        if taken.setup.choice.network != "own":
            raise
        return {
            "number": asked.get("number"),
            "sentence": _("The arithmetic of this call is not written out here."),
        }
    return {"number": asked.get("number"), **_opened(opened, tensors)}


def _opened(opened: Opened, tensors: Tensors) -> dict[str, Any]:
    sources = {name: tensors.numbers[key] for name, key in opened.sources if key in tensors.numbers}
    plain: dict[str, Any] = {
        "title": opened.title,
        "index": list(opened.index),
        "value": number(opened.value),
        "tensor": tensors.numbers.get(opened.key),
        "sentence": _(opened.sentence, count=len(opened.parts)),
        "sources": sources,
    }
    if opened.explanation is not None:
        plain["explanation"] = _explanation(opened.explanation)
    if opened.update is not None:
        plain["update"] = _update(opened.update)
    plain["parts"] = [[f"#{op} {name}", number(value)] for op, name, value in opened.parts]
    return plain


def _explanation(explanation: Explanation) -> dict[str, Any]:
    return {
        "formula": explanation.symbolic,
        "combine": explanation.combine,
        "steps": list(explanation.steps),
        "result": number(explanation.result),
        "torch": number(explanation.torch_value),
        "difference": number(explanation.difference),
        "terms": [
            [
                number(term.value),
                term.note,
                [[factor.symbol, number(factor.value), factor.tensor, factor.index] for factor in term.factors],
            ]
            for term in explanation.terms
        ],
    }


def _update(update: Update) -> dict[str, Any]:
    return {
        "lines": [[line.symbol, line.formula, line.numbers, number(line.value)] for line in update.lines],
        "before": number(update.before),
        "after": number(update.after),
        "torch": number(update.torch_after),
        "difference": number(abs(update.after - update.torch_after)),
        "exact": update.exact,
    }


def number(x: float) -> float | str:
    """Return ``x`` as JSON can carry it: infinities and NaN become their names."""
    return x if math.isfinite(x) else str(x)
