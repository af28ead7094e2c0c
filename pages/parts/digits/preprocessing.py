"""The way into the network, step by step: what the Dataset holds, each transform's tensor, and a batch."""

from __future__ import annotations

import html
from dataclasses import dataclass

import numpy as np
import streamlit as st
import torch
from torch import Tensor

from core import dataloading
from core.datasets import MEAN, STD
from core.figures import digits
from core.figures.digits import Picture
from pages.parts.digits.controls import Choice
from pages.shared import figures
from pages.shared.language import _

STYLE = """<style>
.sw-way {display: grid; grid-template-columns: repeat(auto-fit, minmax(165px, 1fr)); gap: .75rem}
.sw-way figure {margin: 0; border: 1px solid #8885; border-radius: 8px; padding: .5rem .6rem; position: relative;
  display: grid; grid-row: span 4; grid-template-rows: subgrid; row-gap: 0}
.sw-way img {width: 150px; height: 150px; object-fit: contain; image-rendering: pixelated; display: block;
  margin: .35rem auto; border: 1px solid #8886}
.sw-way code {display: block; font-size: .75rem; line-height: 1.35; white-space: pre-wrap;
  background: none; padding: 0; color: inherit}
.sw-way b {display: block; font-size: .95rem}
.sw-way figcaption {font-size: .82rem; line-height: 1.4; font-variant-numeric: tabular-nums}
@media (min-width: 1800px) { /* a projector: all of its width is used (frame.css keeps the place) */
  .sw-way img {width: 250px; height: 250px}
  .st-key-digits_preprocessing .sw-figure {width: calc((100% - 5 * .6rem) / 6) !important; max-width: 230px}
}
@media (min-width: 1200px) {
  .sw-way figure + figure::before {content: "→"; position: absolute; left: -.85rem; top: 45%; font-size: 1rem}
}
</style>"""
EXAMPLES = 6


@dataclass(frozen=True)
class Step:
    """One step's picture with its name, its code, and what one can say of its tensor."""

    name: str
    code: str
    picture: Picture
    facts: tuple[str, ...]


def show(choice: Choice, batch: tuple[Tensor, Tensor]) -> None:
    """Show the four steps beside each other, and under them the first examples of the batch."""
    steps = _steps(choice, batch)
    st.html(f'{STYLE}<div class="sw-way">{"".join(map(_card, steps))}</div>')
    images, labels = batch
    pictures = _paper(images[:EXAMPLES, 0])
    captions = [_("Ground truth: {label}", label=label) for label in labels[:EXAMPLES].tolist()]
    st.html(figures.gallery(255 - pictures, captions, side=112))


def _steps(choice: Choice, batch: tuple[Tensor, Tensor]) -> list[Step]:
    settings = choice.settings
    one = dataloading.sample(choice.data, settings.part, choice.index)
    stored = np.asarray(one.picture)
    images, labels = batch
    columns = max(1, round(len(images) ** 0.5))
    return [
        Step(
            "Dataset",
            f"picture, label = dataset[{choice.index}]",
            255 - stored,
            (
                _("PIL image, {width}×{height}, mode {mode}", width=28, height=28, mode=one.picture.mode),
                "uint8 · " + _range(torch.from_numpy(stored.copy())),
                _("label {label}", label=one.label),
            ),
        ),
        Step("ToTensor", "x = ToTensor()(picture)", _paper(one.tensor[0]), _facts(one.tensor)),
        Step(
            "Normalize",
            f"x = Normalize(({MEAN},), ({STD},))(x)",
            digits.signed(one.normalised[0].numpy(), 3.0),
            (*_facts(one.normalised), _("blue above 0, orange below")),
        ),
        Step(
            "DataLoader",
            "images, labels = next(iter(loader))",
            digits.montage(images[:, 0].numpy() - float(images.min()), columns),
            (*_facts(images), f"labels {tuple(labels.shape)} {str(labels.dtype).removeprefix('torch.')}"),
        ),
    ]


def _paper(image: Tensor) -> np.ndarray:
    """Return a tensor as dark ink on light paper, uint8, its smallest number white and its largest black."""
    low, high = image.min(), image.max()
    share = (image - low) / (high - low) if high > low else torch.zeros_like(image)
    return (255 - (255 * share).round()).to(torch.uint8).numpy()


def _facts(x: Tensor) -> tuple[str, ...]:
    return (f"{tuple(x.shape)} {str(x.dtype).removeprefix('torch.')}", _range(x))


def _range(x: Tensor) -> str:
    low, high, mean = x.min().item(), x.max().item(), x.float().mean().item()
    return _("{low} to {high}, mean {mean}", low=_text(low), high=_text(high), mean=_text(mean))


def _text(value: float) -> str:
    return f"{value:.4g}".replace("-", "−")


def _card(step: Step) -> str:
    lines = "<br>".join(html.escape(fact) for fact in step.facts)
    words = html.escape(f"{step.name}: {step.facts[0]}", quote=True)
    image = f'<img{figures.ground_class(step.picture)} src="{digits.uri(step.picture)}" alt="{words}">'
    return (
        f"<figure><b>{step.name}</b><code>{html.escape(step.code)}</code>{image}"
        f"<figcaption>{lines}</figcaption></figure>"
    )
