"""What a schedule and an augmentation will do, before the run: the curve of the rate, and some changed digits."""

from __future__ import annotations

import streamlit as st
import torch

from core import datasets
from core.datasets import normalise
from core.errors import InvalidSetting
from core.figures import schedule as figures
from core.rng import seeded
from core.training import learning_rate
from core.training.augmentation import augment
from core.training.config import TrainConfig
from core.training.schedule import Schedule, epoch_seed
from pages.shared import workspace
from pages.shared.language import _
from pages.shared.live_chart import redrawn_figure

SHOWN = 8  # digits, in one row


def show(config: TrainConfig) -> None:
    """Draw the learning rate over the run where it changes, and digits as the run will see them."""
    if config.schedule != "constant":
        examples, _tested = workspace.IMAGES[config.dataset]
        steps, rates = learning_rate.curve(config, Schedule.of(config, examples))
        figure = figures.rate_curve(steps, rates, _("batch"), _("learning rate"))
        redrawn_figure(figure, key="train_rate_curve", alt=_("Learning rate over the run"))
    if config.augments:
        _digits(config)


def _digits(config: TrainConfig) -> None:
    """Show the first digits as they are and as the seed's first epoch changes them."""
    try:
        images = normalise(datasets.load(config.dataset).train_images[:SHOWN])
    except InvalidSetting:
        st.caption(_("The training images are not on this machine, so their augmentation cannot be shown."))
        return
    with seeded(epoch_seed(config.seed, 1)):
        changed = augment(images, config.shift, config.rotate)
    rows = torch.stack([images, changed])[:, :, 0].numpy()
    figure = figures.digit_rows(rows)
    redrawn_figure(figure, key="train_augmented", alt=_("Digits before and after augmentation"))
    st.caption(_("Above: images as they are. Below: the same images augmented."))
