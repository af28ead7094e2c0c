"""Predict, then reveal: a question with its possible answers; what is true shows after one is chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from pages.shared import progress
from pages.shared.language import _


def predict(question: str, answers: Mapping[str, str], right: str | Callable[[], str], key: str) -> bool:
    """Ask ``question`` and return whether it was answered; says which answer is true, never reproachfully.

    ``answers`` maps codes to sentences in the reader's language; ``right`` is the code of the true one, or
    finds it once an answer was given. What was answered is kept with the reader's progress, under ``key``.
    """
    first = _("First guess:")
    guess = st.radio(
        f"{first} {question}",
        list(answers),
        index=None,
        format_func=lambda code: answers[code],
        key=key,
        persist_state="session",
    )
    if guess is None:
        st.caption(_("Choose an answer; then it is run."))
        return False
    answer = right if isinstance(right, str) else right()
    _note(key, guess, answer)
    if guess == answer:
        st.success(_("Yes: {answer}", answer=answers[answer]), icon=":material/check:")
    else:
        st.info(_("Not quite. It is: {answer}", answer=answers[answer]), icon=":material/lightbulb:")
    return True


def _note(key: str, guess: str, right: str) -> None:
    """Keep a new answer with the reader's progress."""
    noted = f"{key}_noted"
    if st.session_state.get(noted) != guess:
        st.session_state[noted] = guess
        progress.note("prediction", key, guess, guess == right)
