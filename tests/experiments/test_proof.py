"""Each finding that a setting can cause leads to an experiment, and its link to the form with that experiment."""

from __future__ import annotations

import pytest

from benchmarks.faulty_trainings import PLANTED
from core.experiments import proof
from core.experiments.questions import QUESTIONS
from tests.experiments.configs import UNUSUAL


@pytest.mark.parametrize("key", proof.QUESTIONS_OF)
def test_the_run_itself_is_compared_with_others_that_lack_the_cause(key: str) -> None:
    plan = proof.proof(key, UNUSUAL.with_(initialisation="zeros"))
    assert plan is not None and plan.count >= 2 * plan.seeds >= 6
    assert UNUSUAL.with_(initialisation="zeros") in [member.config for member in plan.members()]
    assert proof.QUESTIONS_OF[key] in {question.code for question in QUESTIONS}


def test_every_finding_that_has_an_experiment_can_be_planted() -> None:
    symptoms = {"at_chance"}  # named where no cause was found
    assert proof.QUESTIONS_OF.keys() - symptoms <= {training.fault for training in PLANTED}
    assert proof.proof("not_in_optimizer", UNUSUAL) is None


def test_the_largest_rate_of_all_is_not_exceeded() -> None:
    plan = proof.proof("rate_too_low", UNUSUAL.with_(learning_rate=900.0))
    assert plan is not None and plan.axes[0].values == (900.0, 1000.0)
