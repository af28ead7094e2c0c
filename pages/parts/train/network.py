"""The network's card: what print(net) says, and shapes and parameters of each layer."""

from __future__ import annotations

import streamlit as st

from core.networks import registry
from core.networks.summary import NetCard, net_card
from pages.shared.language import _, prose


@st.cache_resource(show_spinner=False, max_entries=16)
def _card(name: str, dropout: float) -> NetCard:
    return net_card(name, dropout)


def show(name: str, dropout: bool) -> None:
    """Show the card of network ``name``."""
    card = _card(name, 0.5 if dropout else 0.0)
    st.markdown(_("**{count}** parameters that training changes.", count=f"{card.count:,}"))
    st.table(_rows(card), hide_index=True)
    st.caption(_("In a shape, N is the number of images in the batch."))
    st.markdown("`print(net)`")
    st.code(card.printed, language=None)
    st.markdown(prose("train", f"network-{registry.spec(name).output}"))


def _rows(card: NetCard) -> list[dict[str, str | int]]:
    return [
        {
            _("Layer"): layer.name,
            _("Kind"): layer.kind,
            _("In"): _shape(layer.input_shape),
            _("Out"): _shape(layer.output_shape),
            _("Parameters"): " + ".join(f"{name} {'×'.join(map(str, shape))}" for name, shape in layer.parameters),
            _("Numbers"): layer.count,
        }
        for layer in card.layers
    ]


def _shape(shape: tuple[int, ...]) -> str:
    """Return a shape that a phone breaks over two lines at most: between the channels and the rows."""
    sizes = ["N", *map(str, shape[1:])]
    return "(" + ", ".join(",\u00a0".join(sizes[at : at + 2]) for at in range(0, len(sizes), 2)) + ")"
