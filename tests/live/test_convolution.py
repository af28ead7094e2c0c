"""core.live.convolution: any settings give torch's numbers or a sentence, in either language."""

from __future__ import annotations

import random
import re

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from core.live import settings
from core.live.convolution import INSTRUMENT
from core.live.convolution.run import build_layer, run
from core.live.convolution.settings import SETTINGS
from core.live.instrument import Answer, Ask
from core.live.settings import Choice, Flag, Number
from core.message import pack
from tests.live.tabs import Tab
from tests.live.tabs import run as in_a_loop


def ask(language: str = "en", tensors: dict[str, np.ndarray] | None = None, **options: object) -> Answer:
    """Answer to these settings, the others where they start."""
    values = settings.read(SETTINGS, {name.rstrip("_"): value for name, value in options.items()})
    answered = INSTRUMENT.answer(Ask(values, language, tensors or {}))
    assert isinstance(answered, Answer)
    return answered


def random_settings(pick: random.Random) -> dict[str, object]:
    """Settings drawn from all that are possible."""
    values: dict[str, object] = {}
    for each in SETTINGS:
        if isinstance(each, Number):
            values[each.name] = pick.randint(int(each.minimum), int(min(each.maximum, each.minimum + 40)))
        elif isinstance(each, Choice):
            values[each.name] = pick.choice(each.options)
        elif isinstance(each, Flag):
            values[each.name] = pick.random() < 0.5
    return values


@given(st.integers(0, 10**6))
def test_any_settings_give_what_torch_returns_or_say_why_not(seed: int) -> None:
    pick = random.Random(seed)
    values = settings.read(SETTINGS, random_settings(pick))
    answered = INSTRUMENT.answer(Ask(values, pick.choice(["en", "zh"])))
    pack(answered.header, answered.arrays)  # everything in it can be sent
    if answered.header["why"]:
        assert answered.header["around"] is None
        return
    scene, around = run(values, {}), answered.header["around"]
    real = scene.layer
    module = {"conv": F.conv2d, "transposed": F.conv_transpose2d, "max": F.max_pool2d, "avg": F.avg_pool2d}
    if real.kind == "adaptive":
        expected = F.adaptive_avg_pool2d(scene.x, real.output_size)
    elif real.has_weights:
        expected = module[real.kind](scene.x, scene.weight, scene.bias, **real.options())
    else:
        expected = module[real.kind](scene.x, **real.options())
    outputs = answered.arrays[-3]
    assert np.array_equal(np.float32(outputs), expected[around["filter"]].flatten().numpy())
    assert around["head"]["agrees"]
    assert around["head"]["shapes"].endswith(" → " + "×".join(map(str, expected.shape)))


@pytest.mark.parametrize(("kernel", "dilation"), [(2, 1), (4, 1), (4, 3), (3, 1)])
def test_same_padding_that_cannot_be_even_is_told_as_torch_adds_it(kernel: int, dilation: int) -> None:
    remarks = " ".join(ask(size=9, kernel=kernel, dilation=dilation, pad="same").header["around"]["remarks"])
    sentence = re.search(r"kernel (\d+): (\d+) cells? of padding .* adds (\d+) before and (\d+) after", remarks)
    if kernel % 2:
        assert "same with kernel" not in remarks
        return
    assert sentence, remarks
    size, whole, before, after = map(int, sentence.groups())
    assert (size, whole) == (kernel, before + after)
    torch.manual_seed(0)
    x, weight = torch.randn(1, 1, 9, 9), torch.randn(1, 1, kernel, kernel)
    wider = F.pad(x, (before, after, before, after))
    expected = F.conv2d(x, weight, padding="same", dilation=dilation)
    torch.testing.assert_close(F.conv2d(wider, weight, dilation=dilation), expected)


def test_a_kernel_too_large_is_refused_in_both_languages_and_what_goes_in_is_shown() -> None:
    english, chinese = (ask(language, size=5, kernel=7) for language in ("en", "zh"))
    assert english.header["why"] == "kernel 7 is larger than the padded input 5"
    assert chinese.header["why"] == "卷积核 7 大于填充后的输入 5"
    assert (english.header["drawing"]["size"], english.header["drawing"]["kernel"]) == ([5, 5], [7, 7])


@pytest.mark.parametrize(
    "values, why",
    [
        ({"pad": "same", "stride": 2}, "PyTorch refuses the two together"),
        ({"kernel": 1}, "an edge is a difference"),
        ({"kind": "max", "kernel": 2, "padding": 2}, "more than half of kernel"),
        ({"groups": 3}, "groups"),
        ({"input": "upload"}, "choose a picture first"),
        ({"input": "typed", "typed": "1 x"}, "is not a number"),
        ({"weights": "trained"}, "not here yet"),
        ({"weights": "trained", "kind": "transposed"}, "belong to a Conv2d"),
    ],
)
def test_what_is_impossible_is_said(values: dict[str, object], why: str) -> None:
    assert why in ask(**values).header["why"]


def test_learned_filters_and_a_picture_that_the_browser_left_are_used_as_they_are() -> None:
    generator = torch.Generator().manual_seed(0)
    tensors = {
        "weight": torch.randn(6, 3, 5, 5, generator=generator).numpy(),
        "bias": torch.randn(6, generator=generator).numpy(),
        "picture": torch.rand(3, 32, 32, generator=generator).numpy(),
    }
    answered = ask(tensors=tensors, input="upload", weights="trained", size=32, filter=5, kernel=2)
    expected = F.conv2d(*(torch.from_numpy(tensors[name]) for name in ("picture", "weight", "bias")))
    assert np.array_equal(np.float32(answered.arrays[-3]), expected[5].flatten().numpy())
    grey = run(settings.read(SETTINGS, {"input": "upload", "size": 32}), tensors).x
    assert torch.allclose(grey[0], torch.einsum("chw,c->hw", torch.from_numpy(tensors["picture"]), GREY))


GREY = torch.tensor([0.299, 0.587, 0.114])


@pytest.mark.parametrize(
    "tensors",
    [
        {"weight": np.zeros((60_000, 1, 1, 1), np.float32)},
        {"weight": np.zeros((1, 1, 200, 200), np.float32)},
        {"weight": np.zeros((2, 1, 3, 3), np.float32), "bias": np.zeros(9, np.float32)},
        {"weight": np.zeros((4, 4), np.float32)},
    ],
)
def test_filters_that_no_network_has_are_refused(tensors: dict[str, np.ndarray]) -> None:
    assert ask(tensors=tensors, weights="trained").header["why"]


def test_a_guess_is_judged_with_the_arithmetic() -> None:
    assert ask(guess=True).header["around"]["verdict"] is None
    wrong = ask(guess=True, guessed="6", size=7, input="dice").header["around"]["verdict"]
    assert not wrong["right"] and wrong["sentences"][0].startswith("It is 5: ⌊(7 + 2·0")
    right = ask("zh", guess=True, guessed=" 5 ", size=7, input="dice").header["around"]["verdict"]
    assert right["right"]
    assert ask(guess=True, guessed="x").header["around"]["verdict"] is None


def test_height_and_width_are_set_apart_only_where_that_is_on() -> None:
    values = settings.read(SETTINGS, {"kernel": 3, "kernel_w": 5, "stride_w": 2})
    assert build_layer(values).kernel_size == (3, 3)
    assert build_layer(values | {"apart": True}).kernel_size == (3, 5)
    assert build_layer(values | {"apart": True}).stride == (1, 2)


def test_formula_remarks_and_facts_are_those_of_the_layer() -> None:
    around = ask(size=8, input="dice", stride=2, padding=1, dilation=2, in_=2, out=2).header["around"]
    assert [len(each["lines"]) for each in around["formulas"]] == [3]
    assert around["formulas"][0]["lines"][-1].endswith("= 2 + 1 = 3")
    assert around["facts"][0]["number"] == f"{2 * 2 * 9 + 2}"
    assert around["facts"][2]["number"] == "5×5"
    assert any("rounding throws away" in line or "padding" in line for line in around["remarks"])


def test_what_a_max_pooling_throws_away_is_not_all_while_something_wins() -> None:
    remarks = ask(kind="max", size=15, kernel=11, step=6).header["around"]["remarks"]
    assert "1 won a window; 224 are thrown away (99.6%)." in remarks[-1]


def test_it_is_asked_over_a_connection_by_its_name() -> None:
    async def scene(work) -> None:
        tab = Tab(work, {"convolution": INSTRUMENT})
        head = {"line": 0, "ask": "convolution", "number": 1, "language": "en", "settings": {"size": 9}}
        await tab.connection.take(pack(head, ()))
        await tab.last(1)
        header, numbers = tab.got[0]
        assert header["drawing"]["out"] == [7, 7]
        assert len(numbers) == 81 + 9 + 49

    in_a_loop(scene)
