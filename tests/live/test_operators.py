"""core.live.operators: any arguments, and any numbers of x, give torch's tensors and gradients or a sentence."""

from __future__ import annotations

import re
import time
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from core import isolation
from core.errors import InvalidSetting
from core.foundations.execution import execute
from core.foundations.run_operator import program, run_by_name
from core.isolation import CallFailed
from core.isolation.limits import crashed
from core.live import request, settings
from core.live.instrument import Answer, Ask, instrument
from core.live.latest import Latest
from core.live.operators import run
from core.live.settings import Choice, Flag, Number
from core.message import pack
from core.ops.registry import OPERATORS
from tests.live.latex import unknown
from tests.live.tabs import Tab, question
from tests.live.tabs import run as in_a_loop


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run programs in this process: one that ends its process is a test of its own."""
    monkeypatch.setattr(run, "call_isolated", lambda function, *arguments, **_limits: function(*arguments))


def parts(name: str, language: str = "en", **options: Any) -> list[Answer]:
    """What operator ``name`` answers to these settings, without its waits."""
    instrument_ = instrument(f"operators.{name}")
    values = settings.read(
        instrument_.settings, {f"{name}_{key}" if key in OWN else key: options[key] for key in options}
    )
    answers = []
    for part in instrument_.answer(Ask(values, language)):  # type: ignore[union-attr]
        if isinstance(part, Answer):
            pack(part.header, part.arrays)  # everything in it can be sent
            answers.append(part)
        else:
            time.sleep(min(part.seconds, 0.001))
    return answers


OWN = {"cells", "guess", *(argument.name for operator in OPERATORS.values() for argument in operator.arguments)}


def numbers(answer: Answer, name: str) -> torch.Tensor:
    """The numbers of a tensor of an answer, in its shape."""
    place = next(i for i, each in enumerate(answer.header["tensors"]) if each["name"] == name)
    return torch.tensor(np.float32(answer.arrays[place])).reshape(answer.header["tensors"][place]["shape"])


def test_every_operator_can_be_asked_for_by_its_name() -> None:
    for name in OPERATORS:
        request_ = request.read(question(ask=f"operators.{name}"))
        assert isinstance(request_, request.Question) and instrument(request_.instrument).settings


def test_the_browser_knows_each_command_of_latex_and_no_zero_has_a_minus_sign() -> None:
    lines = [
        (name, line)
        for name in OPERATORS
        for part in parts(name)
        for line in [*part.header.get("formula", ()), *(part.header.get("cell") or {}).get("lines", ())]
    ]
    assert not {f"{name}: {command}" for name, line in lines for command in unknown(line)}
    assert not {(name, line) for name, line in lines if re.search(r"-0(?![.\d])", line)}


@pytest.mark.parametrize("name", OPERATORS)
@hypothesis(max_examples=4, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_any_settings_give_torchs_tensors_and_gradients_or_say_why_not(name: str, data: st.DataObject) -> None:
    instrument_ = instrument(f"operators.{name}")
    values: dict[str, Any] = {"seed": data.draw(st.integers(0, 9))}
    for argument, declared in zip(OPERATORS[name].arguments, instrument_.settings, strict=False):
        if isinstance(declared, Number):
            values[declared.name] = data.draw(
                st.sampled_from([declared.default, declared.minimum, declared.maximum])
            )
        elif isinstance(declared, Choice):
            values[declared.name] = data.draw(st.just(declared.default) | st.sampled_from(declared.options))
        elif isinstance(declared, Flag):
            values[declared.name] = data.draw(st.booleans())
        else:
            values[declared.name] = data.draw(
                st.just(declared.default) | st.sampled_from((*argument.examples, "x"))
            )
    values[f"{name}_cells"] = data.draw(st.sampled_from(["", "0:2.5", "1:-3,0:0.25,149:7"]))
    first, *sources = parts(name, data.draw(st.sampled_from(["en", "zh"])), **values)
    if not first.header["tensors"]:
        assert first.header["why"] or first.header["error"]
        return
    request_ = run.read_input(OPERATORS[name], settings.read(instrument_.settings, values))
    names, _printed = execute(program(OPERATORS[name], request_.values, request_.seed, request_.cells))
    assert torch.equal(numbers(first, "output").nan_to_num(), names["y"].detach().float().nan_to_num())
    x, places = next((each["name"], each["edits"]) for each in first.header["tensors"] if each["edits"])
    assert torch.equal(numbers(first, x).flatten(), names["x"].detach().flatten()[places])
    if f"grad {x}" in _names(first):
        expected = names["x"].grad.flatten()[places].nan_to_num()
        assert torch.equal(numbers(first, f"grad {x}").flatten().nan_to_num(), expected)
    assert {each.header["of"] for each in sources} == {"output", *(n for n in _names(first) if n[:5] == "grad ")}


def _names(answer: Answer) -> list[str]:
    return [each["name"] for each in answer.header["tensors"]]


def test_a_cell_of_x_is_set_and_all_else_is_drawn_as_before() -> None:
    plain, changed = (parts("ReLU", shape="2, 2", cells=cells)[0] for cells in ("", "0:-2,3:1.5"))
    x = numbers(plain, "input")
    x[0, 0], x[1, 1] = -2.0, 1.5
    assert torch.equal(numbers(changed, "input"), x)
    assert torch.equal(numbers(changed, "output"), x.clamp(min=0))
    g = numbers(plain, "grad_output")
    assert torch.equal(numbers(changed, "grad_output"), g)
    assert torch.equal(numbers(changed, "grad input"), torch.where(x > 0, g, 0.0))  # by hand


def test_the_program_sets_the_cells_before_a_gradient_is_wanted_and_leaves_out_those_beyond_x() -> None:
    operator = OPERATORS["ReLU"]
    text = program(operator, {"shape": (2, 2), "inplace": False}, 0, {3: 1.5, 4: 9.0})
    lines = ["x = torch.randn(2, 2).round(decimals=1)", "x[1, 1] = 1.5", "x.requires_grad_()"]
    assert "\n".join(lines) in text and "9.0" not in text


def test_a_cell_of_a_transposed_input_is_that_of_x() -> None:
    first = parts("view", transposed=True, new_shape="6", shape="1, 6")[0]
    assert numbers(first, "input").shape == (6, 1)
    first = parts("reshape", transposed=True, new_shape="6", cells="1:9")[0]
    t, places = numbers(first, "input"), first.header["tensors"][0]["edits"]
    assert t.shape == (3, 2) and places == [0, 3, 1, 4, 2, 5]
    assert t.flatten()[places.index(1)] == 9


def test_each_wrong_text_is_said_in_either_language() -> None:
    first = parts("Conv2d", padding="abc", stride="x1")[0]
    assert first.header["why"] == ["stride: 'x1' is not a whole number", "padding: 'abc' is not a whole number"]
    assert parts("Conv2d", "zh", padding="abc")[0].header["why"] == ["padding：'abc' 不是整数"]
    assert parts("ReLU", cells="0:x")[0].header["why"] == ["x: '0:x' is not place:number"]


@pytest.mark.parametrize("text", ["x", "0", "0:", ":1", "0:1e5", "0:nan", "-1:2", "0:1;1:2", "0:1,", "99999:1"])
def test_what_is_no_list_of_cells_is_refused(text: str) -> None:
    with pytest.raises(InvalidSetting, match="place:number"):
        run.cells(text)


def test_pytorchs_own_words_stand_beside_the_reason() -> None:
    header = parts("view", transposed=True, new_shape="6")[0].header
    assert header["error"].startswith("RuntimeError: view size is not compatible")
    assert "reshape copies then" in header["why"][0] and not header["tensors"]
    assert parts("ReLU", shape="100, 100")[0].header["error"] == ""


def test_the_shape_is_shown_after_a_guess_where_one_likes() -> None:
    waiting = parts("bmm", ask=True)[0].header
    assert waiting["waits"] and not waiting["formula"] and not waiting["tensors"]
    wrong = parts("bmm", ask=True, guess="(2, 2, 9)")[0].header
    assert wrong["verdict"] == {"right": False, "sentence": "It is (2, 2, 2). The formula shows why."}
    assert wrong["formula"] and wrong["tensors"]
    assert parts("bmm", ask=True, guess="2,2,2")[0].header["verdict"]["right"]
    assert parts("cross_entropy", ask=True, guess="()")[0].header["verdict"]["right"]
    assert parts("bmm", guess="2")[0].header["verdict"] is None


@pytest.mark.parametrize(
    ("cell", "title"),
    [
        ("output.3", "y[0, 1, 1]"),
        ("grad mat2.1", "∂L/∂mat2[0, 0, 1]"),
        ("output.99", "y[0, 0, 0]"),
        ("x", "y[0, 0, 0]"),
    ],
)
def test_a_cell_is_opened_and_an_impossible_one_is_the_first_of_y(cell: str, title: str) -> None:
    cell_answer = parts("bmm", cell=cell)[0].header["cell"]
    assert cell_answer["title"] == title
    assert cell_answer["lines"] and "torch" in cell_answer["comparison"]


def test_every_cell_is_told_what_it_was_made_of() -> None:
    first, *rest = parts("bmm")
    sources = next(each.header["sources"] for each in rest if each.header["of"] == "output")
    numbers_of = {name: number for number, name in enumerate(_names(first))}
    row, column = [[numbers_of["input"], k] for k in (3, 4, 5)], [[numbers_of["mat2"], k] for k in (1, 3, 5)]
    assert sources[3] == sorted(row + column)


def test_arguments_run_in_another_process_first_and_then_here(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def call(function: Any, *arguments: Any, **_limits: Any) -> Any:
        calls.append(arguments)
        return function(*arguments)

    monkeypatch.setattr(run, "proven_safe", Latest(run.MOST_KNOWN))
    monkeypatch.setattr(run, "call_isolated", call)
    for cells in ("", "0:1", "1:2"):
        parts("ReLU", cells=cells)
    assert [name for name, *_ in calls] == ["ReLU"]
    parts("ReLU", shape="2")
    assert len(calls) == 2


def test_arguments_that_end_their_process_are_never_run_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def call(*_arguments: Any, **_limits: Any) -> Any:
        raise crashed(-8)

    monkeypatch.setattr(run, "proven_safe", Latest(run.MOST_KNOWN))
    monkeypatch.setattr(run, "call_isolated", call)
    for _ in range(2):
        with pytest.raises(CallFailed, match="SIGFPE"):
            parts("ReLU", shape="5")


def test_another_process_gives_the_same_numbers() -> None:
    values = {"shape": (2, 2), "inplace": False}
    there = isolation.call(run_by_name, "ReLU", values, 3, {1: 2.5})
    here = run_by_name("ReLU", values, 3, {1: 2.5})
    assert there.call is not None and here.call is not None
    assert torch.equal(there.call.output, here.call.output)


@pytest.mark.parametrize("name", ["operators", "operators.", "operators.Conv9d", "convolution.x", "os.path", "."])
def test_what_is_no_instrument_is_refused(name: str) -> None:
    with pytest.raises(InvalidSetting):
        instrument(name)


def test_it_is_asked_over_a_connection_by_its_name() -> None:
    async def scene(work) -> None:
        tab = Tab(work, {"operators.sigmoid": instrument("operators.sigmoid")})
        await tab.connection.take(question(1, ask="operators.sigmoid", sigmoid_cells="0:0"))
        await tab.last(1)
        header, values = tab.got[0]
        assert [each["name"] for each in header["tensors"]] == ["input", "output", "grad_output", "grad input"]
        assert (values[0], values[12]) == (0.0, 0.5)

    in_a_loop(scene)
