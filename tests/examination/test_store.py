"""The examination of a run on the disk: whole, cut off, taken up again, and anyone's."""

from __future__ import annotations

from pathlib import Path

import pytest

from core import datasets
from core.examination import store
from core.examination.store import FILE
from core.training import examination, run_folder
from core.training.config import TrainConfig
from core.training.run_folder import RunFolder
from tests.training.data import SMALL, tiny_dataset
from tests.training.lives import live

LIGHT = True  # it imports from a module that starts runs, and starts none itself

DATA = tiny_dataset()


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    monkeypatch.setattr(datasets, "load", lambda _name: DATA)
    monkeypatch.setattr(examination, "EVERY", 2)
    return run_folder.create(tmp_path, SMALL.with_(epochs=4))


def steps(run: RunFolder) -> list[int]:
    report = examination.examination(run)
    return [] if report is None else [reading.step for reading in report.readings]


def test_a_run_is_examined_and_its_tests_are_part_of_it(run: RunFolder) -> None:
    assert examination.examination(run) is None
    assert live(run) == 0
    report = examination.examination(run)
    assert steps(run) == [*range(8), 8, 10, 12, 14]
    assert report.data.classes == 10 and len(report.parameters) == 8
    assert [test.step for test in report.tests] == [4, 8, 12, 16]
    assert [test.loss for test in report.tests] == [test.loss for test in run.tests()[1:]]
    assert report.tests[0].training_loss == pytest.approx(float(run.losses()[:4].mean()))


def test_a_run_that_was_killed_and_taken_up_again_has_each_reading_once(run: RunFolder) -> None:
    assert live(run, (6, {"do": "kill"})) is None
    assert live(run) == 0
    assert steps(run) == [*range(8), 8, 10, 12, 14]


def test_a_reading_that_a_kill_cut_off_is_left_out(run: RunFolder) -> None:
    live(run)
    file = run.path / FILE
    whole = store.read(run.path)
    file.write_text(file.read_text()[:-40])
    assert store.read(run.path).readings == whole.readings[:-1]


@pytest.mark.parametrize(
    "content", ["", "x", "[]", "{}", '{"parameters": 3}', '{"parameters": [], "data": null}\n{"reading": {}}']
)
def test_what_is_no_examination_is_none(content: str, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(content)
    assert store.read(tmp_path) is None


def test_a_configuration_of_any_network_can_be_sampled() -> None:
    for network in ("mnist", "lenet5"):
        sample = examination.sample(TrainConfig(dataset="digits", network=network), DATA)
        assert sample.examples == 30 and 0.1 < sample.std < 3
