"""Each finding that a setting can cause leads to an experiment, and its link to the form with that experiment."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.faulty_trainings import PLANTED
from core.experiments import proof
from core.experiments.plan import Plan
from core.experiments.questions import QUESTIONS
from core.training.config import TrainConfig
from pages.parts.train import proof_link
from tests.experiments.test_page import page, root, texts  # noqa: F401  (root is a fixture)

CONFIG = TrainConfig(
    dataset="digits",
    network="lenet5",
    optimizer="adam",
    learning_rate=0.05,
    batch_size=128,
    dropout=False,
    threads=1,
)


@pytest.mark.parametrize("key", proof.QUESTIONS_OF)
def test_the_run_itself_is_compared_with_others_that_lack_the_cause(key: str) -> None:
    plan = proof.proof(key, CONFIG.with_(initialisation="zeros"))
    assert plan is not None and plan.count >= 2 * plan.seeds >= 6
    assert CONFIG.with_(initialisation="zeros") in [member.config for member in plan.members()]
    assert proof.QUESTIONS_OF[key] in {question.code for question in QUESTIONS}


def test_every_finding_that_has_an_experiment_can_be_planted() -> None:
    symptoms = {"at_chance"}  # named where no cause was found
    assert proof.QUESTIONS_OF.keys() - symptoms <= {training.fault for training in PLANTED}
    assert proof.proof("not_in_optimizer", CONFIG) is None


def test_the_largest_rate_of_all_is_not_exceeded() -> None:
    plan = proof.proof("rate_too_low", CONFIG.with_(learning_rate=900.0))
    assert plan is not None and plan.axes[0].values == (900.0, 1000.0)


@pytest.mark.heavy
@pytest.mark.usefixtures("root")
@pytest.mark.parametrize("key", ["rate_too_high", "vanishing_gradient", "overfitting"])
def test_the_link_opens_the_form_with_that_experiment(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Plan | None] = []
    monkeypatch.setattr("pages.parts.experiments.start_button.show", shown.append)
    plan = proof.proof(key, CONFIG)
    assert plan is not None
    page(**proof_link.query(key, plan))
    (form,) = shown[-1:]
    assert form is not None
    assert {member.config for member in form.members()} == {member.config for member in plan.members()}


@pytest.mark.heavy
@pytest.mark.usefixtures("root")
@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("9 runs, ", " at once: about ", " MB of the disk")), ("zh", ("9 次训练", " MB"))],
)
def test_runs_time_and_disk_are_said_before_start(language: str, words: tuple[str, ...]) -> None:
    (said,) = [text for text in texts(page(language)).split("\n") if " MB" in text]
    assert all(word in said for word in words), said
