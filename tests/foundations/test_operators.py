"""Every operator: shape formula, errors, opened cells and gradients against torch, for random arguments."""

from __future__ import annotations

import itertools
import math
import re
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from core import isolation
from core.errors import InvalidSetting
from core.foundations import run_operator as module_run
from core.foundations.execution import execute
from core.foundations.run_operator import open_gradient, open_value, program, run, run_by_name
from core.ops.cell_latex import arithmetic
from core.ops.explanation import Explanation, Factor, Term
from core.ops.latex import number
from core.ops.operator import Argument, Operator, TooLarge, numbers_of, parse
from core.ops.registry import OPERATORS, search
from core.ops.view import can_view
from core.windows.sizes import UncheckedByTorch
from tests.examples import up_to
from tests.foundations import scripts

LISTED = """Linear Softmax LogSoftmax AdaptiveAvgPool1d AdaptiveAvgPool2d dropout Dropout2d Conv2d MaxPool2d
BatchNorm2d ReLU LeakyReLU bmm view reshape flatten unsqueeze squeeze nll_loss cross_entropy mse_loss forward
matmul sigmoid tanh"""


def raw_values(argument: Argument) -> st.SearchStrategy[Any]:
    """What the control of ``argument`` can hold: mostly its default, so that several arguments fit together."""
    default = st.just(argument.default)
    if argument.kind == "int":
        return default | st.integers(int(argument.low), int(argument.high))
    if argument.kind == "float":
        return default | st.sampled_from([argument.low, argument.high, 0.0, 0.3, 1.0])
    if argument.kind == "bool":
        return st.booleans()
    if argument.kind in ("choice", "word"):
        return default | st.sampled_from(argument.options)
    odd = () if argument.kind == "shape" else ("x", "0", "-1", "None", "1, None", "2, 2, 2")  # one can type them
    return default | st.sampled_from((argument.default, *argument.examples, *odd))


def draw_settings(operator: Operator, data: st.DataObject) -> dict[str, Any]:
    try:
        return {a.name: parse(a, data.draw(raw_values(a), label=a.name)) for a in operator.arguments}
    except InvalidSetting:  # a text that is no number or no shape
        assume(False)
        raise


def cells(tensor: torch.Tensor) -> list[tuple[int, ...]]:
    """At most twelve cells of ``tensor``, spread over it."""
    every = list(itertools.product(*(range(size) for size in tensor.shape)))
    return every[:: max(1, len(every) // 12)]


def close(explanation: Any) -> bool:
    if not math.isfinite(explanation.torch_value):
        return explanation.difference == 0
    return explanation.difference <= 1e-4 * max(1.0, abs(explanation.torch_value))


def is_of_symbols(operator: Operator, latex: str) -> bool:
    """Return whether a formula can be read in any language: the only words in it are names of PyTorch's."""
    words = re.findall(r"\\(?:text|mathrm|operatorname)\{([^}]*)\}", latex)
    signatures = " ".join(each.signature for each in (operator, OPERATORS["Linear"]))  # `forward` shows a Linear
    names = set(re.findall(r"\w+", signatures)) | {"in", "out", "vec", "softmax"}
    return all(word.replace("\\_", "_") in names for word in words)


@pytest.mark.parametrize("name", OPERATORS)
@settings(max_examples=up_to(15), suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_formula_errors_and_opened_cells_agree_with_torch(name: str, data: st.DataObject) -> None:
    operator = OPERATORS[name]
    values = draw_settings(operator, data)
    ran = run(operator, values, seed=data.draw(st.integers(0, 99)))
    if any(isinstance(each, TooLarge | UncheckedByTorch) for each in ran.invalid):
        return
    if values.get("device") == "'meta'" and bool(ran.invalid):
        return  # PyTorch computes a shape without numbers
    assert (ran.error != "") == (bool(ran.invalid)), (values, ran.error, ran.invalid)
    if ran.call is None:
        return
    assert ran.formula is not None
    assert tuple(ran.call.output.shape) == ran.formula.output
    assert all(is_of_symbols(operator, line) for line in ran.formula.lines), ran.formula
    for index in cells(ran.call.output):
        explanation = open_value(ran, index)
        assert explanation is not None and close(explanation), (values, index, explanation)
        assert all(is_of_symbols(operator, line) for line in (explanation.symbolic, *explanation.steps)), (
            explanation
        )
    for which, grad in ran.grads.items():
        for index in cells(grad):
            explanation = open_gradient(ran, which, index)
            assert explanation is not None and close(explanation), (values, which, index, explanation)
            assert all(is_of_symbols(operator, line) for line in (explanation.symbolic, *explanation.steps)), (
                explanation
            )


@pytest.mark.parametrize("mode", ["reflect", "replicate", "circular"])
def test_a_convolution_that_pads_with_its_own_image_opens_too(mode: str) -> None:
    operator = OPERATORS["Conv2d"]
    values = {a.name: parse(a, a.default) for a in operator.arguments} | {"padding": 2, "padding_mode": mode}
    ran = run(operator, values)
    assert ran.call is not None
    assert all(close(open_value(ran, index)) for index in cells(ran.call.output))
    for which, grad in ran.grads.items():
        assert all(close(open_gradient(ran, which, index)) for index in cells(grad))


@pytest.mark.parametrize(
    ("shape", "size"), [("3, 3", "1"), ("3", "1"), ("2, 1, 2, 2, 2", "1"), ("2, 1, 2, 1, 2", "None, 1")]
)
def test_a_mean_to_one_cell_takes_any_number_of_dimensions_as_torch_does(shape: str, size: str) -> None:
    operator = OPERATORS["AdaptiveAvgPool2d"]
    typed = {"shape": shape, "output_size": size}
    ran = run(operator, {a.name: parse(a, typed[a.name]) for a in operator.arguments})
    assert (ran.error != "") == (bool(ran.invalid))


def test_the_only_dimension_is_an_order_of_one() -> None:
    operator = OPERATORS["permute"]
    ran = run(operator, {a.name: parse(a, {"shape": "4", "dims": "0"}[a.name]) for a in operator.arguments})
    assert all(close(open_value(ran, (i,))) and close(open_gradient(ran, "input", (i,))) for i in range(4))


def test_what_is_no_number_is_written_as_torch_has_it() -> None:
    assert [number(value) for value in (math.nan, math.inf, -math.inf)] == [r"\mathtt{nan}", r"\infty", r"-\infty"]
    operator = OPERATORS["nll_loss"]
    typed = {a.name: parse(a, {"target": "-100, -100"}.get(a.name, a.default)) for a in operator.arguments}
    explanation = open_value(run(operator, typed), ())
    assert explanation is not None and arithmetic(explanation) == [r"\frac{0}{0} = \mathtt{nan}"]


def test_a_long_line_of_arithmetic_goes_on_after_its_last_equals_sign() -> None:
    operator = OPERATORS["cross_entropy"]
    explanation = open_value(run(operator, {a.name: parse(a, a.default) for a in operator.arguments}), ())
    assert explanation is not None
    *steps, last = arithmetic(explanation)
    assert len(steps) == len(explanation.steps) == 4 and all(r" \\ &= " in step for step in steps)
    assert last.endswith(rf"&= {number(explanation.result)} \end{{aligned}}")


def test_every_operator_of_the_lesson_is_there_with_the_arguments_of_its_signature() -> None:
    assert set(LISTED.split()) <= set(OPERATORS)
    for operator in OPERATORS.values():
        inside = operator.signature[operator.signature.index("(") + 1 : operator.signature.index(")")]
        names = {part.split("=")[0].strip() for part in inside.replace("*,", "").split(",")}
        controls = {argument.name for argument in operator.arguments}
        renamed = {"input": "shape", "*shape": "new_shape", "shape": "new_shape", "self": "shape", "x": "shape"}
        renamed |= {"tensors": "other", "query": "shape"}
        renamed |= {"weight": "shape"} if operator.name == "embedding" else {}
        if operator.name not in ("view", "reshape"):
            renamed.pop("shape")
        assert {renamed.get(name, name) for name in names} <= controls, operator.name


@pytest.mark.parametrize("name", OPERATORS)
def test_the_defaults_run_and_the_script_prints_what_is_on_the_screen(name: str) -> None:
    operator = OPERATORS[name]
    values = {argument.name: parse(argument, argument.default) for argument in operator.arguments}
    ran = run(operator, values, 3)
    assert not ran.error and not ran.invalid
    with torch.random.fork_rng(devices=[]):
        names, output = scripts.run(program(operator, values, 3))
    assert ran.call is not None
    torch.testing.assert_close(names["y"], ran.call.output, rtol=0, atol=0, equal_nan=True)
    assert str(ran.call.output) in output
    assert output.strip() == ran.printed.strip()


RIGHT = {
    "Linear": "torch.Size([2, 3])",
    "Conv2d": "(28, 28) -> Expected 3D (unbatched) or 4D (batched) input",
    "bmm": "bmm: Expected size for first two dimensions",
    "forward": "layer.forward(x):\nsame numbers: True",
    "ReLU": "relu tensor([0., 0., 1.])\nmaximum(x, 0) tensor([0.0000, 0.5000, 1.0000])",
    "LeakyReLU": "relu gradient of w: tensor(0.)\nleaky_relu gradient of w: tensor(0.0350)",
    "Softmax": "columns to tensor([1.0000, 1.0000, 1.0000])",
    "LogSoftmax": "log(softmax(x)) tensor([-inf, 0.])",
    "MaxPool2d": "tensor([[[ 6.,  8.],\n         [16., 18.]]])",
    "AdaptiveAvgPool1d": "output 1 averages inputs [1, 2, 3]",
    "AdaptiveAvgPool2d": "[1., 1., 2., 2.]",
    "dropout": "values [0.0, 2.0] mean 0.99",
    "Dropout2d": "[[0.0, 0.0], [0.0, 0.0]]",
    "BatchNorm2d": "eval, new:      mean 10.05",
    "view": "view size is not compatible with input tensor's size and stride",
    "reshape": "strides (1, 3) same memory: False",
    "flatten": "torch.Size([50176])",
    "unsqueeze": "2 (2, 3, 1)",
    "squeeze": "torch.Size([2, 3])",
    "nll_loss": "raw scores       tensor(-4.)",
    "cross_entropy": "after a softmax  1.46",
    "mse_loss": "tensor(1.3333) torch.Size([3, 3])",
    "matmul": "torch.Size([2, 3])\ntorch.Size([2, 3, 1])\ntorch.Size([3])",
    "sigmoid": "sigmoid: dy/dx = 2.8e-07",
    "add": "torch.Size([3, 3])",
    "pad": "tensor([[0., 1., 1., 1.],\n        [0., 1., 1., 1.]])",
    "embedding": "now   tensor([5., 5.], grad_fn=<SelectBackward0>)\ngrad  tensor([0., 0.])",
    "gather": "torch.Size([64, 1])",
    "indexing": "x[0:1] x is now [[1.0, 1.0], [0.0, 0.0]]\nx[[0]] x is now [[0.0, 0.0], [0.0, 0.0]]",
    "LayerNorm": "LayerNorm [0.0, 0.0, 0.0]",
    "scaled_dot_product_attention": "causal tensor([[[0., 1.]]])\nall    tensor([[[3., 4.]]])",
    "sum": "tensor([11., 22., 33.]) torch.Size([3])",
    "mean": "mean of the means 4.0\nmean of all      2.0",
    "permute": "permute [[[1, 2], [3, 4]], [[10, 20], [30, 40]]]\nreshape [[[1, 10], [2, 20]]",
    "stack": "stack torch.Size([2, 1, 28, 28])",
    "split": "split(2) (tensor([0, 1]), tensor([2, 3]), tensor([4, 5]))",
    "chunk": "(tensor([0, 1]), tensor([2, 3]), tensor([4]))",
    "div": "//    tensor(-4)\ntrunc tensor(-3)",
    "pow": "x ** (1 / 3) tensor(nan)",
    "binary_cross_entropy_with_logits": "then bce 100.0 gradient 0.0\nwith_logits       200.0 gradient 1.0",
    "cumsum": "tensor([4., 3., 2., 1.])",
    "flip": "step must be greater than zero",
    "Conv1d": "to have 50 channels, but got 20 channels instead\n(8, 64, 18)",
    "AvgPool2d": "tensor([[[0.4444, 0.6667, 0.6667, 0.4444],",
    "ConvTranspose2d": "(1, 1, 4, 4)",
    "log": "tensor([0., -inf, nan])\ntensor([ 1., inf, -1.])",
    "sqrt": "sqrt tensor([nan, nan, nan])\nnorm tensor([0., 0., 0.])",
    "tanh": "tensor([1.0000e+00, 7.0651e-02, 1.8155e-04, 0.0000e+00])",
}


def test_every_surprise_is_checked_and_only_such() -> None:
    assert set(RIGHT) == {name for name, operator in OPERATORS.items() if operator.surprise}


@pytest.mark.parametrize("name", RIGHT)
def test_each_surprise_really_happens(name: str) -> None:
    surprise = OPERATORS[name].surprise
    assert surprise is not None and surprise.right in surprise.answers
    assert RIGHT[name] in execute(surprise.program)[1]


@given(st.lists(st.integers(1, 4), min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_whether_a_view_exists_is_what_torch_says(shape: list[int], random: Any) -> None:
    order = list(range(len(shape)))
    random.shuffle(order)
    t = torch.zeros(shape).permute(order)
    output = list(shape)
    random.shuffle(output)
    view_shape = (*output[:-2], math.prod(output[-2:])) if random.random() < 0.5 else tuple(output)
    try:
        t.view(view_shape)
        possible = True
    except RuntimeError:
        possible = False
    assert can_view(tuple(t.shape), t.stride(), view_shape) == possible


@pytest.mark.parametrize("text", ["two", "1e9", "2; import os", "9" * 40, "(((", "__import__('os')"])
def test_a_text_that_is_no_shape_is_refused(text: str) -> None:
    with pytest.raises(InvalidSetting):
        parse(Argument("shape", "shape", "2, 3"), text)


@pytest.mark.parametrize(("shape", "groups"), [("1, 2", 2), ("1, 4, 1", 4), ("1, 4, 1", 2), ("2, 2, 1", 2)])
def test_group_norm_is_refused_as_torch_refuses_it_on_one_value(shape: str, groups: int) -> None:
    operator = OPERATORS["GroupNorm"]
    values = {a.name: parse(a, a.default) for a in operator.arguments}
    sizes = parse(operator.arguments[0], shape)
    ran = run(operator, values | {"shape": sizes, "num_groups": groups, "num_channels": sizes[1]}, seed=0)
    assert (ran.error != "") == bool(ran.invalid) == (groups == math.prod(sizes))


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("kind", ["Avg", "Max"])
@pytest.mark.parametrize(("padding", "ceil_mode"), [(0, True), (1, False), (1, True)])
def test_a_kernel_larger_than_the_input_is_refused_where_torch_refuses_it(
    kind: str, count: int, padding: int, ceil_mode: bool
) -> None:
    operator = OPERATORS[f"{kind}Pool{count}d"]
    values = {a.name: parse(a, a.default) for a in operator.arguments}
    shape = (1, 1, *(3,) * (count - 1), 2)
    ran = run(
        operator, values | {"shape": shape, "kernel_size": 3, "padding": padding, "ceil_mode": ceil_mode}, seed=0
    )
    assert (ran.error != "") == bool(ran.invalid), (ran.error, ran.invalid)


def test_a_tensor_too_large_to_read_is_refused_before_anything_runs() -> None:
    with pytest.raises(TooLarge):
        parse(Argument("shape", "shape", "2, 3"), "100, 100")


NOT_RUN = [
    ("MaxPool2d", {"shape": "1, 1, 2, 2", "kernel_size": "2", "padding": "1", "dilation": "3"}, "window 0 lies"),
    (
        "MaxPool2d",
        {"shape": "1, 1, 9, 2", "kernel_size": "2", "padding": "0, 1", "dilation": "1, 3"},
        "window 0 lies",
    ),
    ("MaxPool2d", {"shape": "1, 150, 1, 1", "kernel_size": "1", "padding": "0", "stride": "1"}, ""),
    ("Conv2d", {"padding": "3000"}, "F.pad"),
    ("Conv2d", {"padding": "-3000"}, "F.pad"),
    ("Conv2d", {"padding": "same", "kernel_size": "3", "dilation": "900000"}, "F.pad"),
    ("Conv2d", {"kernel_size": "8000"}, "weight would hold"),
    ("Conv2d", {"kernel_size": "1, 9999, 9"}, "weight would hold"),
    ("AdaptiveAvgPool2d", {"output_size": "8000, 8000"}, "64000000 numbers"),
    ("bmm", {"shape": "1, 150, 1", "mat2": "1, 1, 150"}, "22500 numbers"),
]


@pytest.mark.parametrize(("name", "typed", "why"), NOT_RUN)
def test_what_torch_does_not_check_or_what_is_too_large_is_not_run(
    name: str, typed: dict[str, str], why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts: list[str] = []
    monkeypatch.setattr(module_run, "execute", lambda text: texts.append(text) or execute(text))
    operator = OPERATORS[name]
    ran = run(operator, {a.name: parse(a, typed.get(a.name, a.default)) for a in operator.arguments})
    assert (bool(texts), any(isinstance(each, TooLarge | UncheckedByTorch) for each in ran.invalid)) == (
        not why,
        bool(why),
    )
    assert why in " ".join(map(str, ran.invalid))


@pytest.mark.parametrize(
    ("name", "typed", "place"),
    [
        ("Conv2d", {"stride": 0, "groups": 3}, 2),
        ("Conv2d", {"kernel_size": 99}, 1),
        ("MaxPool2d", {"padding": 9, "dilation": 0}, 2),
        ("Conv2d", {"shape": (3, 3), "kernel_size": 99}, 1),
        ("LayerNorm", {}, 0),
    ],
)
def test_each_argument_that_is_wrong_by_itself_is_said(name: str, typed: dict[str, object], place: int) -> None:
    operator = OPERATORS[name]
    values = {a.name: parse(a, a.default) for a in operator.arguments} | typed
    messages = [str(error) for error in run(operator, values).invalid]
    assert len(messages) == len(set(messages)) == place, messages


@pytest.mark.parametrize("value", ["same", None, (1, None), (1, 2, 3)])
def test_what_is_no_number_for_each_side_is_said_as_it_was_given(value: object) -> None:
    with pytest.raises(InvalidSetting, match=re.escape(f"stride takes one number or 2, not {value}")):
        numbers_of("stride", value, 2)


@pytest.mark.parametrize("tracked", [False, True])
@pytest.mark.parametrize("affine", [False, True])
@pytest.mark.parametrize("device", ["None", "'cpu'", "'meta'"])
def test_a_layer_without_tensors_may_be_on_any_device(tracked: bool, affine: bool, device: str) -> None:
    operator = OPERATORS["BatchNorm2d"]
    options = {"affine": affine, "track_running_stats": tracked, "device": device}
    ran = run(operator, {a.name: parse(a, options.get(a.name, a.default)) for a in operator.arguments})
    assert (not ran.invalid) == (device != "'meta'" or not (affine or tracked))
    assert not ran.error or bool(ran.invalid)


def test_what_came_of_a_program_crosses_to_another_process_whole() -> None:
    for name, operator in OPERATORS.items():
        values = {a.name: parse(a, a.default) for a in operator.arguments}
        here, there = run(operator, values, 5), isolation.call(run_by_name, name, values, 5, {})
        assert here.call is not None and there.call is not None
        assert (here.program, here.printed, here.formula) == (there.program, there.printed, there.formula)
        equal(here.call.output, there.call.output)
        for which, grad in here.grads.items():
            equal(grad, there.grads[which])


def equal(here: torch.Tensor, there: torch.Tensor) -> None:
    """Assert that two tensors hold the same numbers, nan where the other has nan."""
    torch.testing.assert_close(here, there, rtol=0, atol=0, equal_nan=True)


def test_operators_are_found_by_name() -> None:
    assert search("softmax")[:2] == ["Softmax", "LogSoftmax"]
    assert search("nn.Conv2d") == ["Conv2d"]


def test_operators_are_found_by_what_they_do_in_either_language() -> None:
    assert search("loss")[:2] == ["nll_loss", "mse_loss"] and "cross_entropy" in search("loss")
    assert search("probability") and "dropout" in search("probability")
    assert "AdaptiveAvgPool1d" in search("averages")
    says = {operator.description: f"译 {name}" for name, operator in OPERATORS.items()}
    assert search("译 relu", says.__getitem__) == ["ReLU", "LeakyReLU"]


def test_the_empty_search_finds_all_and_nonsense_nothing() -> None:
    assert search("") == list(OPERATORS)
    assert search("no such thing") == []


def test_the_terms_of_a_sum_are_broken_into_lines_that_a_phone_shows() -> None:
    terms = tuple(Term((Factor("x", -1.5), Factor("w", w)), -1.5 * w) for w in (-0.551571, 2.0, 3.0, -0.382369))
    (latex,) = arithmetic(Explanation("output", (0,), "", terms, 1.25, 1.25))
    assert latex.split(r"\\") == [
        r"\begin{aligned} &(-1.5) \cdot (-0.551571) + (-1.5) \cdot 2 ",
        r" &\quad + (-1.5) \cdot 3 + (-1.5) \cdot (-0.382369) ",
        r" &= 1.25 \end{aligned}",
    ]
