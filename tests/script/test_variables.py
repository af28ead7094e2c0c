"""What is written down of a variable: what Python and torch say of it; the object itself is not asked."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from core.script import variables
from core.script.program_record import Variable

SCALARS = st.one_of(
    st.integers(-(2**62), 2**62), st.floats(), st.booleans(), st.none(), st.complex_numbers(), st.text(max_size=100)
)


class Lies:
    """An object that must not be asked: whatever Python calls on it fails."""

    @property
    def __class__(self) -> type:  # type: ignore[override]
        raise RuntimeError("asked for its class")

    def __repr__(self) -> str:
        raise RuntimeError("asked for its text")

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("compared")

    __hash__ = None  # type: ignore[assignment]


@given(SCALARS)
def test_a_plain_value_is_written_as_python_writes_it(value: object) -> None:
    variable = variables.describe("x", value)
    assert variable.text == repr(value)
    assert variable.kind == ("text" if isinstance(value, str) else "none" if value is None else "number")
    assert variables.mark(value) is value


def test_what_is_long_is_cut_and_says_so() -> None:
    assert variables.describe("x", "a" * 121).text == "'" + "a" * 119 + "…"
    assert variables.describe("x", 1 << 63).text == "int of 64 bits"
    assert variables.describe("x", (1 << 63) - 1).text == str((1 << 63) - 1)


@given(st.one_of(st.lists(SCALARS, max_size=12), st.dictionaries(st.integers(0, 99), SCALARS, max_size=12)))
def test_a_container_of_few_short_plain_values_is_written_out_any_other_by_its_length(value: Any) -> None:
    items = [*value.keys(), *value.values()] if isinstance(value, dict) else value
    is_short = len(value) <= 8 and all(len(item) <= 20 for item in items if isinstance(item, str))
    expected = repr(value) if is_short else f"{type(value).__name__} of {len(value)}"
    for container in (value, tuple(value) if isinstance(value, list) else value):
        variable = variables.describe("x", container)
        assert variable.kind == type(container).__name__
        assert variable.text == (repr(container) if is_short else expected.replace("list", variable.kind))


def test_a_container_that_holds_a_large_number_or_an_object_is_not_written_out() -> None:
    assert variables.describe("x", [1 << 63]).text == "list of 1"
    assert variables.describe("x", (Lies(),)).text == "tuple of 1"
    assert variables.describe("x", {"a": Lies()}).text == "dict of 1"
    assert variables.describe("x", {2}).text == "{2}"


def test_an_object_is_named_by_its_type_and_asked_for_nothing() -> None:
    lies = Lies()
    assert variables.describe("x", lies) == Variable("x", "object", "Lies")
    assert variables.mark(lies) == id(lies)
    assert variables.number(lies) is None
    assert not variables.is_hidden("x", lies) and not variables.is_array(lies)
    assert variables.snapshot("x", lies) == Variable("x", "object", "Lies")


def test_modules_and_optimizers_are_named_by_their_class() -> None:
    layer = nn.Linear(2, 1)
    assert variables.describe("x", layer) == Variable("x", "module", "Linear")
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
    assert variables.describe("x", optimizer) == Variable("x", "optimizer", "SGD")


@given(
    st.lists(st.integers(0, 3), max_size=3),
    st.sampled_from([torch.float32, torch.float64, torch.int64, torch.bool, torch.complex64]),
)
def test_a_tensor_is_described_as_torch_describes_it(shape: list[int], dtype: torch.dtype) -> None:
    tensor = (torch.rand(shape) * 4 - 2).to(dtype)
    variable = variables.describe("w", tensor)
    facts = variable.tensor
    assert facts is not None and variable.kind == "tensor"
    assert variable.text == f"{list(tensor.shape)} {str(dtype).removeprefix('torch.')}"
    assert facts.shape == tensor.shape and facts.device == "cpu" and facts.requires_grad is False
    if tensor.numel() and dtype != torch.complex64:
        assert facts.values["first"] == tensor.reshape(-1)[:8].tolist()
    if tensor.numel() > 1 and dtype in (torch.float32, torch.float64):
        assert facts.values["min"] == tensor.min().item() and facts.values["max"] == tensor.max().item()
        assert math.isclose(float(str(facts.values["mean"])), tensor.double().mean().item(), abs_tol=1e-12)


def test_a_parameter_and_a_tensor_without_numbers_are_told_apart() -> None:
    assert variables.describe("w", nn.Parameter(torch.ones(2))).kind == "parameter"
    meta = variables.describe("w", torch.ones(2, 3, device="meta"))
    assert meta.text == "[2, 3] float32" and meta.tensor is not None and not meta.tensor.values
    inside = []
    torch.func.vmap(lambda x: inside.append(variables.describe("x", x)) or x)(torch.ones(3))
    assert inside == [Variable("x", "tensor", "Tensor")]


def test_only_the_numbers_of_a_tensor_up_to_the_bound_are_summarised() -> None:
    for most, has_values in ((6, True), (5, False)):
        facts = variables.describe("w", torch.ones(2, 3), most).tensor
        assert facts is not None and bool(facts.values) is has_values


@given(st.lists(st.integers(0, 3), max_size=3), st.sampled_from(["float32", "float64", "int8", "bool"]))
def test_an_array_is_described_as_numpy_describes_it(shape: list[int], dtype: str) -> None:
    array = (np.random.default_rng(0).random(shape) * 4 - 2).astype(dtype)
    array = np.asarray(array)
    variable = variables.describe("a", array)
    facts = variable.tensor
    assert facts is not None and variable.kind == "array" and variable.text == f"{list(array.shape)} {dtype}"
    assert variables.is_array(array)
    if array.size:
        assert facts.values["first"] == array.reshape(-1)[:8].tolist()
    else:
        assert not facts.values
    if array.size > 1 and dtype.startswith("float"):
        assert facts.values["min"] == array.min() and facts.values["max"] == array.max()
        assert facts.values["mean"] == float(array.mean())


def test_numbers_that_json_does_not_have_are_text() -> None:
    facts = variables.array_facts("a", np.array([1.0, np.nan, np.inf]))
    assert facts.values == {"first": [1.0, "nan", "inf"], "min": "nan", "max": "nan", "mean": "nan"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, 3.0),
        (2.5, 2.5),
        (1 << 63, None),
        (True, None),
        ("3", None),
        (torch.tensor(4), 4.0),
        (torch.tensor([4.0]), None),
        (torch.tensor(1j), None),
        (torch.ones((), device="meta"), None),
        (torch.tensor(2.0, requires_grad=True), 2.0),
        (np.float32(0.5), 0.5),
        (np.int64(7), 7.0),
        (np.array(7), None),
    ],
)
def test_a_real_number_can_be_drawn(value: object, expected: float | None) -> None:
    assert variables.number(value) == expected


def test_a_number_of_numpy_is_written_as_a_number() -> None:
    assert variables.describe("x", np.float64(0.25)) == Variable("x", "number", "0.25")


def test_what_a_program_imports_and_defines_is_hidden() -> None:
    hidden = {"f": lambda: 0, "C": nn.Linear, "m": math, "b": len, "__name__": "main"}
    assert all(variables.is_hidden(name, value) for name, value in hidden.items())
    visible = {"x": 1, "w": torch.ones(1), "layer": nn.Linear(1, 1)}
    assert not any(variables.is_hidden(name, value) for name, value in visible.items())


def test_a_mark_changes_with_what_changes_in_place() -> None:
    tensor, items = torch.zeros(2), [1]
    before = variables.mark(tensor), variables.mark(items)
    assert before == (variables.mark(tensor), variables.mark(items))
    tensor.add_(1)
    items.append(2)
    assert variables.mark(tensor) != before[0] and variables.mark(items) != before[1]


def test_a_snapshot_keeps_a_small_tensor_as_it_was() -> None:
    tensor = torch.tensor([1.0, 2.0])
    snapshot = variables.snapshot("w", tensor)
    assert isinstance(snapshot, variables.Snapshot)
    described = variables.describe("w", tensor)
    assert snapshot == variables.snapshot("w", tensor)
    tensor.add_(1)
    assert snapshot.variable() == described and snapshot != variables.snapshot("w", tensor)
    assert len({snapshot, snapshot}) == 1
    large = torch.zeros(variables.SMALL + 1)
    assert isinstance(variables.snapshot("w", large), Variable)


def test_a_variable_knows_the_operation_that_made_it() -> None:
    small, large = torch.ones(2), torch.ones(variables.SMALL + 1)
    for tensor in (small, large):
        entry = variables.snapshot("w", tensor)
        assert variables.made_by(entry, None) is entry
        with_maker = variables.made_by(entry, (7, 0))
        variable = with_maker.variable() if isinstance(with_maker, variables.Snapshot) else with_maker
        assert variable.tensor is not None and variable.tensor.maker == (7, 0)
    number = variables.snapshot("x", 1)
    assert variables.made_by(number, (7, 0)) is number
