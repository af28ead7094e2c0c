"""What the examination says of trainings with one planted fault, and of healthy ones."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.faulty_trainings import ALSO_HEALTHY, PLANTED, Training, examined, healthy
from core.examination import diagnose
from core.examination.examination import Examination, Reading
from core.i18n import translate

pytestmark = pytest.mark.heavy
ONE_OF_EACH = {training.fault: training for training in reversed(PLANTED) if training.fault != "overfitting"}


def named(training: Training) -> str:
    return f"{training.fault}: {training.name}"


def planted() -> list[Any]:
    """Every training with a fault; where several have the same one, all but one are left to the long tests."""
    short = [id(training) for training in ONE_OF_EACH.values()]
    return [
        pytest.param(training, id=named(training), marks=() if id(training) in short else pytest.mark.long)
        for training in PLANTED
    ]


@pytest.mark.parametrize("training", planted())
def test_a_planted_fault_is_the_first_finding(training: Training) -> None:
    findings = diagnose(examined(training))
    assert findings and findings[0].key == training.fault
    for finding in findings:
        for language in ("en", "zh"):
            sentence = translate(language, finding.message, **finding.values)
            assert "{" not in sentence and sentence


@pytest.mark.parametrize("training", [*healthy(7), *ALSO_HEALTHY], ids=lambda training: training.name)
def test_a_healthy_training_has_no_finding(training: Training) -> None:
    assert diagnose(examined(training)) == ()


def test_a_loss_that_rises_is_no_matter_of_the_rate_where_no_weight_was_moved() -> None:
    readings = tuple(Reading(step, 1.0 + step, (), ()) for step in range(8))
    assert diagnose(Examination((), readings)) == ()
