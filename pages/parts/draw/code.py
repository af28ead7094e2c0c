"""The script that prints the same probabilities for this drawing, and the weights it needs."""

from __future__ import annotations

import io

import streamlit as st
import torch

from core.export.recognise_script import script
from core.recognise import Answer, Reader
from pages.parts.draw.source import Source
from pages.shared.code_panel import show_the_code
from pages.shared.language import _

WEIGHTS = "reader.pth"


def show(source: Source, readers: list[tuple[str, Reader]], answered: list[Answer]) -> None:
    """Show the script of the first network."""
    reader, answer = readers[0][1], answered[0]
    text = script(reader.net, reader.input_size, source.sketch.image, answer.doubt, WEIGHTS)
    if text is None:
        st.caption(_("There is a script for the two LeNets, the MNIST network and the built-in network."))
        return
    show_the_code(text, "recognise.py", "draw_code")
    st.download_button(
        _("Download its weights, {file}", file=WEIGHTS),
        lambda: _weights(reader),
        file_name=WEIGHTS,
        mime="application/octet-stream",
        key="draw_weights",
        on_click="ignore",
    )


def _weights(reader: Reader) -> bytes:
    buffer = io.BytesIO()
    torch.save(reader.net.state_dict(), buffer)
    return buffer.getvalue()
