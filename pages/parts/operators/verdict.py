"""The shape by formula, asked first if one likes; or PyTorch's own error, explained."""

from __future__ import annotations

import streamlit as st

from core.foundations.run_operator import Ran
from core.ops.operator import Operator, TooLarge, shape_text
from pages.shared import frame
from pages.shared.language import _, sentence


def show(operator: Operator, ran: Ran) -> bool:
    """Show the shape formula or the error; True when there are tensors to show."""
    if ran.error or ran.invalid is not None:
        _refused(ran)
        return False
    st.markdown(_("**Shape, by formula**"))
    if not _asked(operator, ran):
        return False
    if ran.formula is not None:
        for line in ran.formula.lines:
            st.latex(line)
    return True


def _refused(ran: Ran) -> None:
    if ran.error and not isinstance(ran.invalid, TooLarge):
        st.markdown(_("**PyTorch refuses.** In its own words:"))
        st.code(ran.error, language=None, wrap_lines=True)
    if ran.invalid is not None:
        st.info(_("Why: {reason}.", reason=frame.plain(sentence(ran.invalid))), icon=":material/lightbulb:")


def _asked(operator: Operator, ran: Ran) -> bool:
    """Ask for the output's shape where the reader wants that; True when it may be shown."""
    if not st.toggle(_("Ask me the shape first"), key="operators_ask", bind="query-params"):
        return True
    output = ran.formula.output if ran.formula else ()
    guess = st.text_input(
        _("Your guess: the shape of y, for example (2, 3), or () for a single number"),
        key=f"operators_guess_{operator.name}", max_chars=40,
    )  # fmt: skip
    if not guess:
        return False
    digits = guess.strip().strip("()[] ,")
    right = ", ".join(map(str, output))
    if digits.replace(" ", "") == right.replace(" ", ""):
        st.success(_("Yes, {shape}.", shape=shape_text(output)), icon=":material/check:")
    else:
        st.info(_("It is {shape}. The formula shows why.", shape=shape_text(output)), icon=":material/lightbulb:")
    return True
