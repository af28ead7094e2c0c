"""Two layers, four ways: one network in NumPy, tensors, Sequential and Module, in lockstep."""

from __future__ import annotations

import streamlit as st

from pages.parts.two_layers import derivation, mistakes, numpy_torch, programs, settings, sgd, sizes, timing
from pages.shared import address, claims, frame, widgets
from pages.shared.language import _

CLAIM = "two_layers_exp"  # the one that is opened, in the address
head = st.container()


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
    claims.show("two_layers", CLAIM)


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
    settings.MISTAKE.name: "mistakes",
    CLAIM: "claims",
}  # in addresses from before the lesson had parts
if settings.PART.name not in st.session_state:
    older = [named for key, named in BELONGS.items() if key in st.query_params]
    st.session_state[settings.PART.name] = older[0] if older else "programs"
part = widgets.choose(settings.PART, _("Part of the lesson"), names, label_visibility="collapsed")
with head:
    frame.opening("two_layers", part)
for key, named in BELONGS.items():
    if named != part:
        address.remember(key, "", "")
with frame.error_boundary():
    PARTS[part]()
