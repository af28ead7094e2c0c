"""The picture of the network that the rows build, with a digit going through it."""

from __future__ import annotations

import base64
from typing import TypedDict

import streamlit as st

from core.convolution import inputs
from core.errors import InvalidSetting
from core.layer_facts import LayerFacts
from core.live.convolution.run import digits
from core.networks import stack as stacks
from core.networks.stack import Stack
from core.recognise.forward import forward
from core.recognise.layer_data import as_bytes, facts_of, numbers_of
from pages.shared import picture
from pages.shared.component import component
from pages.shared.language import _, sentence
from pages.shared.picture import PictureWords

SEED = 0  # of the weights: those of print(net) below


class DrawnData(TypedDict):
    """One forward pass; ``numbers`` are float32 in base64: the input, each layer's values, weights and biases."""

    title: str
    image: list[int]
    layers: list[LayerFacts]
    numbers: str
    words: PictureWords


def show(stack: Stack) -> None:
    """Draw the network of a stack that can be built, or say why it is not drawn."""
    if stack.problem():
        return
    try:
        image, layers, numbers = _passed(stack.text)
    except InvalidSetting as refused:
        st.caption(sentence(refused))
        return
    data: DrawnData = {
        "title": stack.text,
        "image": image,
        "layers": layers,
        "numbers": numbers,
        "words": picture.words(),
    }
    component("convolution/network_picture")(data=data, key="convolution_drawn")
    st.caption(
        _("A digit goes through the network with the weights that it begins with: it has learned nothing yet.")
    )


@st.cache_data(max_entries=50, show_spinner=False)
def _passed(text: str) -> tuple[list[int], list[LayerFacts], str]:
    """Return the shape of the input, what is known of each layer, and all numbers."""
    stack = stacks.parse(text)
    channels, height, width = stack.input
    x = inputs.repeated(inputs.resized(digits(0, 1), height, width), channels)
    passed = forward(stack.build(seed=SEED).eval(), x[None])
    numbers = as_bytes(numbers_of(passed, weighted=True))
    layers = [facts_of(layer) for layer in passed.layers]
    return list(passed.image.shape), layers, base64.b64encode(numbers).decode("ascii")
