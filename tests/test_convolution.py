"""The convolution lesson: scenes against torch, formula, reach, kernels, pictures, exercises, scripts."""

from __future__ import annotations

import contextlib
import io
import random
import re

import pytest
import torch
import torch.nn.functional as F
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from core.convolution import exercises, inputs, kernels, scene
from core.convolution.layer import CLASSES, Layer
from core.errors import InvalidSetting
from core.export.convolution_script import layer_script, literal, stack_script
from core.networks.stack import TUTORIALS, parse
from core.ops import explain
from core.windows import formula, sizes, unreached_positions
from tests.examples import up_to

pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same'")


def drawn_layer(pick: random.Random) -> Layer:
    """A random layer of any kind as the page's sliders can set it."""
    kind = pick.choice(list(CLASSES))

    def two(least: int, most: int) -> tuple[int, int]:
        return pick.randint(least, most), pick.randint(least, most)

    groups = pick.choice([1, 1, 2])
    padding = pick.choice([two(0, 2), "valid", "same"]) if kind == "conv" else two(0, 2)
    channels = groups * pick.randint(1, 2), groups * pick.randint(1, 2)
    shape = {"kernel_size": two(1, 4), "stride": two(1, 3), "dilation": two(1, 2), "output_padding": two(0, 1)}
    return Layer(
        kind,
        two(2, 9),
        padding=padding,
        in_channels=channels[0],
        out_channels=channels[1],
        groups=groups,
        bias=pick.random() < 0.7,
        ceil_mode=pick.random() < 0.4,
        output_size=two(1, 5),
        **shape,
    )


def drawn_scene(seed: int) -> scene.Scene:
    """A random possible layer on random numbers."""
    pick = random.Random(seed)
    generator = torch.Generator().manual_seed(seed)
    while True:
        layer = drawn_layer(pick)
        try:
            layer.sizes()
        except InvalidSetting:
            continue
        x = torch.randn(layer.in_channels, *layer.size, generator=generator)
        weight = torch.randn(layer.weight_shape, generator=generator) if layer.has_weights else None
        bias = torch.randn(layer.out_channels, generator=generator) if layer.has_weights and layer.bias else None
        return scene.run(layer, x, weight, bias)


seeds = st.integers(0, 2**32)


@given(seeds)
@settings(max_examples=up_to(100))
def test_a_scene_holds_what_the_real_module_returns(seed: int) -> None:
    run = drawn_scene(seed)
    module = CLASSES[run.layer.kind](**run.layer.arguments())
    state = {"weight": run.weight, "bias": run.bias}
    module.load_state_dict({name: value for name, value in state.items() if value is not None})
    with torch.no_grad():
        assert torch.equal(run.y, module(run.x[None])[0])
    assert run.layer.parameters() == sum(p.numel() for p in module.parameters())
    assert tuple(run.y.shape) == run.layer.real_output_shape()
    assert tuple(run.y.shape) == (run.layer.outputs, *(size.output for size in run.layer.sizes()))


@given(seeds)
@settings(max_examples=up_to(80))
def test_the_numbers_of_the_drawing_add_up_to_torchs_value(seed: int) -> None:
    # The browser sums exactly these lists; here the same sums are made from them, cell by cell.
    run = drawn_scene(seed)
    pick = random.Random(seed)
    output = pick.randrange(run.layer.outputs)
    data = scene.drawing(run, output)
    i, j = (pick.randrange(size) for size in data["out"])
    explanation = explain.value(run.call, (output, i, j))
    assert explanation is not None
    torchs = data["y"][i * data["out"][1] + j]
    assert explanation.torch_value == torchs
    if data["kind"] == "max":
        assert data["x"][0][data["winners"][i * data["out"][1] + j]] == torchs
    scale = 1 + sum(abs(term.value) for term in explanation.terms)
    assert explanation.difference == 0 or explanation.difference <= 1e-6 * scale
    for term in explanation.terms:
        for factor in term.factors:
            if factor.tensor == "input" and factor.index is not None:
                c, a, b = factor.index
                assert data["x"][data["channels"].index(c)][a * data["size"][1] + b] == factor.value
            if factor.tensor == "weight" and factor.index is not None:
                u, v = factor.index[2:]
                inner = factor.index[1] if data["kind"] == "conv" else data["channels"].index(factor.index[0])
                assert data["w"][inner][u * data["kernel"][1] + v] == factor.value


@given(seeds)
@settings(max_examples=up_to(100))
@example(9436)  # rows 0 and 1 lie between the windows, so that no column is touched either
def test_unreached_cells_are_those_that_change_nothing(seed: int) -> None:
    run = drawn_scene(seed)
    if run.layer.kind in ("max", "transposed"):
        return
    x = run.x.double().requires_grad_()
    weight = None if run.weight is None else torch.ones_like(run.weight).double()
    bias = None if run.bias is None else run.bias.double()
    run.layer.call(x, weight, bias).output.sum().backward()
    assert x.grad is not None
    touched = x.grad[0] != 0
    missed = [unreached_positions.unreached(size) for size in run.layer.sizes()]
    assert all(sorted(lost.floor + lost.between + lost.holes) == list(lost.positions) for lost in missed)
    if any(len(lost.positions) == side for lost, side in zip(missed, run.layer.size, strict=True)):
        assert not touched.any()  # every row, or every column, is stepped over: windows see padding alone
        return
    for dimension, lost in enumerate(missed):
        lines = touched.any(dim=1 - dimension)
        assert [n for n, hit in enumerate(lines.tolist()) if not hit] == list(lost.positions)


def test_what_the_floor_throws_away_is_named() -> None:
    # 8 cells, kernel 3, stride 2: windows at 0, 2 and 4 reach up to cell 6; cell 7 is never looked at.
    size = Layer(size=(8, 8), stride=(2, 2)).sizes()[0]
    assert unreached_positions.unreached(size) == unreached_positions.UnreachedPositions((7,), (7,), (), (), 0)
    # stride 4, kernel 2: cells 2 and 3 lie between the windows.
    gaps = Layer(size=(6, 6), kernel_size=(2, 2), stride=(4, 4)).sizes()[0]
    assert unreached_positions.unreached(gaps).between == (2, 3)
    # one cell of padding behind the last window is lost, and no cell of the input
    padded = Layer(size=(6, 6), stride=(2, 2), padding=(1, 1)).sizes()[0]
    assert unreached_positions.unreached(padded) == unreached_positions.UnreachedPositions((), (), (), (), 1)
    assert unreached_positions.ranges((3, 4, 5, 9)) == "3–5, 9"


def test_the_formula_of_the_issue_with_its_numbers() -> None:
    size = Layer(size=(28, 28), kernel_size=(5, 5)).sizes()[0]
    assert formula.plain(size) == "⌊(28 + 2·0 − 1·(5 − 1) − 1) / 1⌋ + 1 = 24"
    floored = Layer(size=(8, 8), stride=(2, 2)).sizes()[0]
    assert formula.numbers(floored)[-1].endswith(r"\left\lfloor 2.5 \right\rfloor + 1 = 2 + 1 = 3")


@given(seeds)
@settings(max_examples=up_to(100))
def test_the_written_formula_computes_the_size(seed: int) -> None:
    size = drawn_scene(seed).layer.sizes()[0]
    if size.layer == "adaptive":
        return
    arithmetic, answers = formula.plain(size).rsplit(" = ", 1)
    *before, answer = answers.split(" → ")
    python = arithmetic.replace("−", "-").replace("·", "*").replace("⌊", "floor(").replace("⌈", "ceil(")
    python = python.replace("⌋", ")").replace("⌉", ")")
    import math

    computed = eval(python, {"floor": math.floor, "ceil": math.ceil})
    assert size.output == int(answer)
    assert computed == int(before[0] if before else answer)
    assert not before or (size.ceil_mode and computed == size.output + 1)
    assert str(size.output) in formula.numbers(size)[-1]
    short = formula.short(size)
    assert short is None or short.endswith(f"= {size.output}")


def test_a_window_that_ceil_mode_drops_is_in_the_formula() -> None:
    assert formula.plain(sizes.pool(15, 3, 5, ceil_mode=True)) == "⌈(15 + 2·0 − 1·(3 − 1) − 1) / 5⌉ + 1 = 4 → 3"


@given(
    st.integers(1, 14),
    st.integers(1, 5),
    st.integers(1, 5),
    st.integers(0, 3),
    st.integers(1, 4),
    st.integers(0, 2),
)
@settings(max_examples=up_to(80))
def test_one_output_of_a_transposed_convolution_sees_what_its_gradient_says(
    size: int, kernel: int, stride: int, padding: int, dilation: int, extra: int
) -> None:
    layer = Layer(
        "transposed", (size, 1), (kernel, 1), (stride, 1), (padding, 0), (dilation, 1), output_padding=(extra, 0)
    )
    try:
        height, _ = layer.sizes()
    except InvalidSetting:
        assume(False)
    x = torch.ones(1, size, 1, requires_grad=True)
    y = layer.call(x, torch.ones(1, 1, kernel, 1)).output
    spans = []
    for o in range(height.output):
        (grad,) = torch.autograd.grad(y[0, o, 0], x, retain_graph=True)
        places = grad.flatten().nonzero().flatten().tolist()
        spans.append(places[-1] - places[0] + 1 if places else 0)
    assert layer.receptive_field()[0] == max(spans)


def test_cells_between_windows_and_holes_in_them_are_told_apart() -> None:
    assert unreached_positions.unreached(sizes.conv(8, 2, stride=3)).between == (2, 5)
    assert unreached_positions.unreached(sizes.conv(8, 2, stride=3)).holes == ()
    dilated = unreached_positions.unreached(sizes.conv(5, 2, stride=4, dilation=2))
    assert (dilated.between, dilated.holes, dilated.floor) == ((), (1,), (3, 4))
    both = unreached_positions.unreached(sizes.conv(8, 2, stride=5, dilation=2))
    assert (both.between, both.holes) == ((3, 4), (1, 6))


def test_a_max_pooling_of_two_by_two_throws_away_three_in_four() -> None:
    run = scene.run(Layer("max", (8, 8), (2, 2), (2, 2)), torch.randn(1, 8, 8))
    thrown = scene.thrown_away(run, 0)
    assert thrown == scene.ThrownAway(64, 16)


def test_costs_worked_by_hand() -> None:
    # 20 filters of 10 kernels of 5x5 on 12x12: 20·10·25 + 20 = 5020 parameters; 20·8·8 outputs of 250 each
    layer = Layer(size=(12, 12), kernel_size=(5, 5), in_channels=10, out_channels=20)
    assert (layer.parameters(), layer.multiply_adds()) == (5020, 20 * 8 * 8 * 250)
    depthwise = Layer(in_channels=4, out_channels=4, groups=4)
    assert depthwise.parameters() == 4 * 9 + 4
    assert Layer(dilation=(2, 2)).receptive_field() == (5, 5)


def test_groups_that_do_not_divide_are_refused() -> None:
    with pytest.raises(InvalidSetting, match="in_channels 3 must be divisible by groups 2"):
        Layer(in_channels=3, out_channels=2, groups=2).sizes()


def test_the_kernels_do_what_their_names_say() -> None:
    assert kernels.sobel_x(3, 3).tolist() == [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    assert kernels.sobel_y(3, 3).tolist() == [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]
    assert kernels.sharpen(3, 3).tolist() == [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]
    assert kernels.emboss(3, 3).tolist() == [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]
    x = torch.randn(1, 1, 7, 7)
    for k in (1, 3, 5):
        same = F.conv2d(x, kernels.identity(k, k)[None, None], padding="same")
        assert torch.equal(same, x)
        assert kernels.blur(k, k).sum().item() == pytest.approx(1)
        assert kernels.sharpen(k, k).sum().item() == pytest.approx(1)
    with pytest.raises(InvalidSetting, match="at least 2 cells"):
        kernels.sobel_x(3, 1)


def test_every_kernel_and_pattern_exists_for_every_size() -> None:
    for name in [*kernels.NAMED, "random"]:
        for side in range(2, 12):
            assert kernels.weights(name, (2, 3, side, side)).isfinite().all()
    for name in inputs.PATTERNS:
        assert inputs.pattern(name, 4, 5, 6).shape == (4, 5, 6)


def test_typed_cells_are_read_row_by_row() -> None:
    assert inputs.typed("1 2;3,4").tolist() == [[[1, 2], [3, 4]]]
    assert inputs.typed("1 0\n0 1\n\n2 2\n2 2").shape == (2, 2, 2)
    assert inputs.typed("1.5 -2\n").tolist() == [[[1.5, -2.0]]]


@pytest.mark.parametrize("text", ["", "a b", "1 2\n3", "1e999", "nan", "1;" * 40, "1 2|1", "9999999"])
def test_cells_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(InvalidSetting):
        inputs.typed(text)


@given(st.text(max_size=40))
@settings(max_examples=up_to(60))
def test_any_text_gives_cells_or_an_error(text: str) -> None:
    with contextlib.suppress(InvalidSetting):
        assert inputs.typed(text).isfinite().all()


@pytest.mark.parametrize("level", range(1, exercises.LEVELS + 1))
def test_exercises_have_the_answer_that_torch_gives(level: int) -> None:
    for seed in range(30):
        task = exercises.exercise(level, seed)
        assert task == exercises.exercise(level, seed)
        x = torch.empty(1, task.layers[0].in_channels, *task.layers[0].size, device="meta")
        for layer in task.layers:
            x = CLASSES[layer.kind](**layer.arguments()).to("meta")(x)
        if task.asks == exercises.PADDING:
            assert x.shape[-1] == task.layers[0].size[0]
            assert task.answer == task.layers[0].padding[0]
        else:
            assert task.answer == (x.flatten(1).shape[1] if task.asks == exercises.FLATTEN else x.shape[-1])
        assert str(task.answer) in task.arithmetic()[-2 if task.asks == exercises.PADDING else -1]
        assert exercises.mistake(task, task.answer) == ""


def test_a_wrong_answer_is_told_what_it_came_from() -> None:
    task = exercises.Exercise(4, (Layer(size=(8, 8), stride=(2, 2)),), exercises.SIZE, 3)
    assert "Rounded up" in exercises.mistake(task, 4)
    assert "+ 1" in exercises.mistake(task, 2)
    assert "stride 1" in exercises.mistake(task, 6)
    padded = exercises.Exercise(2, (Layer(size=(8, 8), padding=(2, 2)),), exercises.SIZE, 10)
    assert "padding is missing" in exercises.mistake(padded, 6)
    assert "both sides" in exercises.mistake(padded, 8)


def run_script(text: str) -> str:
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(text, "script", "exec"), {})
    return output.getvalue()


@given(seeds)
@settings(max_examples=up_to(40))
def test_the_script_of_a_layer_prints_the_numbers_on_the_screen(seed: int) -> None:
    run = drawn_scene(seed)
    output = run_script(layer_script(run))
    torch.set_printoptions(profile="default")
    assert output.startswith(f"output {tuple(run.y.shape)}\n")
    printed = [
        float(n) for n in re.findall(r"-?\d+\.\d*(?:e-?\d+)?|-?inf", output.split("tensor(")[1].split("])")[0])
    ]
    assert len(printed) == run.y.numel()
    assert torch.allclose(torch.tensor(printed), run.y.flatten(), atol=1e-6, rtol=0)
    if run.layer.has_weights:
        assert f"parameters {run.layer.parameters()}\n" in output
        assert f"multiply-adds {run.layer.multiply_adds()}\n" in output


def test_literals_keep_every_bit() -> None:
    x = torch.cat([torch.randn(50), torch.tensor([0.1, 1 / 3, -0.0, 1e-20, 3e20, 16777216.0])])
    assert torch.equal(eval(literal(x), {"torch": torch}), x)


@pytest.mark.parametrize(
    "text",
    [*TUTORIALS.values(), "3x9x9~conv-o4-k3-psame-g1-d2~norm~avg-k3-s1~flatten~norm~linear-o5~dropout-p0.25"],
)
def test_the_script_of_a_network_prints_the_shapes_on_the_screen(text: str) -> None:
    network = parse(text)
    output = run_script(stack_script(network, seed=1)).splitlines()
    for layer, line in zip(network.layers(), output, strict=False):
        assert line == f"{layer.name} {layer.output} {layer.parameters}"
    assert output[-1] == f"parameters {sum(layer.parameters for layer in network.layers())}"
