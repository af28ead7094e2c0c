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
from core.live.lenet.source import Source, offer
from core.message import pack
from core.walk import scene, setup, walk
from core.walk.setup import Choice


def offered(**choice: Any) -> tuple[Source, list[dict[str, Any]]]:
    """A step that was taken, with what a click on each of its drawings asks for."""
    taken, tensors = walk.take(setup.prepare(Choice(**choice))), scene.Tensors()
    groups = [group for step in taken.steps for group in scene.groups(taken, tensors, step)]
    panes = [pane for group in groups for pane in group["panes"] if pane["ask"] and pane["tensor"] is not None]
    return offer(taken, tensors), [{**pane["ask"], "of": pane["tensor"]} for pane in panes if pane["ask"]]


def asked(source: Source, language: str = "en", **given: Any) -> dict[str, Any]:
    values = settings.read(instrument("lenet").settings, {"source": source.name, **given})
    made = instrument("lenet").answer(Ask(values, language))
    assert isinstance(made, Answer)
    pack(made.header, made.arrays)  # everything in it can be sent
    return dict(made.header)


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
