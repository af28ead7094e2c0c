"""The page of the five tutorials: each step leads to a screen of a lesson that has these settings."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.walk import setup, walk
from core.walk.setup import Choice
from pages.parts.tutorials import lenet
from pages.parts.tutorials.foundations import FIT, FOUR_WAYS
from pages.parts.tutorials.lenet import FIVE, THREE
from pages.parts.tutorials.mnist import MNIST
from pages.parts.tutorials.tutorial import Step
from pages.shared.lessons import LESSONS

ROOT = Path(__file__).resolve().parent.parent
STEPS = [step for tutorial in (FIVE, MNIST, THREE, FIT, FOUR_WAYS) for step in tutorial.steps]


def by_lesson() -> dict[str, list[Step]]:
    by_tutorial: dict[str, list[Step]] = {}
    for step in STEPS:
        if step.query not in [each.query for each in by_tutorial.get(step.lesson, [])]:
            by_tutorial.setdefault(step.lesson, []).append(step)
    return by_tutorial


@pytest.mark.long
@pytest.mark.parametrize("lesson", by_lesson())
def test_each_step_leads_to_a_screen_that_has_its_settings(
    lesson: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEPWISE_RUNS", str(tmp_path))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for step in by_lesson()[lesson]:
        app.query_params.clear()
        app.switch_page("pages/tutorials.py").run()  # the links are there
        app.switch_page(f"pages/{lesson}.py")
        for key, value in step.query.items():
            app.query_params[key] = value
        app.run()
        assert not app.exception, step
        assert [each.value for each in app.warning] == [], step  # nothing that the page does not offer
        for key, value in step.query.items():
            assert key == "run" or str(app.session_state[key]) == value, step


def test_the_steps_lead_to_lessons_that_there_are() -> None:
    names = {lesson.name for lesson in LESSONS}
    assert len(STEPS) > 50
    assert {step.lesson for step in STEPS} < names
    for step in STEPS:
        assert {key.split("_")[0] for key in step.query} <= {step.lesson.split("_")[0], "run"}, step


@pytest.mark.parametrize("network", ["lenet5", "lenet3"])
def test_the_steps_of_the_walk_are_what_the_tutorial_calls_them(network: str) -> None:
    this_walk = walk.take(setup.prepare(Choice(network, "randn", loss="mse_random")))
    assert this_walk.steps[lenet.LOSS].phase == "loss"
    backward = walk.take(setup.prepare(Choice(network, "randn", loss="backward")))
    assert backward.steps[lenet.BACKWARD].phase == "backward"
    assert backward.steps[lenet.BACKWARD - 1].phase == "forward"
