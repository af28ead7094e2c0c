"""Every experiment runs for real and ends as its verdict says; so does the program that one takes home."""

from __future__ import annotations

import subprocess
import sys
from functools import cache

import pytest

from core.steps import experiments

outcome_of = cache(experiments.run)


@pytest.mark.parametrize("key", experiments.EXPERIMENTS)
def test_the_experiment_runs_and_its_verdict_holds(key: str) -> None:
    outcome = outcome_of(key)
    assert outcome.as_expected, outcome.printed
    assert outcome.printed.strip()
    assert outcome.verdict.message.format(**outcome.verdict.values)


def test_the_update_by_hand_counts_the_weights_that_differ() -> None:
    values = outcome_of("by_hand").verdict.values
    assert values["total"] == 61706 and values["fused"] == 0 < values["rounded"]


def test_the_optimizers_race_from_one_start() -> None:
    curves = outcome_of("race").curves
    assert len(curves) == 5 and len({losses[0] for losses in curves.values()}) == 1


def test_the_exported_program_prints_what_the_page_prints() -> None:
    program = [sys.executable, "-c", experiments.script("unbatched")]
    ended = subprocess.run(program, capture_output=True, text=True, timeout=120)
    said, error = outcome_of("unbatched").printed.strip().split("\n", 1)
    assert ended.stdout.strip() == said
    assert ended.returncode != 0 and error in ended.stderr
