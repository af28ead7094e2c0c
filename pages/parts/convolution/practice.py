"""Predict the size: a small series of exercises, answered with the arithmetic."""

from __future__ import annotations

import re

import streamlit as st

from core.convolution import exercises
from core.convolution.exercises import Exercise
from core.convolution.layer import CLASSES, Layer
from pages.parts.convolution import settings
from pages.shared import address, frame, progress, widgets
from pages.shared.language import _


@st.fragment
def show() -> None:
    """Show one exercise, its answer once there is one, and the way to the next."""
    frame.part(_("Predict the size"))
    level = int(widgets.choose(settings.LEVEL, _("Level"), {code: code for code in settings.LEVEL.options}))
    seed = _draw()
    task = exercises.exercise(level, seed)
    st.code("\n".join(map(_code, task.layers)), language="python", wrap_lines=True)
    side = task.layers[0].size[0]
    st.markdown(_("The input is {side}×{side} cells.", side=side) + f" **{_question(task)}**")
    key = f"convolution_answer_{level}_{seed}"
    answer = st.number_input(
        _("Your answer"), 0, 100_000, None, key=key, placeholder="?", on_change=_note, args=(key, task.answer)
    )
    if answer is not None:
        _reveal(task, int(answer))
    _ways_on(level, seed)


def _note(key: str, right: int) -> None:
    answer = st.session_state.get(key)
    if answer is not None:
        progress.note("exercise", key, int(answer), int(answer) == right)


def _draw() -> int:
    """Return which exercise of the level is drawn; it is in the address, so that one can send an exercise."""
    start = str(settings.EXERCISE.default)
    text = address.stored_text(settings.EXERCISE.name, start)
    seed = int(text) if re.fullmatch(r"[0-9]{1,6}", text) else 0
    address.remember(settings.EXERCISE.name, str(seed), start)
    return seed


def _code(layer: Layer) -> str:
    """Write the layer as PyTorch code, what is asked for left open."""
    options = {name: value[0] if isinstance(value, tuple) else value for name, value in layer.arguments().items()}
    keep = ("in_channels", "out_channels", "kernel_size")
    defaults = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1, "output_padding": 0, "bias": True}
    arguments = [
        f"{name}={value}" for name, value in options.items() if name in keep or value != defaults.get(name, False)
    ]
    return f"nn.{CLASSES[layer.kind].__name__}({', '.join(arguments)})"


def _question(task: Exercise) -> str:
    if task.asks == exercises.PADDING:
        return _("Which padding keeps the size?")
    if task.asks == exercises.FLATTEN:
        return _("How many numbers does flatten give at the end?")
    return _("What size comes out at the end?") if len(task.layers) > 1 else _("What size comes out?")


def _reveal(task: Exercise, answer: int) -> None:
    """Return whether it is right, always with the arithmetic, and where a wrong answer may have come from."""
    if answer == task.answer:
        st.success(_("Right."), icon=":material/check:")
    else:
        st.info(_("It is {answer}.", answer=task.answer), icon=":material/lightbulb:")
        why = exercises.mistake(task, answer)
        if why:
            st.markdown(_(why))
    st.code("\n".join(task.arithmetic()), language=None, wrap_lines=True)


def _ways_on(level: int, seed: int) -> None:
    def draw() -> None:
        st.session_state[settings.EXERCISE.name] = str(seed + 1)

    def harder() -> None:
        st.session_state[settings.LEVEL.name] = str(level + 1)

    again, on = st.columns(2)
    again.button(_("Another at this level"), on_click=draw, key="convolution_another", width="stretch")
    on.button(
        _("The next level"),
        on_click=harder,
        key="convolution_harder",
        disabled=level >= exercises.LEVELS,
        width="stretch",
    )
