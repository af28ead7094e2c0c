"""Two layers, four ways: one network in NumPy, tensors, Sequential and Module, in lockstep."""

from __future__ import annotations

import streamlit as st

from core.foundations.two_layers import WaysSettings
from pages.parts.two_layers import (
    derivation,
    lockstep,
    mistakes,
    numpy_torch,
    programs,
    sgd,
    sizes,
    timing,
)
from pages.shared import address, claims, frame
from pages.shared.language import _

frame.heading(
    _("Two layers, four ways"),
    _(
        "The same network in NumPy, in torch tensors, with autograd, and as a Module: line by line, and"
        " in lockstep."
    ),
)


def _programs(settings: WaysSettings) -> None:
    programs.show(settings)
    lockstep.show(settings)


def _timing(settings: WaysSettings) -> None:
    timing.show(settings)
    numpy_torch.show()


def _claims(_settings: WaysSettings) -> None:
    st.header(_("Two claims, run"), anchor=False)
    claims.show("two_layers", "two_layers_exp")


PARTS = {
    "programs": _programs,
    "derivation": derivation.show,
    "mistakes": lambda _settings: mistakes.show(),
    "timing": _timing,
    "sgd": sgd.show,
    "claims": _claims,
}
names = {
    "programs": _("The four programs"),
    "derivation": _("The derivation"),
    "mistakes": _("Spot the mistake"),
    "timing": _("NumPy and torch"),
    "sgd": _("SGD and Adam"),
    "claims": _("Two claims, run"),
}
BELONGS = {
    "two_layers_mistake": "mistakes",
    "two_layers_exp": "claims",
}  # in addresses from before the lesson had parts
if "two_layers_part" not in st.session_state:
    older = [named for key, named in BELONGS.items() if key in st.query_params]
    st.session_state["two_layers_part"] = older[0] if older else "programs"
part = address.choose(
    st.segmented_control,
    _("Part of the lesson"),
    list(PARTS),
    "two_layers_part",
    format_func=names.__getitem__,
    required=True,
    label_visibility="collapsed",
)
for key, named in BELONGS.items():
    if named != part:
        address.remember(key, "", "")
with frame.error_boundary():
    PARTS[part](sizes.settings())
