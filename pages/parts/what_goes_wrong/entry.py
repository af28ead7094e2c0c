"""One mistake: its program, the guess, what really happened, why, and the repaired program."""

from __future__ import annotations

import streamlit as st

from core.script.library import REPAIRED, Entry
from core.script.library.outcome import Outcome, run
from core.script.program_record import Error, Finding
from core.sentence import Sentence
from pages.shared import lessons, markdown
from pages.shared.language import _, current
from pages.shared.predict import predict


@st.cache_data(max_entries=300, show_spinner=False)
def run_isolated(program: str, key: str) -> Outcome:
    """Run the program of an entry in a process of its own, once."""
    return run(program, key)


def show(entry: Entry) -> None:
    """Show the program, ask what happens, and run it when the question is answered."""
    with st.container(key="what_goes_wrong_title"):
        st.header(f"{markdown.plain(_(entry.title))}  `{entry.key}`", anchor=False)
    st.code(entry.program.rstrip(), language="python", line_numbers=True, wrap_lines=True)
    _open(entry.name)
    key = f"what_goes_wrong_guess_{entry.name}"
    outcome: Outcome | None = None
    if st.session_state.get(key) is not None:  # nothing runs before the guess
        with st.spinner(_("Running…")):
            outcome = run_isolated(entry.program, entry.key)
    predict(
        _("When this program runs…"),
        {
            "error": _("it stops with an error"),
            "finding": _("it runs to its end, and does not do what it should"),
            "well": _("it runs, and all is well"),
        },
        outcome.kind if outcome is not None else "",
        key,
    )
    if outcome is None:
        return
    if outcome.error is not None:
        _error(entry, outcome.error)
    elif outcome.finding is not None:
        _finding(entry, outcome.finding)
    if outcome.printed:
        st.caption(_("What it printed last:"))
        st.code("\n".join(outcome.printed), language=None, wrap_lines=True)
    with st.container(key="what_goes_wrong_title_repaired"):
        st.subheader(_("The repaired program"), anchor=False)
    st.code(entry.repaired.rstrip(), language="python", line_numbers=True, wrap_lines=True)
    _open(entry.name + REPAIRED)


def _open(program: str) -> None:
    lessons.link("your_code", _("Open in Your code"), {"your_code_program": program})


def _error(entry: Entry, error: Error) -> None:
    where = _("Line {line}, in this expression:", line=error.line)
    st.markdown(f"**{where}**")
    st.code(error.expression or entry.program.splitlines()[error.line - 1].strip(), language="python")
    for one in error.operands:
        st.text(f"{one.name}: {list(one.shape)} {one.dtype} {one.device}")
    st.code(f"{error.type}: {error.message}", language=None, wrap_lines=True)
    _why(error.why, error.repair)


def _finding(entry: Entry, finding: Finding) -> None:
    where = _("No error. Line {line}:", line=finding.line)
    st.markdown(f"**{where}**")
    st.code(entry.program.splitlines()[finding.line - 1].strip(), language="python")
    _why(finding.evidence, finding.repair)


def _why(why: Sentence, repair: Sentence) -> None:
    st.info(markdown.plain(why.text(current())), icon=":material/lightbulb:")
    st.success(markdown.plain(repair.text(current())), icon=":material/build:")
