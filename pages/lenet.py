"""LeNet, step by step: forward, loss, backward and update, one operation at a time, any number opened."""

from __future__ import annotations

import streamlit as st

from pages.parts.lenet import choices, stage
from pages.shared import frame

frame.opening("lenet")
with frame.error_boundary(), st.container(key="lenet_first"):
    with st.container(key="lenet_choices"):  # on a phone it stands under the drawing
        network = choices.choose_network()
    stage.show(network)
