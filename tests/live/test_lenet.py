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

from core import trace
from core.errors import InvalidSetting
from core.live import settings
from core.live.instrument import Answer, Ask, Later, instrument
from core.live.lenet import settings as lenet_settings
from core.live.lenet import what_if_data
from core.live.lenet.source import KEPT, Source, TakenStep, offer
from core.message import pack
from core.recognise import readers
from core.walk import scene, setup, walk, what_if
from core.walk.inputs import InputSpec
from core.walk.setup import Choice
from core.walk.what_if import Change
from tests.lenet_settings import settings_of
from tests.own import build_own


def offered(**choice: Any) -> tuple[Source, list[dict[str, Any]]]:
    """A step that can be asked, with what a click on each of its drawings asks for."""
    expected = Choice(**choice)
    source = offer(Source(expected.network))
    step = source.take(expected)
    groups = [group for each in step.walk.steps for group in scene.groups(step.walk, step.tensors, each)]
    panes = [pane for group in groups for pane in group["panes"] if pane["ask"] and pane["tensor"] is not None]
    return source, [{**pane["ask"], "of": pane["tensor"]} for pane in panes if pane["ask"]]


def only(source: Source) -> TakenStep:
    """The step of ``offered``."""
    (step,) = source.steps.values()
    assert isinstance(step, TakenStep)
    return step


def parts(source: Source, language: str = "en", **choice: Any) -> list[Answer]:
    """Everything that is answered, message by message."""
    values = settings.read(instrument("lenet").settings, {"source": source.name, **choice})
    answers = [part for part in instrument("lenet").answer(Ask(values, language)) if isinstance(part, Answer)]
    for part in answers:
        pack(part.header, part.arrays)  # everything in it can be sent
    return answers


def answered(source: Source, language: str = "en", **choice: Any) -> Answer:
    """The message about what is open, and what follows from the changes."""
    answers = parts(source, language, **settings_of(only(source).walk.setup.choice) | choice)
    return next(part for part in answers if "contents" in part.header)


def header_of(source: Source, language: str = "en", **choice: Any) -> dict[str, Any]:
    return dict(answered(source, language, **choice).header)


@pytest.mark.heavy
def test_a_cell_of_every_tensor_opens_and_its_arithmetic_is_torchs() -> None:
    source, panes = offered(loss="cross_entropy", optimizer="adam", steps_before=1)
    pick, explained = random.Random(2), 0
    for pane in {json.dumps(each): each for each in panes}.values():
        shape = only(source).tensors.described[pane.pop("of")]["shape"]
        cell = json.dumps(pane | {"index": [pick.randrange(size) for size in shape]})
        header = header_of(source, cell=cell)
        answer = header["contents"]
        assert header["cell"] == cell and answer["tensor"] is not None
        if answer["explanation"]:
            explained += 1
            sizes = [abs(value) for value, _note, _factors in answer["explanation"]["terms"]]
            assert answer["explanation"]["difference"] <= 1e-5 * max([*sizes, abs(answer["value"]), 1e-6])
        else:
            assert answer["update"] or answer["sentence"]
    assert explained > 5


def test_sentences_are_in_the_language_of_the_tab_and_no_open_cell_is_no_arithmetic() -> None:
    source, _panes = offered(network="lenet3")
    cell = json.dumps({"kind": "value", "value": 0, "index": [0, 0, 3, 3]})
    english, chinese = (header_of(source, language, cell=cell)["contents"]["sentence"] for language in ("en", "zh"))
    assert "input" in english and any("\u4e00" <= sign <= "\u9fff" for sign in chinese)
    assert not any(
        "contents" in part.header for part in parts(source, **settings_of(only(source).walk.setup.choice))
    )


@pytest.mark.parametrize("cell", ["{", "[]", "7", "[" * 200, '{"kind": "value", "value": 99999, "index": [0]}'])
def test_a_cell_that_is_none_is_refused(cell: str) -> None:
    source, _panes = offered(network="lenet3")
    with pytest.raises(InvalidSetting, match="nothing to open"):
        header_of(source, cell=cell)


def test_a_step_is_asked_by_its_name_alone_and_only_while_a_session_holds_it() -> None:
    source, _panes = offered(network="lenet3")
    name = source.name
    del source
    gc.collect()
    values = settings.read(instrument("lenet").settings, {"source": name})
    with pytest.raises(InvalidSetting, match="no longer open"):
        list(instrument("lenet").answer(Ask(values)))


def test_what_follows_from_changes_is_told_with_before_and_after_and_every_tensor() -> None:
    source, _panes = offered(loss="cross_entropy")
    record, weight = only(source).walk.record, only(source).walk.record.parameters["conv1.weight"]
    changes = (Change(0, 300, 2.5), Change(weight, 7, -0.5))
    answer = answered(source, changes=f"0.300:2.5,{weight}.7:-0.5")
    header, other_walk = answer.header["whatIf"], what_if.take(only(source).walk, changes)
    assert (
        header["loss"] == [only(source).walk.loss, other_walk.walk.loss] and header["loss"][0] != header["loss"][1]
    )
    before, after = header["probabilities"]
    assert before == what_if.probabilities(only(source).walk) and after == what_if.probabilities(other_walk.walk)
    assert sum(after) == pytest.approx(1.0)
    assert [each["name"] for each in header["changes"]] == ["input[0, 0, 9, 12]", "conv1.weight[0, 0, 1, 2]"]
    assert [each["before"] for each in header["changes"]] == [
        record.values[0].tensor.flatten()[300].item(),
        record.values[weight].tensor.flatten()[7].item(),
    ]
    assert [each["tensor"] for each in header["changes"]] == [
        only(source).tensors.numbers["value", number] for number in (0, weight)
    ]
    keys = {number: key for key, number in only(source).tensors.numbers.items()}
    arrays = {keys[number]: array for (number, _size), array in zip(header["tensors"], answer.arrays, strict=True)}
    assert header["whole"] and set(arrays) == {("value", op.outputs[0]) for op in record.operations}
    for (_kind, number), array in arrays.items():
        assert array.tolist() == other_walk.walk.record.values[number].tensor.flatten().tolist()
    assert [effect["step"] for effect in header["effects"]] == [
        step.number for step in only(source).walk.steps if step.phase in ("forward", "loss")
    ]
    assert header["effects"][0]["cells"] == 784 + 5 * 25  # the whole first map, and a window of each other


def test_of_a_large_network_only_the_tensors_of_the_step_and_of_the_open_cell_are_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source, _panes = offered(loss="cross_entropy")
    monkeypatch.setattr(what_if_data, "MOST_SENT", 100)
    keys = {number: key for key, number in only(source).tensors.numbers.items()}
    first, second, third = (operation.outputs[0] for operation in only(source).walk.record.operations[:3])
    header = header_of(source, changes="0.300:2.5", at=2)["whatIf"]
    assert not header["whole"] and {keys[number][1] for number, _size in header["tensors"]} == {first, second}
    cell = json.dumps({"kind": "value", "value": third, "index": [0, 0, 3, 3]})
    header = header_of(source, changes="0.300:2.5", at=0, cell=cell)["whatIf"]
    assert {second, third} <= {keys[number][1] for number, _size in header["tensors"]}


def test_an_open_number_says_where_it_can_be_changed_and_that_it_was() -> None:
    source, _panes = offered(loss="cross_entropy")
    operation = only(source).walk.record.operations[0]
    cell = json.dumps({"kind": "value", "value": operation.outputs[0], "index": [0, 1, 2, 3]})
    before = operation.call.output[0, 1, 2, 3].item()
    place = 784 + 2 * 28 + 3
    plain = header_of(source, cell=cell)
    assert plain["place"] == {"value": operation.outputs[0], "place": place, "before": before}
    assert plain["whatIf"] is None and plain["contents"]["value"] == before
    header = header_of(source, cell=cell, changes=f"{operation.outputs[0]}.{place}:4")
    assert header["contents"]["value"] == 4.0 and "You set" in header["contents"]["sentence"]
    assert header["contents"]["explanation"]["torch"] == before and header["place"]["before"] == before
    weight = json.dumps({"kind": "weight", "parameter": "conv1.bias", "index": [0]})
    assert header_of(source, cell=weight, changes="0.3:1")["place"] is None


@pytest.mark.parametrize("changes", ["0.1", "0.99999999:1", "70000.0:1", "0.1:1e99"])
def test_changes_that_are_none_are_refused(changes: str) -> None:
    source, _panes = offered(network="lenet3")
    with pytest.raises(InvalidSetting):
        header_of(source, changes=changes)


def floats(part: Answer, tensor: int) -> list[float]:
    described = part.header["walk"]["tensors"][tensor]
    numbers = np.concatenate(list(part.arrays))
    return numbers[described["offset"] : described["offset"] + described["length"]].tolist()


@pytest.mark.heavy
@settings_are(max_examples=25, deadline=None)
@given(st.sampled_from(["lenet3", "mnist", "reader", "linear_fit"]), st.data())
def test_any_choice_is_answered_with_torchs_step_or_a_sentence(network: str, data: st.DataObject) -> None:
    source = offer(Source(network))
    possible = lenet_settings.of_network(network, ["shipped", "seed"] if network == "reader" else ["seed"])
    values: dict[str, Any] = {
        each.name: data.draw(st.sampled_from(each.options)) for each in possible if hasattr(each, "options")
    }
    values |= {"lr": data.draw(st.sampled_from([1e-5, 0.5, 10.0])), "before": data.draw(st.sampled_from([0, 2]))}
    choice = lenet_settings.choice_of(network, settings.read(possible, values))
    try:
        first, checked = parts(source, "zh", **values)
    except InvalidSetting as error:
        assert choice.input == "drawing" and "no drawing" in str(error)
        return
    weights = readers.shipped().net.state_dict() if choice.weights == "shipped" else None
    this_walk = walk.take(setup.prepare(choice, weights=weights))
    tensors = only(source).tensors
    for name, after in this_walk.after.items():
        change = tensors.numbers["change", name]
        np.testing.assert_array_equal(floats(first, change), (after - this_walk.before[name]).flatten().numpy())
    image = this_walk.record.values[0].tensor.flatten().numpy()
    np.testing.assert_array_equal(floats(first, tensors.numbers["value", 0]), image)
    header = first.header["walk"]
    numbers = [] if this_walk.loss is None else [f"{this_walk.loss:.6g}"]
    assert all(number in note for number in numbers for note in notes_of_loss(header))
    assert bool(notes_of_loss(header)) == bool(numbers)
    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in step["words"]) for step in header["steps"])
    assert len(checked.header["checks"]) == len(this_walk.steps)
    assert all(check is None or check["fine"] for check in checked.header["checks"])


def notes_of_loss(header: dict[str, Any]) -> list[str]:
    """What the steps of the loss say; the loss itself is among it."""
    return [step["note"] for step in header["steps"] if step["phase"] == "loss"]


def test_a_step_of_a_training_that_diverged_is_answered_without_probabilities() -> None:
    diverging = {"input": "digit", "weights": "shipped", "loss": "nll", "opt": "sgd", "lr": 10.0, "before": 2}
    first, _checked = parts(offer(Source("reader")), **diverging)
    header = first.header["walk"]
    assert all("The loss is nan." in note for note in notes_of_loss(header)) and notes_of_loss(header)
    assert header["picture"]["probabilities"] == []


def test_what_the_browser_has_is_not_sent_again_and_another_language_is() -> None:
    source, _panes = offered(network="lenet3", loss="cross_entropy")
    same = settings_of(only(source).walk.setup.choice)
    first, checked = parts(source, **same)
    first_key, key = first.header["key"], checked.header["checked"]
    (again,) = parts(source, known=first_key, checked=key, **same)
    assert again.header == {"key": first_key, "walk": None, "label": 0} and not len(list(again.arrays))
    (chinese,) = parts(source, "zh", known=first_key, checked=key, **same)
    assert chinese.header["walk"]["key"] == key and chinese.header["key"] != first_key
    other, more = parts(source, known=first_key, checked=key, **same | {"lr": 0.5})
    assert other.header["walk"] and more.header["checked"] != key


@pytest.mark.parametrize("change", [{"lr": 0.5}, {"opt": "adam"}, {"loss": "mse_onehot"}, {"seed": 3}])
def test_of_a_step_that_the_browser_has_only_what_differs_is_sent_and_the_rest_is_its_own(
    change: dict[str, Any],
) -> None:
    source, _panes = offered(loss="cross_entropy")
    same = settings_of(only(source).walk.setup.choice)
    first, *_checks = parts(source, **same)
    part, *_checks = parts(source, known=first.header["key"], **same | change)
    before, now = first.header["walk"], part.header["walk"]
    assert now["base"] == first.header["key"]
    ours = [
        floats(part, number) if tensor["same"] is None else floats(first, tensor["same"])
        for number, tensor in enumerate(now["tensors"])
    ]
    elsewhere = offer(Source("lenet5"))
    fresh, *_checks = parts(elsewhere, **same | change)
    whole = fresh.header["walk"]
    assert whole["base"] == "" and [tensor["same"] for tensor in whole["tensors"]] == [None] * len(ours)
    assert ours == [floats(fresh, number) for number in range(len(ours))]
    assert (now["groups"] or before["groups"]) == whole["groups"]
    assert [tensor["length"] for tensor in now["tensors"]] == [tensor["length"] for tensor in whole["tensors"]]
    if "lr" in change or "opt" in change:
        step = source.step_of(now["key"])
        assert step
        kinds = {key[0] for key, number in step.tensors.numbers.items() if now["tensors"][number]["same"] is None}
        assert kinds == {"change", "after"}, "what the optimizer alone decides"


def test_of_a_step_that_is_gone_or_of_another_page_everything_is_sent() -> None:
    source, _panes = offered(loss="cross_entropy")
    same = settings_of(only(source).walk.setup.choice)
    first, *_checks = parts(source, **same)
    other_page = offer(Source("lenet5"))
    elsewhere, *_checks = parts(other_page, known=first.header["key"], **same | {"lr": 0.5})
    assert elsewhere.header["walk"]["base"] == ""
    for rate in range(1, KEPT + 1):
        parts(source, **same | {"lr": rate / 100 + 0.2})
    later, *_checks = parts(source, known=first.header["key"], **same | {"lr": 0.9})
    assert later.header["walk"]["base"] == "" and later.header["walk"]["groups"]


def test_another_learning_rate_records_no_pass_again(monkeypatch: pytest.MonkeyPatch) -> None:
    source, _panes = offered(loss="cross_entropy")
    same = settings_of(only(source).walk.setup.choice)
    monkeypatch.setattr(trace, "record", None)
    first, _checked = parts(source, **same | {"lr": 0.5, "opt": "adam"})
    assert any("before," in step["note"] for step in first.header["walk"]["steps"])


def test_what_is_open_in_a_step_that_the_browser_has_comes_alone_and_a_refusal_after_the_step() -> None:
    source, _panes = offered(loss="cross_entropy")
    step = only(source)
    as_it_is = settings_of(step.walk.setup.choice) | {"known": f"{step.key}.en", "checked": step.key}
    (opening,) = parts(source, **as_it_is, changes="0.0:1.5")
    assert opening.header["whatIf"]["changes"]
    values = settings.read(instrument("lenet").settings, {"source": source.name, **as_it_is, "changes": "900.0:1"})
    answer = instrument("lenet").answer(Ask(values))
    assert next(answer).header["key"] == f"{step.key}.en"  # type: ignore[arg-type, union-attr]
    with pytest.raises(InvalidSetting, match="no such number"):
        next(answer)  # type: ignore[arg-type]


def test_the_target_is_the_label_of_the_image_unless_another_is_chosen() -> None:
    for digit in range(3):
        values = settings.read(lenet_settings.of_network("lenet5", ["seed"]), {"digit": digit})
        assert lenet_settings.choice_of("lenet5", values).target == setup.digit(digit)[1]
        assert lenet_settings.choice_of("lenet5", values | {"target": "4"}).target == 4
        assert lenet_settings.choice_of("lenet5", values | {"input": "randn"}).target == 0


def test_weights_that_the_session_does_not_offer_are_refused() -> None:
    source = offer(Source("lenet5"))
    with pytest.raises(InvalidSetting, match="not among those"):
        parts(source, weights="20260101-120000-0a1b2c3d:epoch-1")


def test_a_module_of_the_readers_own_is_taken_by_the_page_alone() -> None:
    own = build_own(nn.Linear(3, 2), InputSpec((1, 3)))
    source = offer(Source("own", own=own.own))
    this_walk = walk.take(setup.prepare(Choice("own"), own=own))
    values = settings.read(
        instrument("lenet").settings, {"source": source.name} | settings_of(this_walk.setup.choice)
    )
    answer = instrument("lenet").answer(Ask(values))
    assert isinstance(next(answer), Later) and isinstance(next(answer), Later)
    source.keep(this_walk)
    part = next(answer)
    assert isinstance(part, Answer)
    assert all(f"The loss is {this_walk.loss:.6g}." in note for note in notes_of_loss(part.header["walk"]))
    refused = offer(Source("own", own=own.own))
    refused.refuse(this_walk.setup.choice, InvalidSetting("no"))
    with pytest.raises(InvalidSetting, match="no"):
        list(instrument("lenet").answer(Ask(values | {"source": refused.name})))
