"""Questions: the experiment that explains a setting shows what its hypothesis says, or claims nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.experiments import group
from core.experiments.conclusions import Conclusion, conclusions
from core.experiments.plan import Plan
from core.experiments.questions import QUESTIONS, Question, by_code
from core.experiments.results import Outcome, outcomes
from core.training.config import INITIALISATIONS, SCHEDULES, TrainConfig
from core.training.run_folder import RunFolder
from tests.experiments.immediate_runs import Immediate

LIGHT = True  # it imports from a module that starts runs, and starts none itself

TEST_IMAGES = 360


def run(question: Question, root: Path) -> tuple[list[Outcome], list[Conclusion]]:
    """Train the question's runs as Start does; their results and what is said of them."""
    base = TrainConfig(dataset="digits", threads=1).with_(**question.base)
    experiment = group.create(root, Plan(base, question.axes, 3, question.hypothesis))
    assert group.advance(experiment, Immediate(root)) is None
    assert group.is_over(experiment)
    results = outcomes(experiment)
    assert all(len(each.results) == 3 for each in results)
    return results, conclusions(results, str, TEST_IMAGES)


def better(sentences: list[Conclusion]) -> set[tuple[str, str]]:
    """The pairs of settings of which one is said to be better than the other."""
    return {(each.values["best"], each.values["other"]) for each in sentences if each.certain}


SURE = {  # what three seeds show: the first setting is better than the others named
    "learning_rate": {((0.05,), (0.001,)), ((0.05,), (1.0,))},
    "clip_norm": {((0.1,), (0.0,))},
    "initialisation": {(("default",), ("zeros",)), (("default",), ("normal",))},
}


@pytest.mark.long
@pytest.mark.parametrize("code", SURE)
def test_three_seeds_show_what_a_question_expects(code: str, tmp_path: Path) -> None:
    results, sentences = run(by_code(code), tmp_path)
    names = {str(values) for pair in SURE[code] for values in pair}
    pairs = {(best, other) for best, other in better(sentences) if {best, other} <= names}
    if code == "initialisation":  # which of those that learn is the best is not shown
        assert {other for _best, other in better(sentences)} == {"('zeros',)", "('normal',)"}
        chance = [each.mean for each in results if str(each.values) in ("('zeros',)", "('normal',)")]
        assert all(mean is not None and mean < 0.15 for mean in chance)
    else:
        assert pairs == {(str(best), str(other)) for best, other in SURE[code]}


@pytest.mark.long
@pytest.mark.parametrize(
    ("code", "winners"),
    [
        ("dropout", {(False,)}),
        ("schedule", {("cosine",), ("one_cycle",)}),
        ("augmentation", {(0, 15.0), (2, 0.0), (2, 15.0)}),
        ("patience", {(2,)}),
    ],
)
def test_where_three_seeds_do_not_show_it_nothing_is_claimed(
    code: str, winners: set[tuple[object, ...]], tmp_path: Path
) -> None:
    results, sentences = run(by_code(code), tmp_path)
    assert {best for best, _other in better(sentences)} <= set(map(str, winners))
    undecided = [each for each in sentences if "Cannot tell" in each.message]
    in_other_column = 1 if code == "augmentation" else 0  # of two settings, also the best in the other column
    assert len(undecided) + len(better(sentences)) == len(results) - 1 + in_other_column
    if code == "patience":
        patient, hasty = (
            sum(RunFolder(tmp_path, each.run).status().step for each in outcome.results) for outcome in results
        )
        assert hasty < patient  # what it saves


@pytest.mark.long
def test_three_seeds_show_that_the_better_rate_is_larger_for_larger_batches(tmp_path: Path) -> None:
    _results, sentences = run(by_code("batch_size"), tmp_path)
    values = sentences[-1].values
    assert sentences[-1].message.startswith("Which is better depends on the other setting")
    assert {(values["best"], values["other"]), (values["best_there"], values["other_there"])} == {
        ("(0.02, 8)", "(0.2, 8)"),
        ("(0.2, 512)", "(0.02, 512)"),
    }


def test_each_way_to_train_has_a_question() -> None:
    varied = {axis.setting: axis.values for question in QUESTIONS for axis in question.axes}
    assert {"learning_rate", "schedule", "clip_norm", "initialisation", "shift", "rotate", "patience"} <= set(
        varied
    )
    assert varied["schedule"] == SCHEDULES and varied["initialisation"] == INITIALISATIONS
