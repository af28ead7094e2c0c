"""Every argument of an operator as a control, kept in the address."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.errors import InvalidSetting
from core.ops.operator import Argument, Operator, Values, parse
from pages.shared import address, frame
from pages.shared.language import _, sentence

LABELS = {"shape": "x.shape", "mat2": "mat2.shape"}


def values(operator: Operator) -> tuple[Values, int]:
    """Show the controls and return the arguments' values and the seed; ``InvalidSetting`` for a wrong text."""
    raw: dict[str, Any] = {}
    cells = _cells(len(operator.arguments) + 1)
    for argument, cell in zip(operator.arguments, cells, strict=False):
        with cell:
            raw[argument.name] = _control(operator, argument)
    with cells[-1]:
        seed = st.number_input("torch.manual_seed", 0, 2**31 - 1, 0, key="operators_seed", bind="query-params")
    return _parsed(operator, raw), seed


def _parsed(operator: Operator, raw: dict[str, Any]) -> Values:
    """Return the values; where several texts are wrong each is said, the last by the ``InvalidSetting``."""
    values: Values = {}
    errors: list[InvalidSetting] = []
    for argument in operator.arguments:
        try:
            values[argument.name] = parse(argument, raw[argument.name])
        except InvalidSetting as error:
            errors.append(error)
    for wrong in errors[:-1]:
        st.error(frame.plain(sentence(wrong)))
    if errors:
        raise errors[-1]
    return values


def _cells(count: int) -> list[DeltaGenerator]:
    """Return ``count`` places in rows of four; a phone stacks them row by row, in the signature's order."""
    rows = [st.columns(4) for _row in range(-(-count // 4))]
    return [cell for row in rows for cell in row][:count]


def _control(operator: Operator, argument: Argument) -> Any:
    key = f"operators_{operator.name}_{argument.name}"
    label = LABELS.get(argument.name, argument.name)
    if argument.kind == "shape" and argument.name in ("target", "other"):
        label = f"{argument.name}.shape"
    if argument.kind == "bool":
        return st.toggle(label, argument.default, key=key, bind="query-params")
    if argument.kind == "int":
        return st.number_input(
            label, int(argument.low), int(argument.high), argument.default, key=key, bind="query-params"
        )
    if argument.kind == "float":
        return st.number_input(
            label, float(argument.low), float(argument.high), float(argument.default), 0.1, "%g", key=key,
            bind="query-params",
        )  # fmt: skip
    if argument.kind in ("choice", "word"):
        return address.choose(st.selectbox, label, list(argument.options), key, default=argument.default)
    return st.text_input(label, argument.default, max_chars=40, key=key, bind="query-params", help=_help(argument))


def _help(argument: Argument) -> str:
    examples = " · ".join(f"`{text}`" for text in argument.examples[:4])
    if argument.kind == "numbers":
        return _("Numbers with commas, or nothing for None. For example {examples}", examples=examples)
    return _("Whole numbers with commas. For example {examples}", examples=examples)
