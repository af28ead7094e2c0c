"""What the examination says of trainings with one planted fault, and of healthy ones."""

from __future__ import annotations

import pytest

from benchmarks.planted import PLANTED, examined, healthy
from core.examination import diagnose
from core.i18n import translate

ONE_OF_EACH = {training.fault: training for training in reversed(PLANTED) if training.fault != "overfitting"}


@pytest.mark.parametrize("fault", ONE_OF_EACH)
def test_a_planted_fault_is_the_first_finding(fault: str) -> None:
    findings = diagnose(examined(ONE_OF_EACH[fault]))
    assert findings and findings[0].key == fault
    for finding in findings:
        for language in ("en", "zh"):
            sentence = translate(language, finding.message, **finding.values)
            assert "{" not in sentence and sentence


@pytest.mark.parametrize("training", list(healthy(7)), ids=lambda training: training.name)
def test_a_healthy_training_has_no_finding(training) -> None:
    assert diagnose(examined(training)) == ()


@pytest.mark.long
@pytest.mark.parametrize("training", PLANTED, ids=lambda training: f"{training.fault}: {training.name}")
def test_every_planted_fault_is_named(training) -> None:
    assert diagnose(examined(training))[0].key == training.fault
