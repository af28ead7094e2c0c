"""The worst mistakes as one element: small pictures inside the page itself, so that none can be missing."""

from __future__ import annotations

import base64
import html
import io

import streamlit as st
from PIL import Image
from torch import Tensor

from core.figures.training import share_of_truth
from core.training.events import Mistake
from pages.shared.language import _

STYLE = """
<style>
.mistakes { display: grid; grid-template-columns: repeat(auto-fill, minmax(6.2rem, 1fr)); gap: .8rem; margin: 0; }
.mistakes figure { margin: 0; }
.mistakes img { width: 84px; height: 84px; image-rendering: pixelated; border: 1px solid #8884; }
.mistakes figcaption { font-size: .82rem; line-height: 1.35; }
</style>
"""


def show(mistakes: tuple[Mistake, ...], images: Tensor) -> None:
    """Show each mistake with what is true, what was read, and how likely the truth seemed."""
    st.html(f'{STYLE}<div class="mistakes">{"".join(_one(each, images[each.index]) for each in mistakes)}</div>')


def _one(mistake: Mistake, image: Tensor) -> str:
    words = _("{label}, read as {predicted}", label=mistake.label, predicted=mistake.predicted)
    share = _("p({label}) = {share}", label=mistake.label, share=share_of_truth(mistake.loss))
    words, share = html.escape(words), html.escape(share)
    source = f"data:image/png;base64,{_png(image)}"
    return f'<figure><img src="{source}" alt="{words}"><figcaption>{words}<br>{share}</figcaption></figure>'


def _png(image: Tensor) -> str:
    """Return a 28x28 picture, black ink on white, as a PNG in base64."""
    buffer = io.BytesIO()
    Image.fromarray(255 - image.numpy()).save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()
