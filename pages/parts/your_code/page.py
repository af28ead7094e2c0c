"""The drawing of the page and what it asks for: a run, its end, and looks at how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.errors import InvalidSetting
from core.script.examples import examples
from core.script.library import program
from core.script.process.job import DONE, Job
from core.script.process.launcher import launcher
from pages.parts.your_code import cells, data, exports
from pages.parts.your_code.data import ProgramData
from pages.shared import component, helper_process, keys, markdown, press
from pages.shared.language import sentence

EVERY = 0.4  # seconds between two looks
JOB, NUMBER, REFUSED = "your_code_job", "your_code_number", "your_code_refused"
RUN_PRESSED = "your_code_wanted"  # Run was pressed and is not done yet
PROGRAM, VISIT = "your_code_program", "your_code_visit"  # the first in the address: a link that opens a program
KEY = "your_code_page"


def show() -> None:
    """Show the page; only the drawing runs again while a program runs."""
    launcher().prepare()
    job: Job | None = st.session_state.get(JOB)
    running = job is not None and job.state != DONE
    st.fragment(_drawing, run_every=EVERY if running else None)(running, _linked_program())
    cells.show()


def _linked_program() -> ProgramData:
    """Return the program that the address names."""
    name = st.query_params.get(PROGRAM, "")
    visit: tuple[str, int] = st.session_state.get(VISIT, ("", 0))
    if name != visit[0]:
        visit = st.session_state[VISIT] = (name, visit[1] + 1)
    example = next((one.text for one in examples() if one.key == name), None)
    return ProgramData(visit=visit[1], text=example or program(name) or "")


def _drawing(running: bool, linked_program: ProgramData) -> None:
    _begin()
    refused: InvalidSetting | None = st.session_state.get(REFUSED)
    if refused is not None:
        st.error(markdown.plain(sentence(refused)))
    job: Job | None = st.session_state.get(JOB)
    component.component("your_code/page")(
        data=data.of_page(
            job, st.session_state.get(NUMBER, 0), linked_program, st.session_state.get(keys.TOKEN, "")
        ),
        key=KEY,
        on_run_change=_ask,
        on_stop_change=_stop,
    )
    if job is not None and job.record is not None:
        exports.show(job, job.record)
    if (job is not None and job.state != DONE) != running:
        st.rerun()  # begin, or cease, to look again and again


def _message(name: str) -> Any:
    return (st.session_state.get(KEY) or {}).get(name)


def _ask() -> None:
    """Let the page run the program that the browser sent."""
    request = _message("run")
    if isinstance(request, dict) and isinstance(request.get("text"), str):
        press.keep(RUN_PRESSED, request)


def _begin() -> None:
    """Start the program that was sent, in place of the one before it."""
    pending_press = press.pending(RUN_PRESSED)
    if pending_press is None:
        return
    before: Job | None = st.session_state.get(JOB)
    st.session_state[REFUSED] = None
    try:
        job = pending_press.once(lambda: _start(before, pending_press.value))
    except InvalidSetting as error:
        st.session_state[REFUSED] = error
    else:
        if job is not before:
            st.session_state[NUMBER] = st.session_state.get(NUMBER, 0) + 1
            st.session_state[JOB] = job
    press.forget(RUN_PRESSED)


def _start(before: Job | None, request: Mapping[str, object]) -> Job:
    owner = helper_process.owner()
    if before is not None:
        before.stop()
    return launcher().start(str(request["text"]), owner, _shape(request.get("shape")))


def _shape(shape: object) -> list[int] | None:
    if isinstance(shape, list) and 0 < len(shape) < 9 and all(type(n) is int and 0 < n < 10**6 for n in shape):
        return shape
    return None


def _stop() -> None:
    job: Job | None = st.session_state.get(JOB)
    if job is not None:
        job.stop()
