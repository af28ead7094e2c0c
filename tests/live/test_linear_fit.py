"""core.live.linear_fit: the messages together are the fit that PyTorch makes, and each is small."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from torch import nn

from core.errors import InvalidSetting
from core.foundations.linear_fit import OPTIMIZERS, optimizer_of
from core.live import settings
from core.live.instrument import Answer, Ask, Later, instrument
from core.live.linear_fit import run
from core.live.linear_fit.settings import WEIGHTS, fit_settings
from core.live.request import MOST_BYTES
from core.message import pack
from core.settings import PROJECT
from tests.examples import up_to
from tests.live.latex import unknown


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    run.latest_fits.clear()
    yield
    run.latest_fits.clear()


def parts(language: str = "en", **values_: Any) -> list[Answer]:
    """What the instrument answers to these settings."""
    fit = instrument("linear_fit")
    values = settings.read(fit.settings, values_)
    answers = []
    for part in fit.answer(Ask(values, language)):  # type: ignore[union-attr]
        if isinstance(part, Later):
            continue
        assert isinstance(part, Answer)
        assert len(pack(part.header, part.arrays)) < MOST_BYTES
        answers.append(part)
    return answers


def joined(answers: list[Answer]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Weights, gradients, losses and batches of all messages, as the browser puts them together."""
    start, *_rest = answers[0].arrays
    rows = [part.arrays[1:5] if not part.header["first"] else part.arrays[:4] for part in answers]
    weights, gradients, losses, batches = (np.concatenate([np.float32(row[i]) for row in rows]) for i in range(4))
    return np.concatenate([np.float32(start)[None], weights]), gradients, losses, batches


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_iterations_are_those_of_pytorchs_own_loop(optimizer: str) -> None:
    values = {
        "optimizer": optimizer,
        "iterations": 230,
        "batch": 7,
        "noise": 0.2,
        "seed": 5,
        "w21": -1.5,
        "lr": 0.03,
    }
    answers = parts(**values)
    assert [part.header["first"] for part in answers] == [0, 4, *range(20, 230, 25)]
    weights, gradients, losses, batches = joined(answers)
    generator = torch.Generator().manual_seed(5)
    true_w = torch.tensor([[0.3, 0.4], [0.5, 0.6], [0.6, -1.5]])
    x = torch.rand(100, 3, generator=generator)
    y = x @ true_w + 0.2 * torch.randn(100, 2, generator=generator)
    model = nn.Linear(3, 2, bias=False)
    nn.init.kaiming_uniform_(model.weight, a=5**0.5, generator=generator)
    choice = fit_settings(settings.read(instrument("linear_fit").settings, values))
    optimizer_ = optimizer_of(choice, model)
    for k in range(230):
        batch = torch.randperm(100, generator=generator)[:7]
        assert batches[k].tolist() == batch.tolist()
        assert np.array_equal(weights[k], model.weight.detach().t())
        optimizer_.zero_grad()
        loss = nn.functional.mse_loss(model(x[batch]), y[batch])
        loss.backward()
        assert losses[k] == np.float32(loss.item())
        assert model.weight.grad is not None and np.array_equal(gradients[k], model.weight.grad.t())
        optimizer_.step()
    assert np.array_equal(weights[230], model.weight.detach().t())


ENDS = {each.name: each for each in instrument("linear_fit").settings}


@hypothesis(max_examples=up_to(12), suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_any_settings_give_a_fit_or_a_sentence(data: st.DataObject) -> None:
    values: dict[str, Any] = {"iterations": data.draw(st.integers(1, 150))}
    for name, each in ENDS.items():
        if name == "iterations":
            continue
        if isinstance(each, settings.Number):
            values[name] = data.draw(st.sampled_from([each.default, each.default, each.minimum, each.maximum]))
        elif isinstance(each, settings.Choice):
            values[name] = data.draw(st.sampled_from(each.options))
    if values["batch"] > values["samples"]:
        with pytest.raises(InvalidSetting, match="cannot be drawn without replacement"):
            parts(**values)
        return
    answers = parts(data.draw(st.sampled_from(["en", "zh"])), **values)
    last = answers[-1].header
    assert last["first"] + last["count"] == last["total"] and last["end"]
    assert last["diverged"] or last["total"] == values["iterations"]
    assert bool(answers[0].header["why"]) == (values["across"] == values["upward"])
    assert (answers[0].header["surface"] is None) == (values["across"] == values["upward"])


def test_a_rate_that_diverges_is_explained_in_the_language_of_the_tab() -> None:
    last = parts("zh", lr=3.0)[-1].header
    assert last["diverged"] and last["total"] < 100
    assert "1 − lr·λ" in last["end"] and not last["end"].isascii()
    assert "left" not in "".join(parts(lr=3.0)[0].header["reasons"])
    adam, *_rest = parts(lr=0.1, optimizer="Adam", iterations=50)
    assert "not for Adam" in adam.header["limit"]


def test_directions_that_too_few_samples_leave_flat_have_no_curvature() -> None:
    for samples in (1, 2):
        curvatures, flat = parts(samples=samples, batch=1, iterations=30)[0].header["reasons"]
        assert f"are {', '.join(['0'] * (3 - samples))}, 0." in curvatures
        assert "∞ times the flattest" in curvatures and "fewer than three samples" in flat


def test_a_share_and_a_difference_are_not_rounded_to_nothing() -> None:
    answers = parts(lr=1.0, iterations=5000, batch=100)
    assert "(1 − 1·0.0754)^5000 = 6.4e-171 of the error" in answers[0].header["reasons"][1]
    weights, target = joined(answers)[0][-1], torch.tensor(answers[0].header["target"]).view(3, 2)
    difference = float((torch.from_numpy(weights) - target).abs().max())
    assert 0 < difference < 1e-5 and f"within {difference:.2g} of W" in answers[-1].header["end"]


def test_the_surface_is_drawn_again_when_the_path_leaves_it() -> None:
    gentle = [part.header["surface"] for part in parts(iterations=300)]
    assert gentle[0] and set(map(repr, gentle[1:])) == {"None"}
    surfaces = [part.header["surface"] for part in parts(lr=0.001, iterations=900, w00=3.0)]
    assert surfaces[0] and surfaces[0]["across"] == 0 and surfaces[0]["upward"] == WEIGHTS.index("W[1,0]")
    assert surfaces[0]["high"][0] > 3.0  # the true W is on it from the beginning
    wild = [part.header["surface"] for part in parts(lr=0.9, optimizer="momentum", iterations=300)]
    path = joined(parts(lr=0.9, optimizer="momentum", iterations=300))[0].reshape(-1, 6)[:, [0, 2]]
    last = next(each for each in reversed(wild) if each)
    assert (path[: run.SIZES[0]] <= np.array(wild[0]["high"])).all()
    assert (path <= np.array(last["high"])).all() and (path >= np.array(last["low"])).all()


def test_a_fit_that_was_made_comes_again_without_training(monkeypatch: pytest.MonkeyPatch) -> None:
    first = parts(iterations=250)
    monkeypatch.setattr(run, "stretches", None)
    again = parts(iterations=250, across="W[2,1]")
    assert all(np.array_equal(a, b) for a, b in zip(joined(first), joined(again), strict=True))
    assert again[0].header["surface"]["across"] == 5


def test_a_fit_that_is_made_leaves_the_processor_between_two_messages_and_a_known_one_comes_at_once() -> None:
    fit = instrument("linear_fit")
    values = settings.read(fit.settings, {"iterations": 120})
    first, again = (list(fit.answer(Ask(values, "en"))) for _ in range(2))  # type: ignore[arg-type]
    assert [type(part) for part in first] == [Answer, *[Later, Answer] * 5]
    assert all(part.seconds > 0 for part in first if isinstance(part, Later))
    assert [type(part) for part in again] == [Answer] * 2  # the first iterations, and all others at once


def test_no_more_fits_are_kept_than_there_is_room_for() -> None:
    for seed in range(run.MOST_KNOWN + 3):
        parts(iterations=1, seed=seed)
    assert len(run.latest_fits) == run.MOST_KNOWN
    assert {each.seed for each in run.latest_fits} == set(range(3, run.MOST_KNOWN + 3))


def test_the_browser_knows_each_command_of_the_laws() -> None:
    view = (PROJECT / "static/js/linear_fit/view.js").read_text("utf-8")
    laws = view.partition("const LAWS")[2].partition("];")[0]
    assert "frac" in laws and not unknown(laws)
