"""The first six test images with their labels, as the tutorial shows them."""

from __future__ import annotations

import streamlit as st

from core.datasets import Dataset
from core.figures import digits
from pages.shared.language import _

CODE = """\
examples = enumerate(test_loader)
batch_idx, (example_data, example_targets) = next(examples)
print(example_targets)
print(example_data.shape)  # torch.Size([1000, 1, 28, 28])"""


def show(data: Dataset) -> None:
    """Show six images, each with the label that a person gave it."""
    st.subheader(_("Six examples, with their labels"), anchor=False)
    labels = data.test_labels[:6].tolist()
    captions = [_("Ground truth: {label}", label=label) for label in labels]
    st.html(digits.gallery(data.test_images[:6].numpy(), captions, side=130))
    st.caption(
        _(
            "An image is 28×28 numbers; a batch of 1000 of them is a tensor of shape (1000, 1, 28, 28): images,"
            " channels (grey has one), rows, columns. The label is what the network is to answer."
        )
    )
    with st.expander(_("In the tutorial's code"), icon=":material/code:"):
        st.code(CODE, language="python")
