"""What the page Train draws of a schedule and an augmentation before a run, and what the range test suggests."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

from core import datasets
from core.experiments.range_test import range_test
from core.settings import PROJECT
from core.training import learning_rate
from core.training.config import SCHEDULES, TrainConfig
from core.training.schedule import Schedule

pytestmark = pytest.mark.heavy


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> dict[str, go.Figure]:
    """The figures that the pages draw, by their key."""
    by_key: dict[str, go.Figure] = {}
    for module in ("pages.parts.train.form_preview", "pages.parts.experiments.range_panel"):
        monkeypatch.setattr(f"{module}.redrawn_figure", lambda figure, key, **_rest: by_key.update({key: figure}))
    return by_key


def open_page(name: str, **query: str) -> AppTest:
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=120)
    app.session_state["lang"] = "en"
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    app.switch_page(f"pages/{name}.py").run()
    assert not app.exception, app.exception
    return app


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_a_schedule_is_drawn_before_it_is_used(schedule: str, figures: dict[str, go.Figure]) -> None:
    open_page("train", train_dataset="digits", train_schedule=schedule, train_learning_rate="0.05")
    config = TrainConfig(dataset="digits", schedule=schedule, learning_rate=0.05)
    assert ("train_rate_curve" in figures) == (schedule != "constant")  # a constant rate is its own picture
    if schedule != "constant":
        (line,) = figures["train_rate_curve"].data
        assert (list(line.x), list(line.y)) == learning_rate.curve(config, Schedule.of(config, 1437))


def test_an_augmentation_is_shown_on_the_digits(figures: dict[str, go.Figure]) -> None:
    open_page("train", train_dataset="digits", train_shift="2", train_rotate="10")
    (board,) = figures["train_augmented"].data
    pixels = np.array(board.z)
    assert pixels.shape == (2 * 28, 8 * 28)  # eight digits as they are, and below them augmented
    images = datasets.normalise(datasets.load("digits").train_images[:8])[:, 0].numpy()
    assert pixels[:28] == pytest.approx(np.concatenate(list(images), axis=1))
    assert not np.allclose(pixels[:28], pixels[28:])


def test_the_range_test_suggests_a_rate_that_can_be_added(figures: dict[str, go.Figure]) -> None:
    app = open_page("experiments", experiments_shown="new")
    app.button(key="experiments_range_run").click().run()
    assert not app.exception, app.exception
    result = range_test(TrainConfig(dataset="digits", epochs=1, threads=1))
    rate = f"{result.suggestion:g}"
    losses, smoothed = figures["experiments_range_curve"].data
    assert list(losses.y) == list(result.losses) and list(smoothed.y) == list(result.smoothed)
    assert list(losses.x) == list(result.rates) and list(smoothed.x) == list(result.smoothed_rates)
    assert f"The loss falls most steeply at learning rate **{rate}**." in [each.value for each in app.markdown]
    app.button(key="experiments_range_add").click().run()
    assert rate in app.text_input(key="experiments_learning_rate").value.split(", ")
