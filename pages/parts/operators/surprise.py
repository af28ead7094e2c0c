"""One thing that surprises people: guess, then the program is really run."""

from __future__ import annotations

import streamlit as st

from core.foundations.execution import printed_by
from core.ops.operator import Operator, Surprise
from pages.shared import frame, helper_process
from pages.shared.code_panel import show_the_code
from pages.shared.language import _
from pages.shared.predict import predict


@st.cache_data(show_spinner=False)
def _printed(program: str) -> str:
    return helper_process.call(printed_by, program)


def show(operator: Operator, surprise: Surprise) -> None:
    """Ask the operator's question; after an answer, run its program and explain."""
    st.header(_("A common surprise"), anchor=False)
    answers = {code: _(text) for code, text in surprise.answers.items()}
    if not predict(_(surprise.question), answers, surprise.right, f"operators_guess_surprise_{operator.name}"):
        return
    program, output = st.columns(2)
    program.caption(_("The program"))
    program.code(surprise.program, language="python")
    output.caption(_("What it printed just now"))
    with output, frame.error_boundary():
        st.code(_printed(surprise.program), language=None, wrap_lines=True)
    st.markdown(_(surprise.why))
    show_the_code(surprise.program, f"{operator.name}_surprise.py", f"operators_surprise_{operator.name}")
