"""What ToTensor and Normalize do to all pixels: the histogram before and after, on one axis."""

from __future__ import annotations

import streamlit as st
import torch

from core import dataloading
from core.dataloading import Pixels
from core.datasets import MEAN, STD, Dataset
from core.figures import palette
from core.numerals import fixed
from pages.parts.digits import histogram
from pages.parts.digits.histogram import Histogram
from pages.shared.language import _

BINS = 64
LOW, HIGH = -0.5, 3.0  # of the axis: both histograms lie in it


@st.cache_data(show_spinner=False, max_entries=4)
def counted(name: str, part: str, _data: Dataset) -> Pixels:  # noqa: ARG001 (the cache's key)
    """Count the bytes of a part once."""
    return dataloading.pixels(dataloading.part_of(_data, part)[0])


def show(data: Dataset, part: str) -> None:
    """Draw both histograms and say what Normalize changed and what it did not."""
    pixels = counted(data.name, part, data)
    shares = pixels.binned(BINS).tolist()
    low, high = (float(_normalised(value)) for value in (0.0, 1.0))
    means = pixels.mean, float(_normalised(pixels.mean))
    before = Histogram(0.0, 1.0, shares, means[0], palette.CURVES[0])
    after = Histogram(low, high, shares, means[1], palette.CURVES[1])
    titles = _("Histogram of all pixels after ToTensor"), _("Histogram of all pixels after Normalize")
    marks = [_("mean {mean}", mean=histogram.number(mean)) for mean in means]
    st.markdown(_("**After ToTensor**: the byte p becomes p / 255."))
    st.html(histogram.STYLE + histogram.html_of(before, LOW, HIGH, marks[0], titles[0]))
    st.markdown(_("**After Normalize**: x becomes (x − {mean}) / {std}.", mean=MEAN, std=STD))
    st.html(histogram.html_of(after, LOW, HIGH, marks[1], titles[1]))
    st.caption(_("All pixels of this part; the height of a bar is the logarithm of its share."))
    st.markdown(
        _(
            "Here the mean goes from {mean} to {new_mean} and the std from {std} to {new_std}. The histogram "
            "keeps its shape, it is only shifted and stretched: {paper} of the pixels are empty paper, before at "
            "0 and now at {low}. The data does not become normally distributed.",
            mean=f"{pixels.mean:.4f}",
            new_mean=fixed(float(_normalised(pixels.mean)), 4),
            std=f"{pixels.std:.4f}",
            new_std=f"{pixels.std / STD:.4f}",
            paper=f"{pixels.paper:.0%}",
            low=fixed(low, 4),
        )
    )
    if data.name != "mnist":
        st.markdown(
            _(
                "0.1307 and 0.3081 are the mean and std of MNIST's training images. For these digits they are "
                "{mean} and {std}; normalise new images with the numbers that the network was trained with.",
                mean=f"{pixels.mean:.4f}",
                std=f"{pixels.std:.4f}",
            )
        )


def _normalised(value: float) -> torch.Tensor:
    return (torch.tensor(value, dtype=torch.float64) - MEAN) / STD
