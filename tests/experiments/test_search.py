"""A search: proposals follow from the results alone, lie in their ranges, and learn; the disk holds all of it."""

from __future__ import annotations

import ast
import importlib.util
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InvalidSetting
from core.experiments import group, proposals
from core.experiments.group import Experiment
from core.experiments.plan import Axis, Member
from core.experiments.proposals import Past, propose
from core.experiments.results import DELETED, Outcome, Result, outcomes, states
from core.experiments.search import SEARCHED, USUAL, Range, Search
from core.experiments.search_conclusions import search_conclusions
from core.export.search_script import search_script
from core.figures.search import SearchWords, search_figure
from core.i18n import translate
from core.training.config import TrainConfig
from core.training.jobs import Jobs
from tests.experiments.immediate_runs import MOMENTUM, RATE, SEARCH, SPACE, ImaginedJobs, accuracy, end
from tests.training.data import SMALL

needs_optuna = pytest.mark.skipif(
    importlib.util.find_spec("optuna") is None, reason="Optuna is in requirements-search.txt only"
)


def walk(search: Search) -> list[Past]:
    past: list[Past] = []
    for _ in range(search.runs):
        values = propose(search, len(past), usable(search, past))
        past.append((values, accuracy(values)))
    return past


def usable(search: Search, past: list[Past]) -> list[Past]:
    """The runs as the next proposal may know them."""
    settled = search.results_needed(len(past))
    return [(values, result if index < settled else None) for index, (values, result) in enumerate(past)]


@needs_optuna
def test_the_same_results_give_the_same_proposals_in_another_process_too() -> None:
    past = walk(SEARCH)
    assert walk(SEARCH) == past
    code = "import sys; from tests.experiments.test_search import SEARCH, walk; print(repr(walk(SEARCH)))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == repr(past)
    other = walk(replace(SEARCH, base=SMALL.with_(seed=2)))
    assert other != past


@needs_optuna
@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(0, 1), max_size=16), st.integers(0, 2**64 - 1), st.integers(1, 4))
def test_proposals_lie_in_their_ranges_and_can_be_trained(results: list[float], seed: int, at_once: int) -> None:
    search = Search(SMALL.with_(seed=seed), SPACE, runs=20, at_once=at_once)
    past: list[Past] = []
    for result in results:
        values = propose(search, len(past), usable(search, past))
        config = search.member(len(past), values).config
        assert 1e-4 <= config.learning_rate <= 1.0 and 0 <= config.momentum <= 0.95
        assert 8 <= config.batch_size <= 512 and config.optimizer in ("sgd", "adam")
        assert TrainConfig.from_json(config.to_json()) == config
        past.append((values, result))


@needs_optuna
def test_a_search_learns_it_ends_nearer_to_the_summit_than_it_begins() -> None:
    past = walk(replace(SEARCH, runs=60))
    first, last = ([result for _values, result in part] for part in (past[:15], past[-15:]))
    assert sum(last) > sum(first) + 1.5


@given(st.integers(2, 100), st.integers(1, 16))
def test_a_search_comes_back_from_its_json(runs: int, at_once: int) -> None:
    search = Search(SMALL, (*SPACE, Axis("dropout", (True, False))), runs, at_once, "有用吗?")
    assert Search.from_json(json.loads(json.dumps(search.to_json()))) == search


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"space": ()}, "1 to 6 settings"),
        ({"space": (RATE, RATE)}, "varied twice"),
        ({"space": (Range("seed", 1, 5),)}, "cannot be varied"),
        ({"space": (Range("learning_rate", 1.0, 0.1),)}, "range of learning_rate is empty"),
        ({"space": (Range("momentum", 0.0, 0.9, log=True),)}, "has no 0"),
        ({"space": (Range("momentum", 0.0, 1.5),)}, "momentum must be a number from 0"),
        ({"space": (Range("batch_size", 1.5, 8),)}, "batch_size must be a whole number"),
        ({"space": (Range("optimizer", 1, 8),)}, "is no number"),
        ({"space": (Axis("optimizer", ("sgd",)),)}, "has one value only"),
        ({"space": (Axis("optimizer", ("sgd", "lion")),)}, "optimizer must be"),
        ({"space": (MOMENTUM, Axis("optimizer", ("sgd", "nesterov")))}, "Nesterov looks ahead"),
        ({"runs": 1}, "runs must be a whole number"),
        ({"runs": 101}, "runs must be a whole number"),
        ({"at_once": 0}, "at_once must be a whole number"),
        ({"hypothesis": "x" * 501}, "at most 500 characters"),
    ],
)
def test_what_cannot_be_searched_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidSetting, match=words):
        replace(SEARCH, **changes)


@pytest.mark.parametrize(
    "values", [{"base": 1}, {"space": [{}]}, {"space": 1}, {"space": [{"setting": "a", "values": 1}]}]
)
def test_what_is_no_search_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(InvalidSetting):
        Search.from_json({**SEARCH.to_json(), **values})


def test_the_ranges_that_are_offered_can_be_searched() -> None:
    for usual in USUAL:
        Search(SMALL, (usual,))
    assert set(SEARCHED) >= {"learning_rate", "optimizer", "dropout", "schedule"}


def test_without_optuna_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    assert not proposals.is_installed()
    with pytest.raises(InvalidSetting, match=r"pip install -r requirements-search\.txt"):
        propose(SEARCH, 0, [])


def tried(experiment: Experiment) -> list[tuple[Any, ...]]:
    return [member.values for member, _run in experiment.runs()]


@needs_optuna
def test_as_many_are_started_as_train_at_once_and_the_next_when_the_oldest_ends(tmp_path: Path) -> None:
    experiment, jobs = group.create(tmp_path, SEARCH), ImaginedJobs(tmp_path)
    assert group.load(tmp_path, experiment.id) == experiment
    assert group.advance(experiment, jobs) is None
    assert group.load(tmp_path, experiment.id).begun == 2
    assert [name[-3:] for name in jobs.run_ids] == ["000", "001"]
    end(experiment, 1)
    group.advance(experiment, jobs)
    assert len(jobs.run_ids) == 2  # the third is to know the first
    end(experiment, 0)
    group.advance_after(tmp_path / jobs.run_ids[0], jobs)
    assert [name[-3:] for name in jobs.run_ids] == ["000", "001", "002", "003"]
    assert len(outcomes(experiment)) == 4 and not group.is_over(experiment)


def cut_off(experiment: Experiment, jobs: Jobs) -> None:
    """Leave the disk as a kill between two starts does: the last run never got there, and nobody noted it."""
    member = experiment.runs()[-1][0]
    jobs.delete(experiment.run_id(member))
    path = experiment.root / f"{experiment.id}{group.ENDING}"
    path.write_text(json.dumps({**json.loads(path.read_text()), "begun": member.index}))


@needs_optuna
def test_a_search_that_was_cut_off_anywhere_tries_what_a_quiet_one_tries(tmp_path: Path) -> None:
    expected = [values for values, _result in walk(SEARCH)]
    for cut in (0, 1, 5):
        experiment = group.create(tmp_path, SEARCH)
        for number in range(SEARCH.runs):
            jobs = ImaginedJobs(tmp_path)  # a new server each time: it knows only what is on disk
            group.advance(experiment, jobs)
            if number == cut:
                cut_off(experiment, jobs)
                group.advance(experiment, jobs)
            end(experiment, number)
        assert tried(experiment) == expected
        assert group.is_over(experiment)
        assert group.advance(experiment, ImaginedJobs(tmp_path)) is None
        assert len(tried(experiment)) == SEARCH.runs


@needs_optuna
def test_the_order_in_which_runs_end_changes_nothing(tmp_path: Path) -> None:
    numbers = []
    for order in ((0, 1, 2), (1, 0, 2)):
        experiment, jobs = group.create(tmp_path, replace(SEARCH, runs=14)), ImaginedJobs(tmp_path)
        for start in range(0, 12, 2):
            for number in order[:2]:
                group.advance(experiment, jobs)
                end(experiment, start + number)
        group.advance(experiment, jobs)
        numbers.append(tried(experiment))
    assert numbers[0] == numbers[1] and len(numbers[0]) == 14


@needs_optuna
def test_a_run_that_diverged_counts_and_one_that_was_stopped_is_waited_for(tmp_path: Path) -> None:
    experiment, jobs = group.create(tmp_path, SEARCH), ImaginedJobs(tmp_path)
    group.advance(experiment, jobs)
    end(experiment, 0, "diverged")
    end(experiment, 1, "stopped")
    group.advance(experiment, jobs)
    assert len(jobs.run_ids) == 3
    end(experiment, 2)
    group.advance(experiment, jobs)
    assert len(jobs.run_ids) == 3  # run 1 can still go on


def test_an_ordinary_run_that_ends_starts_nothing(tmp_path: Path) -> None:
    jobs = ImaginedJobs(tmp_path)
    group.advance_after(tmp_path / "20261126-174500-ab12cd34", jobs)
    group.advance_after(tmp_path / "20261126-174500-ab12cd34-000", jobs)
    assert jobs.run_ids == []


def test_the_words_after_a_search_say_what_it_shows_and_what_it_cannot() -> None:
    def outcome(number: int, rate: float, accuracy: float | None) -> Outcome:
        state = "diverged" if accuracy is None else "finished"
        return Outcome((rate,), (Result(f"run-{number}", 1, state, 1.0, accuracy),))

    def sentences(*accuracies: float | None, rates: tuple[float, ...] = (0.1,) * 8, goal: str = "run") -> list[str]:
        pairs = zip(rates, accuracies, strict=False)
        all_outcomes = [outcome(number, rate, accuracy) for number, (rate, accuracy) in enumerate(pairs)]
        search = Search(SMALL, (RATE,), runs=8)
        states = [each.results[0].state for each in all_outcomes] + [""] * (8 - len(all_outcomes))
        results = search_conclusions(search, all_outcomes, states, lambda values: f"lr {values[0]:g}", str, goal)
        assert not any(each.certain for each in results)
        return [translate("en", each.message, **each.values) for each in results]

    assert sentences(0.5, 0.9, 0.4, 0.3) == ["4 runs have not ended: wait for them."]
    early = sentences(0.5, 0.9, 0.4, None, None, 0.3, 0.2, 0.9)
    assert early == [
        "2 of 8 runs diverged; the search counts each as accuracy 0.",
        "2 of 8 runs share the highest test accuracy, 90.00%. The first is run 2: lr 0.1.",
        "6 runs after it found nothing better.",
    ]
    late = sentences(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, rates=(0.1,) * 7 + (0.95,))
    assert late == [
        "Run 8 of 8 has the highest test accuracy, 80.00%: lr 0.95.",
        "Its value of learning_rate is at the end of the range: a wider range may hold a better one.",
        "The best run is among the last quarter of the runs: more runs may find a better one.",
    ]
    assert sentences(*[None] * 8) == ["8 of 8 runs diverged; the search counts each as accuracy 0."]
    given_up = sentences(0.5, 0.9, 0.4, 0.3, goal="stop")
    assert given_up == [
        "4 of 8 runs were stopped, deleted or not begun: nothing is known of them.",
        "Run 2 of 8 has the highest test accuracy, 90.00%: lr 0.1.",
        "2 runs after it found nothing better.",
    ]


def proposals_of_script(
    search: Search, members: list[Member], accuracies: dict[int, float], folder: Path
) -> list[tuple[Any, ...]]:
    """What the exported script proposes for each run, where the runs have these accuracies."""
    code = search_script(search, members)
    start, end = code.index("AT_ONCE ="), code.index("def accuracy_of")
    (folder / "part.py").write_text(
        f"import optuna\n{code[start:end]}\naccuracies = {accuracies}\n"
        "print([tuple(propose(number).values()) for number in TRIED])\n"
    )
    result = subprocess.run([sys.executable, "part.py"], cwd=folder, capture_output=True, text=True, check=True)
    proposals: list[tuple[Any, ...]] = ast.literal_eval(result.stdout)
    return proposals


@needs_optuna
def test_the_exported_script_proposes_what_the_search_proposes_once_it_has_learned(tmp_path: Path) -> None:
    past = walk(replace(SEARCH, runs=16))
    members = [SEARCH.member(number, values) for number, (values, _accuracy) in enumerate(past)]
    accuracies = {number: accuracy for number, (_values, accuracy) in enumerate(past)}
    assert proposals_of_script(SEARCH, members, accuracies, tmp_path) == [values for values, _accuracy in past]


def test_the_figure_knows_the_run_of_each_point_and_marks_what_diverged() -> None:
    results = [
        Outcome((rate, choice), (Result(f"run-{number}", 1, state, 1.0, accuracy),))
        for number, (rate, choice, state, accuracy) in enumerate(
            [(0.01, "sgd", "finished", 0.5), (1.0, "adam", "diverged", None), (0.1, "adam", "running", 0.9)]
        )
    ]
    search = Search(SMALL, (RATE, Axis("optimizer", ("sgd", "adam"))), runs=4)
    words = SearchWords("run", "accuracy", "best", "diverged", ["rate", "optimizer"], [[], ["SGD", "Adam"]])
    best, *points = search_figure(search, results, words).data
    assert list(best.y) == [0.5, 0.5]
    assert best.hoverinfo == "skip"  # else it takes the place of the points that it goes through
    assert [list(trace.customdata) for trace in points] == [["run-0", "run-1"]] * 3  # the third still trains
    assert [list(trace.x) for trace in points] == [[1, 2], [0.01, 1.0], [0, 1]]
    assert all(list(trace.marker.symbol) == ["circle", "x"] for trace in points)


@needs_optuna
def test_runs_keep_their_numbers_when_one_before_them_is_deleted(tmp_path: Path) -> None:
    search = replace(SEARCH, runs=14)
    experiment, jobs = group.create(tmp_path, search), ImaginedJobs(tmp_path)
    for number in range(14):
        group.advance(experiment, jobs)
        end(experiment, number)
        if number == 3:
            jobs.delete(jobs.run_ids[1])
    now = group.load(tmp_path, experiment.id)
    left = outcomes(now)
    numbers = [each.results[0].number for each in left]
    assert numbers == [1, *range(3, 15)]
    winner = max(left, key=lambda each: each.mean or 0.0)
    sentences = search_conclusions(search, left, states(now, left), str, str)
    number = next(each.values["number"] for each in sentences if "number" in each.values)
    assert f"-{number - 1:03d}" == winner.results[0].run[-4:]
    words = SearchWords("run", "accuracy", "best", "diverged", list(search.settings), [[], [], [], ["SGD", "Adam"]])
    line, points, *_others = search_figure(search, left, words).data
    assert list(line.x) == list(points.x) == numbers
    members = [member for member, _run in experiment.runs()]
    accuracies = {member.index: accuracy(member.values) for member in members}
    assert proposals_of_script(search, members, accuracies, tmp_path) == [each.values for each in members]


@needs_optuna
def test_a_run_that_was_deleted_is_not_tried_again_and_the_search_goes_on(tmp_path: Path) -> None:
    experiment, jobs = group.create(tmp_path, replace(SEARCH, runs=4)), ImaginedJobs(tmp_path)
    group.advance(experiment, jobs)
    end(experiment, 0)
    jobs.delete(jobs.run_ids[0])
    group.advance(experiment, jobs)
    assert [name[-3:] for name in jobs.run_ids] == ["000", "001", "002"]
    end(experiment, 1)
    group.advance(experiment, jobs)
    for number in (2, 3):
        end(experiment, number)
    now = group.load(tmp_path, experiment.id)
    assert group.is_over(now) and len(jobs.run_ids) == 4
    assert sorted(states(now, outcomes(now))) == [DELETED, "finished", "finished", "finished"]
