"""After each test: what the first layer looks for, what is mistaken for what, and the worst mistakes."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core import datasets
from core.errors import InvalidSetting
from core.figures import training as figures
from core.training.events import Tested
from core.training.run_folder import RunFolder
from core.training.run_labels import decimal
from pages.parts.train import gallery, news, settings, weights
from pages.shared import markdown, widgets
from pages.shared.language import _, prose, sentence
from pages.shared.live_chart import redrawn_figure

SHOWN = 12  # of the worst mistakes


def show(run: RunFolder) -> None:
    """Show the results of the latest test, or of the one chosen; again with each new one."""
    news.follow(_results, run, "tests")


def _results(run: RunFolder) -> None:
    tests = run.tests()
    if not tests:
        st.caption(_("The first test comes before the first batch; its results appear here."))
        return
    tested = _choose_test(run, tests)
    st.markdown(
        _(
            "After {epoch} {epoch:epoch|epochs}: loss {loss}, {accuracy} of {total} test images read right.",
            epoch=tested.epoch,
            loss=decimal(tested.loss),
            accuracy=f"{tested.accuracy:.2%}",
            total=f"{int(np.sum(tested.confusion)):,}",
        )
    )
    left, right = st.columns(2, gap="large")
    with left:
        _confusion(tested)
    with right:
        _per_class(tested)
        _filters(run, tested)
    _gallery(run, tested)


def _choose_test(run: RunFolder, tests: list[Tested]) -> Tested:
    """Let the reader go back to an earlier test; otherwise the latest is shown."""
    if len(tests) == 1:
        return tests[0]
    by_epoch = {test.epoch: test for test in tests}
    latest = tests[-1].epoch
    follow = widgets.flag(settings.FOLLOW, _("Always the latest test"))
    if follow:
        return by_epoch[latest]
    epoch = st.select_slider(
        _("Test after epoch"), list(by_epoch), value=latest, key=f"train_test_{run.id}", disabled=follow
    )
    return by_epoch.get(epoch, tests[-1])


def _confusion(tested: Tested) -> None:
    _title(_("Confusion matrix"), "confusion")
    figure = figures.confusion_matrix(np.array(tested.confusion), _("true digit"), _("read as"), _("images"))
    redrawn_figure(figure, key="train_confusion", alt=_("Confusion matrix"))


def _per_class(tested: Tested) -> None:
    _title(_("Accuracy of each digit"))
    figure = figures.per_class_accuracy(np.array(tested.confusion), _("digit"), _("read right"))
    redrawn_figure(figure, key="train_per_class", alt=_("Accuracy of each digit"))


def _filters(run: RunFolder, tested: Tested) -> None:
    _title(_("Filters of the first layer"), "filters")
    try:
        weight = weights.first_layer(run, tested)
    except InvalidSetting as error:  # a damaged checkpoint, or that of another network
        st.caption(markdown.plain(sentence(error)))
        return
    if weight is None:
        st.caption(_("The weights of this moment are not kept any more."))
        return
    figure = figures.first_layer_filters(weight, _("filter"))
    redrawn_figure(figure, key="train_filters", alt=_("Filters of the first layer"))


def _gallery(run: RunFolder, tested: Tested) -> None:
    """Show the test images that were read wrongly with the highest loss."""
    _title(_("The worst mistakes"), "mistakes")
    if not tested.mistakes:
        st.caption(_("Every test image was read correctly."))
        return
    try:
        images = datasets.load(run.config.dataset).test_images
    except InvalidSetting:
        st.caption(_("The test images are not on this machine, so the mistakes cannot be shown."))
        return
    gallery.show(tested.mistakes[:SHOWN], images)


def _title(title: str, explained: str = "") -> None:
    """Show a heading with, behind a question mark, the prose that explains it."""
    st.markdown(f"**{title}**", help=prose("train", explained) if explained else None)
