"""core.live.two_layers: the messages together are the losses that the four programs print, and each is small."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from core.errors import InvalidSetting
from core.foundations.two_layers import WAYS, Stepping, WaysSettings, losses_of, program
from core.live import settings
from core.live.instrument import Answer, Ask, Later, instrument
from core.live.two_layers import run
from core.live.two_layers.settings import SIZES, ways_settings
from core.message import pack
from tests.examples import up_to

SMALL = {"N": 8, "D_in": 20, "H": 6, "D_out": 3}


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    run.latest_losses.clear()
    yield
    run.latest_losses.clear()


def parts(language: str = "en", **values_: Any) -> list[Answer]:
    """What the instrument answers to these settings."""
    instrument_ = instrument("two_layers")
    values = settings.read(instrument_.settings, values_)
    answers = []
    for part in instrument_.answer(Ask(values, language)):  # type: ignore[union-attr]
        if isinstance(part, Later):
            continue
        pack(part.header, part.arrays)  # everything in it can be sent
        answers.append(part)
    return answers


def losses(answers: list[Answer]) -> dict[str, np.ndarray]:
    """The losses of each program, as the messages bring them."""
    return {way: np.concatenate([part.arrays[i] for part in answers[1:]]) for i, way in enumerate(WAYS)}


def test_the_losses_are_those_of_the_programs_that_are_shown() -> None:
    values = {**SMALL, "iterations": 90, "lr": 1e-4, "adam_lr": 1e-2, "seed": 3}
    answers = parts(**values, printed="module")
    expected = ways_settings(settings.read(instrument("two_layers").settings, values))
    printed = {way: losses_of(program(way, expected)) for way in WAYS}
    assert len(answers) > 2
    for way, losses_of_way in losses(answers).items():
        assert tuple(losses_of_way) == printed[way], way
    last = answers[-1].header
    assert last["printed"].splitlines()[89] == f"89 {printed['module'][89]}"
    assert last["rows"][-1][:2] == ["90", f"{printed['numpy'][-1]:.12g}"]
    assert [part.header["first"] + part.header["count"] for part in answers][-1] == 90
    assert all(not part.header["rows"] for part in answers[:-1])
    assert last["latest"] == [f"{printed[way][-1]:.3g}" for way in WAYS]
    share = float(last["comparison"].partition(": ")[2].partition(" of")[0])
    assert share < 1e-12


@hypothesis(max_examples=up_to(8), suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_any_settings_give_losses_or_a_sentence(data: st.DataObject) -> None:
    values: dict[str, Any] = {name: data.draw(st.sampled_from([1, 3, 40, 4000])) for name in SIZES}
    values["iterations"] = data.draw(st.sampled_from([1, 2, 7]))
    for name in ("lr", "adam_lr"):
        values[name] = data.draw(st.sampled_from([1e-12, 1e-4, 10.0]))
    try:
        ways_settings(settings.read(instrument("two_layers").settings, values))
    except InvalidSetting as refused:
        with pytest.raises(InvalidSetting, match=re.escape(str(refused))):
            parts(**values)
        return
    answers = parts(data.draw(st.sampled_from(["en", "zh"])), **values)
    assert {len(each) for each in losses(answers).values()} == {values["iterations"]}


def test_a_message_holds_fewer_iterations_the_larger_the_sizes_and_while_the_hand_is_near(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small, start, large = (
        WaysSettings(8, 20, 6, 3),
        WaysSettings(),
        WaysSettings(500, 1000, 500, 10, iterations=3),
    )
    counts = [run.at_a_time(each, run.LONG) for each in (small, start, large)]
    assert counts[0] > 20 > counts[1] > counts[2] == 1
    _parameters, first, second, *_rest = parts(**SMALL, iterations=100)
    assert 1 <= first.header["count"] == second.header["count"]
    run.latest_losses.clear()
    monkeypatch.setattr(run, "HAND", 0.0)
    _parameters, first, second, *_rest = parts(**SMALL, iterations=100)
    assert 1 <= first.header["count"] < second.header["count"]


def test_the_first_message_waits_for_one_program_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = []
    monkeypatch.setattr(run, "Stepping", lambda text: begun.append(text) or Stepping(text))  # type: ignore[func-returns-value]
    chosen_settings = settings.read(instrument("two_layers").settings, SMALL)
    first = next(iter(instrument("two_layers").answer(Ask(chosen_settings, "en"))))  # type: ignore[arg-type]
    assert begun == [program("numpy", ways_settings(chosen_settings))]
    assert isinstance(first, Answer) and not first.header["count"]
    loss = losses_of(program("numpy", ways_settings(chosen_settings)))[0]
    assert first.header["parameters"].endswith(f"138 parameters. The loss starts at {loss:.6g}.")


def test_while_the_hand_may_go_on_it_rests_as_long_as_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen_settings = WaysSettings(8, 20, 6, 3, iterations=200)
    rests = [part.seconds for part in run.together(chosen_settings) if isinstance(part, Later)]
    assert max(rests) > 0
    run.latest_losses.clear()
    monkeypatch.setattr(run, "HAND", 0.0)
    assert {part.seconds for part in run.together(chosen_settings) if isinstance(part, Later)} == {0}


def test_a_rate_that_is_too_large_is_said_in_the_language_of_the_tab() -> None:
    last = parts("zh", **SMALL, lr=9.0, iterations=60)[-1].header
    assert last["warning"] and not last["warning"].isascii()
    assert not last["comparison"]  # of numbers that are none
    assert not parts(**SMALL, lr=1e-5, iterations=5)[-1].header["warning"]


def test_programs_that_have_run_are_not_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    first = parts(**SMALL, iterations=40)
    monkeypatch.setattr(run, "Stepping", None)
    again = parts(**SMALL, iterations=40, printed="tensors")
    assert len(again) == 2  # what the first message says, and all losses in one
    for way in WAYS:
        assert np.array_equal(losses(first)[way], losses(again)[way])
    assert again[-1].header["printed"] != first[-1].header["printed"]
