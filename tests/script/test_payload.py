"""What crosses to the browser: whole, small, in both languages; and nothing else from a process that lies."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from core.isolation.limits import Limits
from core.script.examples import examples
from core.script.payload import checked, of_record
from core.script.program_record import Record
from core.script.run import Runner

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "core" / "script" / "examples" / "programs"


def recorded(runner: Runner, key: str) -> Record:
    return runner.run(PROGRAMS / f"{key}.py", limits=Limits(120.0, 4_000))


def plain(record: Record, key: str) -> dict[str, Any]:
    text = (PROGRAMS / f"{key}.py").read_text(encoding="utf-8")
    return dict(of_record(record, text))


@pytest.fixture(scope="module")
def lenet(runner: Runner) -> dict[str, Any]:
    return plain(recorded(runner, "lenet"), "lenet")


@pytest.mark.parametrize("key", [one.key for one in examples()])
def test_an_example_runs_and_only_the_one_that_breaks_breaks(runner: Runner, key: str) -> None:
    record = recorded(runner, key)
    assert (record.error is None) == (key != "breaks"), record.error
    assert record.findings == () and not record.troubles
    assert len(json.dumps(checked(plain(record, key)))) < 2_500_000


def test_lenets_walk_is_small_and_has_its_backward_pass_its_update_and_its_numbers(lenet: dict[str, Any]) -> None:
    record = checked(lenet)
    assert len(json.dumps(record)) < 1_000_000
    backward = next(one for one in record["operations"] if one["name"] == "backward")
    assert backward["nodes"][0]["name"] == "MseLossBackward0"
    assert sum(1 for node in backward["nodes"] if node["leaf"]) == 10
    update = next(one for one in record["operations"] if one["name"] == "optimizer.step")
    assert len(update["updates"]) == 10
    conv = next(one for one in record["operations"] if one["name"] == "conv2d")
    grid = record["grids"][conv["outputs"][0]["grid"]]
    assert (grid["columns"], len(grid["numbers"])) == (28, 28 * 28)


def test_variables_are_sent_where_they_change_and_add_up_to_those_of_the_record(runner: Runner) -> None:
    record = recorded(runner, "lenet")
    steps = checked(plain(record, "lenet"))["steps"]
    frames: dict[int, dict[str, str]] = {}
    for step, whole in zip(steps, record.steps, strict=True):
        table = frames.setdefault(step["frame"], {})
        table |= {one["name"]: one["text"] for one in step["variables"]}
        for name in step["gone"]:
            del table[name]
        assert table == {one.name: one.text for one in whole.variables}
    assert sum(len(step["variables"]) for step in steps) < sum(len(step.variables) for step in record.steps)


def changed(data: dict[str, Any], path: list[Any], value: object) -> dict[str, Any]:
    """A copy with another value at ``path``."""
    copy_of_data = copy.deepcopy(data)
    place: Any = copy_of_data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return copy_of_data


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["text"], 5),
        (["text"], "x" * 2_000_000),
        (["operations"], None),
        (["operations", 0, "line"], "1; alert(1)"),
        (["operations", 0, "line"], True),
        (["operations", 0, "outputs"], [3]),
        (["steps"], [{}] * 300_000),
        (["error"], "no"),
        (["findings"], [{"key": "x"}]),
        (["grids", 0, "columns"], 1.5),
    ],
)
def test_what_is_no_record_is_refused(lenet: dict[str, Any], path: list[Any], value: object) -> None:
    checked(lenet)
    with pytest.raises(ValueError, match=r"not|without"):
        checked(changed(lenet, path, value))


def test_what_a_record_does_not_name_is_dropped_and_a_number_is_no_list(lenet: dict[str, Any]) -> None:
    assert "more" not in checked({**lenet, "more": 1})
    for wrong in ([1], None, {"a": 1}):
        with pytest.raises(ValueError, match="not"):
            checked(changed(lenet, ["grids", 0, "numbers"], [wrong]))
    right = [1, 0.5, "nan"]
    assert checked(changed(lenet, ["grids", 0, "numbers"], right))["grids"][0]["numbers"] == right
    assert checked(changed(lenet, ["operations", 0, "more"], "x"))["operations"][0].keys() == (
        checked(lenet)["operations"][0].keys()
    )
