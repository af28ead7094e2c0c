"""What is exported of an experiment: a report in one file, a line for each run, a script that trains again."""

from __future__ import annotations

import ast
import csv
import importlib.util
import io
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import plotly.graph_objects as go
import pytest

from core.experiments import group
from core.experiments.group import Experiment
from core.experiments.plan import Axis, Plan
from core.experiments.questions import QUESTIONS
from core.experiments.results import outcomes
from core.experiments.search import Range, Search
from core.export.experiment_report import Report, page, runs_csv
from core.export.experiment_script import experiment_script
from core.export.search_script import search_script
from core.training.config import TrainConfig
from tests.experiments.immediate_runs import Immediate

BASE = TrainConfig(dataset="digits", epochs=1, threads=1, batch_size=512)
PLAN = Plan(BASE, (Axis("learning_rate", (0.1, 1000.0)), Axis("optimizer", ("sgd", "adam"))), seeds=1)
REPORT = Report(
    "en",
    "Which rate?",
    "<b>larger</b>",
    "Same",
    [("Epochs", "1")],
    ["a < b"],
    "rule",
    [],
    [["run"], ["x"]],
    "s",
    "1",
)


@pytest.fixture(scope="module")
def experiment(tmp_path_factory: pytest.TempPathFactory) -> Experiment:
    root = tmp_path_factory.mktemp("runs")
    new_experiment = group.create(root, PLAN)
    group.advance(new_experiment, Immediate(root))
    return new_experiment


def test_the_script_trains_every_run_again_to_the_same_accuracy(experiment: Experiment, tmp_path: Path) -> None:
    (tmp_path / "again.py").write_text(experiment_script(PLAN), encoding="utf-8")
    result = subprocess.run(
        [sys.executable, "-I", "again.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    lines = [line.removeprefix("Result: ") for line in result.stdout.splitlines() if line.startswith("Result: ")]
    values_by_name = {name: values for name, _space, values in (line.rpartition(" ") for line in lines)}
    for outcome in outcomes(experiment):
        rate, optimizer = outcome.values
        printed = ast.literal_eval(values_by_name[f"learning_rate {rate}, optimizer {optimizer}"])
        expected = [None if run.state == "diverged" else run.accuracy for run in outcome.results]
        assert printed == expected
    assert None in [
        ast.literal_eval(values)[0] for values in values_by_name.values()
    ]  # one diverges, the others go on


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.code)
def test_every_question_is_a_plan_with_a_script(question) -> None:
    base = TrainConfig(dataset="digits", threads=1).with_(**question.base)
    plan = Plan(base, question.axes, 3, question.hypothesis)
    script = experiment_script(plan)
    compile(script, "again.py", "exec")
    assert script.count("dict(n_epochs=") == plan.count
    assert "core" not in {part for node in ast.walk(ast.parse(script)) for part in _imported(node)}


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [(node.module or "").split(".")[0]] if isinstance(node, ast.ImportFrom) else []


def test_runs_that_differ_in_numbers_share_one_function() -> None:
    numbers = Plan(BASE, (Axis("learning_rate", (0.1, 0.2)), Axis("batch_size", (8, 16))), seeds=2)
    assert experiment_script(numbers).count("def run_") == 1
    assert experiment_script(PLAN).count("def run_") == 2


def test_the_csv_has_a_line_for_every_run(experiment: Experiment) -> None:
    rows = list(csv.DictReader(io.StringIO(runs_csv(experiment).decode())))
    results = [(outcome, run) for outcome in outcomes(experiment) for run in outcome.results]
    assert len(rows) == len(results) == 4
    for row, (outcome, run) in zip(rows, results, strict=True):
        assert (float(row["learning_rate"]), row["optimizer"]) == outcome.values
        assert (row["run"], row["state"], int(row["seed"])) == (run.run, run.state, run.seed)
        assert row["test_accuracy"] == ("" if run.accuracy is None else str(run.accuracy))


class Tags(HTMLParser):
    """The tags of a page and their attributes; what stands in a script is none."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes += attrs


def test_the_report_is_one_file_that_loads_nothing_and_escapes_what_was_typed() -> None:
    text = page(replace(REPORT, figures=[("A", go.Figure()), ("B", go.Figure())]))
    assert "&lt;b&gt;larger&lt;/b&gt;" in text and "<b>larger</b>" not in text
    tags = Tags()
    tags.feed(text)
    loads = [(name, value) for name, value in tags.attributes if name in ("src", "href") and "://" in (value or "")]
    assert not loads and "link" not in tags.names
    assert text.count("Plotly.newPlot(") >= 2
    assert "<th>run</th>" in text and "<td>x</td>" in text


@pytest.mark.skipif(importlib.util.find_spec("optuna") is None, reason="Optuna is in requirements-search.txt only")
def test_the_script_of_a_search_proposes_and_trains_the_same_again(tmp_path: Path) -> None:
    space = (
        Range("learning_rate", 0.01, 1000.0, log=True),
        Range("clip_norm", 0.0, 1.0),
        Axis("dropout", (True, False)),
    )
    experiment = group.create(tmp_path, Search(BASE, space, runs=4, at_once=2, hypothesis='"""'))
    assert group.advance(experiment, Immediate(tmp_path)) is None
    members = [member for member, _run in experiment.runs()]
    (tmp_path / "again.py").write_text(search_script(experiment.plan, members), encoding="utf-8")
    result = subprocess.run(
        [sys.executable, "-I", "again.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    for proposed, tried in (line.removeprefix("Proposed: ").split(" tried: ") for line in lines if "tried" in line):
        assert ast.literal_eval(proposed) == ast.literal_eval(tried)
    printed = [ast.literal_eval(line.rpartition("[")[2][:-1]) for line in lines if line.startswith("Result: ")]
    runs = [outcome.results[0] for outcome in outcomes(experiment)]
    assert printed == [None if run.state == "diverged" else run.accuracy for run in runs] and len(runs) == 4
