"""Every experiment runs for real and ends as its verdict says; so does the program that one downloads."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch

from core.claims import running
from core.claims.collections import EXPERIMENTS, OF_PAGE
from core.claims.experiment import Outcome
from core.errors import InvalidSetting, fill
from core.i18n import translate

ENGLISH = re.compile(r"[A-Za-z]+(?: [A-Za-z]+){2,}")  # three words in a row are a sentence nobody translated


@cache
def outcome_of(key: str) -> Outcome:
    return running.run(EXPERIMENTS[key])


@pytest.mark.parametrize("key", EXPERIMENTS)
def test_the_experiment_runs_and_its_verdict_holds(key: str) -> None:
    outcome = outcome_of(key)
    assert outcome.as_expected, outcome.printed
    assert outcome.printed.strip()
    assert fill(outcome.verdict.message, outcome.verdict.values)


@pytest.mark.parametrize("key", EXPERIMENTS)
def test_what_one_would_expect_and_what_came_of_it_are_said_in_chinese(key: str) -> None:
    experiment, verdict = EXPERIMENTS[key], outcome_of(key).verdict
    for text in (translate("zh", experiment.expectation), translate("zh", verdict.message, **verdict.values)):
        assert re.search("[\u4e00-\u9fff]", text), text
        assert not ENGLISH.search(text), text


def test_every_experiment_has_a_key_of_its_own() -> None:
    assert len(EXPERIMENTS) == sum(len(page) for page in OF_PAGE.values())


def test_the_verdict_follows_the_run_and_not_a_text() -> None:
    experiment = EXPERIMENTS["data_hides"]
    unchanged = replace(experiment, code=experiment.code.replace("w.data.sub_(1)", "w.data.sub_(0)"))
    assert not running.run(unchanged).as_expected


def test_the_update_by_hand_counts_the_weights_that_differ_and_how_far() -> None:
    values = outcome_of("by_hand").verdict.values
    assert values["total"] == 61706 and values["fused"] == 0 < values["rounded"]  # type: ignore[operator]
    assert isinstance(values["apart"], int) and values["apart"] > 1  # more than the last bit


def test_the_optimizers_race_from_one_start() -> None:
    curves = outcome_of("race").curves
    assert len(curves) == 5 and len({losses[0] for losses in curves.values()}) == 1


@pytest.mark.parametrize("key", ["by_hand", "fit_batch", "cudnn"])
def test_an_experiment_leaves_the_generators_and_switches_as_they_were(key: str) -> None:
    torch.manual_seed(5)
    np.random.seed(5)
    enabled = torch.backends.cudnn.enabled
    expected = torch.random.get_rng_state(), np.random.get_state()[1].tolist()  # type: ignore[index]
    running.run(EXPERIMENTS[key])
    assert torch.equal(torch.random.get_rng_state(), expected[0])
    assert np.random.get_state()[1].tolist() == expected[1]  # type: ignore[index]
    assert torch.backends.cudnn.enabled == enabled


@pytest.mark.parametrize("key", ["unbatched", "parameters", "fit_transposed", "ways_mm", "data_to_tensor"])
def test_the_exported_program_prints_what_the_page_prints(key: str) -> None:
    experiment = EXPERIMENTS[key]
    program = [sys.executable, "-c", running.script(experiment)]
    ended = subprocess.run(program, capture_output=True, text=True, timeout=120)
    text = outcome_of(key).printed.strip()
    if experiment.raises:
        text, error = text.rsplit("\n", 1)
        assert ended.returncode != 0 and error in ended.stderr
    assert ended.stdout.strip() == text


def test_what_a_program_warns_of_is_part_of_what_it_prints() -> None:
    assert "UserWarning: Using a target size" in outcome_of("target_view").printed


def test_a_process_that_ends_badly_is_an_error() -> None:
    broken = replace(EXPERIMENTS["data_workers"], code="raise SystemExit(3)\n")
    with pytest.raises(InvalidSetting, match="did not finish"):
        running.run(broken)
