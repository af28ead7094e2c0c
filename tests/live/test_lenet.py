"""core.live.lenet: any cell of a step that a page holds opens to torch's arithmetic, and nonsense is refused."""

from __future__ import annotations

import gc
import json
import random
from typing import Any

import pytest

from core.errors import InvalidSetting
from core.live import settings
from core.live.instrument import Answer, Ask, instrument
from core.live.lenet import supposed
from core.live.lenet.source import Source, offer
from core.message import pack
from core.walk import scene, setup, walk, what_if
from core.walk.setup import Choice
from core.walk.what_if import Change


def offered(**choice: Any) -> tuple[Source, list[dict[str, Any]]]:
    """A step that was taken, with what a click on each of its drawings asks for."""
    taken, tensors = walk.take(setup.prepare(Choice(**choice))), scene.Tensors()
    groups = [group for step in taken.steps for group in scene.groups(taken, tensors, step)]
    panes = [pane for group in groups for pane in group["panes"] if pane["ask"] and pane["tensor"] is not None]
    return offer(taken, tensors), [{**pane["ask"], "of": pane["tensor"]} for pane in panes if pane["ask"]]


def answered(source: Source, language: str = "en", **given: Any) -> Answer:
    values = settings.read(instrument("lenet").settings, {"source": source.name, **given})
    made = instrument("lenet").answer(Ask(values, language))
    assert isinstance(made, Answer)
    pack(made.header, made.arrays)  # everything in it can be sent
    return made


def asked(source: Source, language: str = "en", **given: Any) -> dict[str, Any]:
    return dict(answered(source, language, **given).header)


def test_a_cell_of_every_tensor_opens_and_its_arithmetic_is_torchs() -> None:
    source, panes = offered(loss="cross_entropy", optimizer="adam", steps_before=1)
    pick, explained = random.Random(2), 0
    for pane in {json.dumps(each): each for each in panes}.values():
        shape = source.tensors.described[pane.pop("of")]["shape"]
        cell = json.dumps(pane | {"index": [pick.randrange(size) for size in shape]})
        header = asked(source, cell=cell)
        opened = header["opened"]
        assert header["cell"] == cell and opened["tensor"] is not None
        if opened["explanation"]:
            explained += 1
            sizes = [abs(value) for value, _note, _factors in opened["explanation"]["terms"]]
            assert opened["explanation"]["difference"] <= 1e-5 * max([*sizes, abs(opened["value"]), 1e-6])
        else:
            assert opened["update"] or opened["sentence"]
    assert explained > 5


def test_sentences_are_in_the_language_of_the_tab_and_no_open_cell_is_no_arithmetic() -> None:
    source, _panes = offered(network="lenet3")
    cell = json.dumps({"kind": "value", "value": 0, "index": [0, 0, 3, 3]})
    english, chinese = (asked(source, language, cell=cell)["opened"]["sentence"] for language in ("en", "zh"))
    assert "input" in english and any("\u4e00" <= sign <= "\u9fff" for sign in chinese)
    assert asked(source)["opened"] is None


@pytest.mark.parametrize("cell", ["{", "[]", "7", "[" * 200, '{"kind": "value", "value": 99999, "index": [0]}'])
def test_a_cell_that_is_none_is_refused(cell: str) -> None:
    source, _panes = offered(network="lenet3")
    with pytest.raises(InvalidSetting, match="nothing to open"):
        asked(source, cell=cell)


def test_a_step_is_asked_by_its_name_alone_and_only_while_a_session_holds_it() -> None:
    source, _panes = offered(network="lenet3")
    held = source.name
    del source
    gc.collect()
    values = settings.read(instrument("lenet").settings, {"source": held})
    with pytest.raises(InvalidSetting, match="no longer open"):
        instrument("lenet").answer(Ask(values))


def test_what_follows_from_changes_is_told_with_before_and_after_and_every_tensor() -> None:
    source, _panes = offered(loss="cross_entropy")
    record, weight = source.walk.record, source.walk.record.parameters["conv1.weight"]
    changes = (Change(0, 300, 2.5), Change(weight, 7, -0.5))
    made = answered(source, changes=f"0.300:2.5,{weight}.7:-0.5")
    told, taken = made.header["whatIf"], what_if.take(source.walk, changes)
    assert told["loss"] == [source.walk.loss, taken.walk.loss] and told["loss"][0] != told["loss"][1]
    before, after = told["probabilities"]
    assert before == what_if.probabilities(source.walk) and after == what_if.probabilities(taken.walk)
    assert sum(after) == pytest.approx(1.0)
    assert [each["name"] for each in told["changes"]] == ["input[0, 0, 9, 12]", "conv1.weight[0, 0, 1, 2]"]
    assert [each["before"] for each in told["changes"]] == [
        record.values[0].tensor.flatten()[300].item(),
        record.values[weight].tensor.flatten()[7].item(),
    ]
    assert [each["tensor"] for each in told["changes"]] == [
        source.tensors.numbers["value", number] for number in (0, weight)
    ]
    keys = {number: key for key, number in source.tensors.numbers.items()}
    sent = {keys[number]: array for (number, _size), array in zip(told["tensors"], made.arrays, strict=True)}
    assert told["whole"] and set(sent) == {("value", op.outputs[0]) for op in record.operations}
    for (_kind, number), array in sent.items():
        assert array.tolist() == taken.walk.record.values[number].tensor.flatten().tolist()
    assert [effect["step"] for effect in told["effects"]] == [
        step.number for step in source.walk.steps if step.phase in ("forward", "loss")
    ]
    assert told["effects"][0]["cells"] == 784 + 5 * 25  # the whole first map, and a window of each other


def test_of_a_large_network_only_the_tensors_of_the_step_and_of_the_open_cell_are_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source, _panes = offered(loss="cross_entropy")
    monkeypatch.setattr(supposed, "MOST_SENT", 100)
    keys = {number: key for key, number in source.tensors.numbers.items()}
    first, second, third = (operation.outputs[0] for operation in source.walk.record.operations[:3])
    told = asked(source, changes="0.300:2.5", at=2)["whatIf"]
    assert not told["whole"] and {keys[number][1] for number, _size in told["tensors"]} == {first, second}
    cell = json.dumps({"kind": "value", "value": third, "index": [0, 0, 3, 3]})
    told = asked(source, changes="0.300:2.5", at=0, cell=cell)["whatIf"]
    assert {second, third} <= {keys[number][1] for number, _size in told["tensors"]}


def test_an_open_number_says_where_it_can_be_changed_and_that_it_was() -> None:
    source, _panes = offered(loss="cross_entropy")
    operation = source.walk.record.operations[0]
    cell = json.dumps({"kind": "value", "value": operation.outputs[0], "index": [0, 1, 2, 3]})
    before = operation.call.output[0, 1, 2, 3].item()
    place = 784 + 2 * 28 + 3
    plain = asked(source, cell=cell)
    assert plain["place"] == {"value": operation.outputs[0], "place": place, "before": before}
    assert plain["whatIf"] is None and plain["opened"]["value"] == before
    header = asked(source, cell=cell, changes=f"{operation.outputs[0]}.{place}:4")
    assert header["opened"]["value"] == 4.0 and "You set" in header["opened"]["sentence"]
    assert header["opened"]["explanation"]["torch"] == before and header["place"]["before"] == before
    weight = json.dumps({"kind": "weight", "parameter": "conv1.bias", "index": [0]})
    assert asked(source, cell=weight, changes="0.3:1")["place"] is None


@pytest.mark.parametrize("changes", ["0.1", "0.99999999:1", "70000.0:1", "0.1:1e99"])
def test_changes_that_are_none_are_refused(changes: str) -> None:
    source, _panes = offered(network="lenet3")
    with pytest.raises(InvalidSetting):
        asked(source, changes=changes)
