"""Two layers, four ways: one network in NumPy, tensors, Sequential and Module, in lockstep."""

from __future__ import annotations

import streamlit as st

from pages.parts.two_layers import derivation, mistakes, numpy_torch, programs, sgd, sizes, timing
from pages.shared import address, claims, frame
from pages.shared.language import _

frame.opening("two_layers")


def _programs() -> None:
    programs.show(sizes.settings(compact=False))


def _derivation() -> None:
    derivation.show(sizes.settings(compact=True))


def _mistakes() -> None:
    sizes.keep()
    mistakes.show()


def _timing() -> None:
    timing.show(sizes.settings(compact=True))
    numpy_torch.show()


def _sgd() -> None:
    sgd.show(sizes.settings(compact=True))


def _claims() -> None:
    sizes.keep()
    st.header(_("Two claims, run"), anchor=False)
    claims.show("two_layers", "two_layers_exp")


PARTS = {
    "programs": _programs,
    "derivation": _derivation,
    "mistakes": _mistakes,
    "timing": _timing,
    "sgd": _sgd,
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
    PARTS[part]()
