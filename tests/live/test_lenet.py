"""core.live.lenet: any cell of a step that a page holds opens to torch's arithmetic, and nonsense is refused."""

from __future__ import annotations

import gc
import json
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as settings_are
from hypothesis import strategies as st
from torch import nn

from core.errors import InvalidSetting
from core.live import settings
from core.live.instrument import Answer, Ask, Later, instrument
from core.live.lenet import declared, supposed
from core.live.lenet.source import Source, Taken, offer
from core.message import pack
from core.recognise import readers
from core.walk import scene, setup, walk, what_if
from core.walk.inputs import Given
from core.walk.setup import Choice
from core.walk.what_if import Change
from tests.lenet_settings import settings_of
from tests.own import built


def offered(**choice: Any) -> tuple[Source, list[dict[str, Any]]]:
    """A step that can be asked, with what a click on each of its drawings asks for."""
    wanted = Choice(**choice)
    source = offer(Source(wanted.network))
    step = source.take(wanted)
    groups = [group for each in step.walk.steps for group in scene.groups(step.walk, step.tensors, each)]
    panes = [pane for group in groups for pane in group["panes"] if pane["ask"] and pane["tensor"] is not None]
    return source, [{**pane["ask"], "of": pane["tensor"]} for pane in panes if pane["ask"]]


def only(source: Source) -> Taken:
    """The step of ``offered``."""
    (step,) = source.steps.values()
    assert isinstance(step, Taken)
    return step


def parts(source: Source, language: str = "en", **chosen: Any) -> list[Answer]:
    """Everything that is answered, message by message."""
    values = settings.read(instrument("lenet").settings, {"source": source.name, **chosen})
    made = [part for part in instrument("lenet").answer(Ask(values, language)) if isinstance(part, Answer)]
    for part in made:
        pack(part.header, part.arrays)  # everything in it can be sent
    return made


def answered(source: Source, language: str = "en", **chosen: Any) -> Answer:
    """The message about what is open, and what follows from the changes."""
    made = parts(source, language, **settings_of(only(source).walk.setup.choice) | chosen)
    return next(part for part in made if "opened" in part.header)


def asked(source: Source, language: str = "en", **chosen: Any) -> dict[str, Any]:
    return dict(answered(source, language, **chosen).header)


def test_a_cell_of_every_tensor_opens_and_its_arithmetic_is_torchs() -> None:
    source, panes = offered(loss="cross_entropy", optimizer="adam", steps_before=1)
    pick, explained = random.Random(2), 0
    for pane in {json.dumps(each): each for each in panes}.values():
        shape = only(source).tensors.described[pane.pop("of")]["shape"]
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
    assert not any("opened" in part.header for part in parts(source, **settings_of(only(source).walk.setup.choice)))


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
        list(instrument("lenet").answer(Ask(values)))


def test_what_follows_from_changes_is_told_with_before_and_after_and_every_tensor() -> None:
    source, _panes = offered(loss="cross_entropy")
    record, weight = only(source).walk.record, only(source).walk.record.parameters["conv1.weight"]
    changes = (Change(0, 300, 2.5), Change(weight, 7, -0.5))
    made = answered(source, changes=f"0.300:2.5,{weight}.7:-0.5")
    told, taken = made.header["whatIf"], what_if.take(only(source).walk, changes)
    assert told["loss"] == [only(source).walk.loss, taken.walk.loss] and told["loss"][0] != told["loss"][1]
    before, after = told["probabilities"]
    assert before == what_if.probabilities(only(source).walk) and after == what_if.probabilities(taken.walk)
    assert sum(after) == pytest.approx(1.0)
    assert [each["name"] for each in told["changes"]] == ["input[0, 0, 9, 12]", "conv1.weight[0, 0, 1, 2]"]
    assert [each["before"] for each in told["changes"]] == [
        record.values[0].tensor.flatten()[300].item(),
        record.values[weight].tensor.flatten()[7].item(),
    ]
    assert [each["tensor"] for each in told["changes"]] == [
        only(source).tensors.numbers["value", number] for number in (0, weight)
    ]
    keys = {number: key for key, number in only(source).tensors.numbers.items()}
    sent = {keys[number]: array for (number, _size), array in zip(told["tensors"], made.arrays, strict=True)}
    assert told["whole"] and set(sent) == {("value", op.outputs[0]) for op in record.operations}
    for (_kind, number), array in sent.items():
        assert array.tolist() == taken.walk.record.values[number].tensor.flatten().tolist()
    assert [effect["step"] for effect in told["effects"]] == [
        step.number for step in only(source).walk.steps if step.phase in ("forward", "loss")
    ]
    assert told["effects"][0]["cells"] == 784 + 5 * 25  # the whole first map, and a window of each other


def test_of_a_large_network_only_the_tensors_of_the_step_and_of_the_open_cell_are_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source, _panes = offered(loss="cross_entropy")
    monkeypatch.setattr(supposed, "MOST_SENT", 100)
    keys = {number: key for key, number in only(source).tensors.numbers.items()}
    first, second, third = (operation.outputs[0] for operation in only(source).walk.record.operations[:3])
    told = asked(source, changes="0.300:2.5", at=2)["whatIf"]
    assert not told["whole"] and {keys[number][1] for number, _size in told["tensors"]} == {first, second}
    cell = json.dumps({"kind": "value", "value": third, "index": [0, 0, 3, 3]})
    told = asked(source, changes="0.300:2.5", at=0, cell=cell)["whatIf"]
    assert {second, third} <= {keys[number][1] for number, _size in told["tensors"]}


def test_an_open_number_says_where_it_can_be_changed_and_that_it_was() -> None:
    source, _panes = offered(loss="cross_entropy")
    operation = only(source).walk.record.operations[0]
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


def floats(part: Answer, tensor: int) -> list[float]:
    described = part.header["walk"]["tensors"][tensor]
    numbers = np.concatenate(list(part.arrays))
    return numbers[described["offset"] : described["offset"] + described["length"]].tolist()


@settings_are(max_examples=25, deadline=None)
@given(st.sampled_from(["lenet3", "mnist", "reader", "linear_fit"]), st.data())
def test_any_choice_is_answered_with_torchs_step_or_a_sentence(network: str, data: st.DataObject) -> None:
    source = offer(Source(network))
    possible = declared.of_network(network, ["shipped", "seed"] if network == "reader" else ["seed"])
    chosen: dict[str, Any] = {
        each.name: data.draw(st.sampled_from(each.options)) for each in possible if hasattr(each, "options")
    }
    chosen |= {"lr": data.draw(st.sampled_from([1e-5, 0.5, 10.0])), "before": data.draw(st.sampled_from([0, 2]))}
    choice = declared.choice(network, settings.read(possible, chosen))
    try:
        first, checked = parts(source, "zh", **chosen)
    except InvalidSetting as error:
        assert choice.input == "drawing" and "no drawing" in str(error)
        return
    weights = readers.shipped().net.state_dict() if choice.weights == "shipped" else None
    taken = walk.take(setup.prepare(choice, weights=weights))
    tensors = only(source).tensors
    for name, after in taken.after.items():
        change = tensors.numbers["change", name]
        assert floats(first, change) == (after - taken.before[name]).flatten().tolist()
    assert floats(first, tensors.numbers["value", 0]) == taken.record.values[0].tensor.flatten().tolist()
    told = first.header["walk"]
    assert told["loss"] == (None if taken.loss is None else f"{taken.loss:.6g}")
    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in step["words"]) for step in told["steps"])
    assert len(checked.header["checks"]) == len(taken.steps)
    assert all(check is None or check["fine"] for check in checked.header["checks"])


def test_what_the_browser_has_is_not_sent_again_and_another_language_is() -> None:
    source, _panes = offered(network="lenet3", loss="cross_entropy")
    same = settings_of(only(source).walk.setup.choice)
    first, checked = parts(source, **same)
    known, key = first.header["key"], checked.header["checked"]
    (again,) = parts(source, known=known, checked=key, **same)
    assert again.header == {"key": known, "walk": None, "label": 0} and not len(list(again.arrays))
    (chinese,) = parts(source, "zh", known=known, checked=key, **same)
    assert chinese.header["walk"]["key"] == key and chinese.header["key"] != known
    other, more = parts(source, known=known, checked=key, **same | {"lr": 0.5})
    assert other.header["walk"] and more.header["checked"] != key


def test_the_target_is_the_label_of_the_image_unless_another_is_chosen() -> None:
    for digit in range(3):
        values = settings.read(declared.of_network("lenet5", ["seed"]), {"digit": digit})
        assert declared.choice("lenet5", values).target == setup.digit(digit)[1]
        assert declared.choice("lenet5", values | {"target": "4"}).target == 4
        assert declared.choice("lenet5", values | {"input": "randn"}).target == 0


def test_weights_that_the_session_does_not_offer_are_refused() -> None:
    source = offer(Source("lenet5"))
    with pytest.raises(InvalidSetting, match="not among those"):
        parts(source, weights="20260101-120000-0a1b2c3d:epoch-1")


def test_a_module_of_the_readers_own_is_taken_by_the_page_alone() -> None:
    own = built(nn.Linear(3, 2), Given((1, 3)))
    source = offer(Source("own", own=own.own))
    taken = walk.take(setup.prepare(Choice("own"), own=own))
    values = settings.read(instrument("lenet").settings, {"source": source.name} | settings_of(taken.setup.choice))
    answer = instrument("lenet").answer(Ask(values))
    assert isinstance(next(answer), Later) and isinstance(next(answer), Later)
    source.keep(taken)
    part = next(answer)
    assert isinstance(part, Answer) and part.header["walk"]["loss"] == f"{taken.loss:.6g}"
    refused = offer(Source("own", own=own.own))
    refused.refuse(taken.setup.choice, InvalidSetting("no"))
    with pytest.raises(InvalidSetting, match="no"):
        list(instrument("lenet").answer(Ask(values | {"source": refused.name})))
