"""Answers a press on a cell of the timeline: the arithmetic that made it, worked out in a process of its own."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.errors import InvalidSetting
from core.isolation import Limits
from core.script import cells
from core.script.process.job import Job
from pages.parts.your_code.data import AnswerData, CellsData, QuestionData
from pages.shared import component, helper_process
from pages.shared.language import _, sentence

KEY, ANSWER = "your_code_cells", "your_code_answer"
LIMITS = Limits(seconds=10.0, memory_mb=3_000)  # a program may have sent any shapes


@st.fragment
def show() -> None:
    """Mount the invisible half of the drawing; only this reruns when a cell is pressed."""
    data: CellsData = {"answer": st.session_state.get(ANSWER)}
    component.component("your_code/cells")(data=data, key=KEY, on_ask_change=_answer)


def _answer() -> None:
    request = (st.session_state.get(KEY) or {}).get("ask")
    question = _question(request)
    if question is None or request is None:
        return
    st.session_state[ANSWER] = answer(st.session_state.get("your_code_job"), request["job"], question)


def _question(request: Any) -> QuestionData | None:
    """Return what the browser asks; None where it is no question."""
    if not isinstance(request, dict) or not all(
        type(request.get(name)) is int for name in ("job", "operation", "part")
    ):
        return None
    index = request.get("index")
    if not isinstance(index, list) or len(index) > 16 or not all(type(i) is int for i in index):
        return None
    return QuestionData(operation=request["operation"], part=request["part"], index=index)


def answer(job: Job | None, number: int, question: QuestionData) -> AnswerData:
    """Open a cell of a run."""
    operation, part, index = question["operation"], question["part"], question["index"]
    calls = {} if job is None else job.calls
    try:
        if operation in calls or job is None:
            cell = helper_process.call(cells.open_cell, calls.get(operation), part, index, limits=LIMITS)
        else:
            gradient = job.gradients.get((operation, part))
            uses = () if gradient is None else gradient.uses
            used = {use.operation: calls[use.operation] for use in uses if use.operation in calls}
            cell = helper_process.call(cells.open_gradient, gradient, used, index, limits=LIMITS)
    except InvalidSetting as error:
        return AnswerData(job=number, question=question, sentence=sentence(error), explanation=None, more=0)
    except Exception:  # what a program's process sent as a call need not be one
        return AnswerData(job=number, question=question, sentence=_(cells.UNKNOWN), explanation=None, more=0)
    reason = cell["sentence"]
    return AnswerData(
        job=number,
        question=question,
        sentence=_(reason) if reason else "",
        explanation=cell["explanation"],
        more=cell["more"],
    )
