"""Networks built from rows: text and back, shapes and costs against the real module, the famous mistake."""

from __future__ import annotations

import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch import nn

from core.errors import InvalidSetting
from core.networks import editing, registry, row_layers, stack
from core.networks.rows import KINDS, Row
from tests.examples import up_to

pytestmark = pytest.mark.filterwarnings("ignore:dropout2d", "ignore:Using padding='same'")


@st.composite
def rows(draw: st.DrawFn) -> Row:
    kind = draw(st.sampled_from(sorted(KINDS)))
    options = {}
    for option in KINDS[kind]:
        if draw(st.booleans()):
            if option.word and draw(st.booleans()):
                options[option.name] = option.word
            elif isinstance(option.default, float):
                options[option.name] = draw(st.sampled_from([0.0, 0.1, 0.25, 0.9]))
            else:
                options[option.name] = draw(st.integers(int(option.minimum), int(min(option.maximum, 6))))
    return Row(kind, options)


@st.composite
def stacks(draw: st.DrawFn) -> stack.Stack:
    side = draw(st.integers(6, 20))
    size = (draw(st.integers(1, 3)), side, draw(st.integers(6, 20)))
    return stack.Stack(size, tuple(draw(st.lists(rows(), max_size=5))))


def without_defaults(network: stack.Stack) -> list[tuple[str, dict[str, object]]]:
    return [(row.kind, {o.name: row.option(o.name) for o in KINDS[row.kind]}) for row in network.rows]


@given(stacks())
def test_a_network_survives_as_text(network: stack.Stack) -> None:
    again = stack.parse(network.text)
    assert again.input == network.input
    assert without_defaults(again) == without_defaults(network)
    assert again.text == network.text


@given(stacks())
@example(stack.parse("1x6x6~avg-k2~avg-k3~linear"))  # a picture of one pixel needs no flatten, as torch sees it
@settings(max_examples=up_to(100))
def test_shapes_and_parameters_at_every_row_are_those_of_the_real_layers(network: stack.Stack) -> None:
    for layer in network.layers():
        if layer.problem is not None:
            assert row_layers.torch_message(layer.row, layer.input), (layer, "PyTorch takes what we refuse")
            return
        real = row_layers.module(layer.row, layer.input).eval()
        assert layer.output == tuple(real(torch.zeros(2, *layer.input)).shape[1:])
        assert layer.parameters == sum(p.numel() for p in real.parameters())


@given(stacks(), st.integers(0, 2**16), st.data())
@settings(max_examples=up_to(60))
def test_the_receptive_field_is_where_the_gradient_of_a_unit_lands(
    network: stack.Stack, seed: int, data: st.DataObject
) -> None:
    left_out = ("max", "dropout", "dropout2d", "relu", "norm", "logsoftmax")  # may send a gradient of exactly 0
    plain = [Row("conv"), *(row for row in network.rows if row.kind not in left_out)]
    layers = [layer for layer in stack.Stack(network.input, tuple(plain)).layers() if layer.problem is None]
    net = stack.Stack(network.input, tuple(layer.row for layer in layers)).build(seed).double().eval()
    for parameter in net.parameters():
        nn.init.uniform_(parameter, 0.5, 1.0)  # positive weights, so that no path cancels another
    output = layers[-1].output
    assert output is not None
    unit = tuple(data.draw(st.integers(0, size - 1)) for size in output)
    x = torch.rand(1, *network.input, dtype=torch.float64, requires_grad=True)
    net(x)[(0, *unit)].backward()
    assert x.grad is not None
    touched = x.grad[0].abs().sum(0)
    seen_rows, seen_columns = stack.seen_pixels(layers, unit)
    # A unit whose window lies in the padding alone has rows without columns, or the reverse, and so no pixel.
    assert touched.nonzero().tolist() == [[row, column] for row in seen_rows for column in seen_columns]


@pytest.mark.parametrize("name", stack.TUTORIALS)
def test_the_tutorials_networks_compute_what_the_originals_compute(name: str) -> None:
    network = stack.parse(stack.TUTORIALS[name])
    assert network.text == stack.TUTORIALS[name]
    ours, original = network.build(seed=3).eval(), registry.build(name, seed=5).eval()
    ours.load_state_dict(original.state_dict())  # the same names and shapes
    x = torch.rand(2, *network.input)
    assert torch.equal(ours(x), original(x))


def test_the_flatten_linear_mistake_is_explained_with_the_right_number_beside_pytorchs_message() -> None:
    # 28 -> conv 5x5 -> 24 -> max 2 -> 12; 6 channels of 12x12 are 6·12·12 = 864 numbers
    network = stack.parse("1x28x28~conv-o6-k5~max~flatten~linear-i400-o10")
    last = network.layers()[-1]
    assert last.problem is not None
    assert str(last.problem) == (
        "this Linear expects 400 numbers, and flatten gives 6 channels of 12×12: 6·12·12 = 864. Set in_features=864"
    )
    assert "(1x864 and 400x10)" in row_layers.torch_message(last.row, last.input)
    with pytest.raises(InvalidSetting):
        network.build()
    right = stack.parse("1x28x28~conv-o6-k5~max~flatten~linear-i864-o10")
    assert right.build()(torch.zeros(1, 1, 28, 28)).shape == (1, 10)


def test_a_missing_flatten_is_said() -> None:
    last = stack.parse("1x28x28~conv-o6-k5~linear-i3456-o10").layers()[-1]
    assert "put a flatten row before it" in str(last.problem)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "a network begins with its input"),
        ("1x28", "a network begins with its input"),
        ("0x28x28", "a network begins with its input"),
        ("1x28x28~lstm", "'lstm' is not a layer"),
        ("1x28x28~conv-z3", "conv has no option 'z3'"),
        ("1x28x28~conv-k", "kernel_size must be between 1 and 64, not ''"),
        ("1x28x28~conv-k99999999", "kernel_size must be between 1 and 64"),
        ("1x28x28~dropout-p2", "p must be between 0.0 and 1.0"),
        ("1x28x28~conv-o²", "out_channels must be between 1 and 1024"),
        ("1x28x28" + "~relu" * 41, "41 rows are too many"),
    ],
)
def test_text_that_is_no_network_is_refused_with_its_reason(text: str, sentence: str) -> None:
    with pytest.raises(InvalidSetting) as refused:
        stack.parse(text)
    assert sentence in str(refused.value)


@given(st.text(max_size=60))
@settings(max_examples=up_to(50))
def test_any_text_is_a_network_or_an_error(text: str) -> None:
    for whole in (text, "1x8x8~" + text):
        try:
            stack.parse(whole).layers()
        except InvalidSetting:
            continue


def test_a_network_too_large_is_refused_before_it_is_built() -> None:
    with pytest.raises(InvalidSetting, match="parameters: the limit is 5000000"):
        stack.parse("1x64x64~flatten~linear-o10000").build()
    with pytest.raises(InvalidSetting, match="numbers for one image"):
        stack.parse("1x256x256~conv-o1024-psame").build()


def test_a_seed_decides_the_weights_and_leaves_the_global_state_alone() -> None:
    torch.manual_seed(0)
    expected = torch.rand(1)
    torch.manual_seed(0)
    one, two = (stack.parse("1x8x8~conv~flatten~linear").build(seed=4) for _ in range(2))
    assert torch.rand(1) == expected
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), two.parameters(), strict=True))


def test_a_stack_is_a_network_by_name() -> None:
    name = "stack:" + stack.TUTORIALS["mnist"]
    spec = registry.spec(name)
    assert (spec.title, spec.input_size, spec.output) == (
        "conv 10 → conv 20 → fc 50 → fc 10",
        28,
        "log_probabilities",
    )
    first, again = registry.build(name, seed=1), registry.build(name, seed=1)
    assert torch.equal(first.get_parameter("conv1.weight"), again.get_parameter("conv1.weight"))
    assert registry.spec("stack:1x32x32~flatten~linear").output == "scores"
    assert registry.spec("lenet5") is registry.DIGIT_NETS["lenet5"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1x28x28~conv", "ten digits need ten numbers at the end"),
        ("1x28x28", "ten digits need ten numbers at the end"),
        ("3x28x28~flatten~linear", "this network wants 3×28×28"),
        ("1x28x28~flatten~linear-i400-o10", "784"),
    ],
)
def test_a_stack_that_cannot_read_digits_says_why(text: str, sentence: str) -> None:
    with pytest.raises(InvalidSetting) as refused:
        registry.spec("stack:" + text)
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    "text", ["1x28x28~flatten~linear-i100000-o10000", "16x9x9~conv-o1024-k64~relu", "16x256x256~linear-i9-o9"]
)
def test_no_layer_is_made_only_to_hear_that_it_is_too_large(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    layers_made: list[object] = []
    monkeypatch.setattr(row_layers, "module", lambda *arguments: layers_made.append(arguments))
    last = stack.parse(text).layers()[1 if "flatten" in text else 0]
    assert last.output is None
    assert row_layers.torch_message(last.row, last.input) == "" and not layers_made


@pytest.mark.parametrize("text", ["1x28x28~-p3", "1x28x28~relu~-k2-p", "1x28x28~ -", "1x28x28~relu~ ~ "])
def test_a_row_without_a_kind_is_refused_while_a_network_is_written(text: str) -> None:
    with pytest.raises(InvalidSetting, match="is not a layer"):
        editing.read(text)
