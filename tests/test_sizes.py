"""Sizes and errors against the real layers of torch, and the worked relations of Dumoulin & Visin."""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from core.errors import InvalidSetting
from core.windows import sizes
from core.windows.sizes import Size
from tests.examples import up_to

Setting = dict[str, Any]


def empty(*shape: int) -> torch.Tensor:
    return torch.zeros(shape)


def conv_setting(pick: random.Random) -> Setting:
    padding = pick.choice([0, 1, 2, 3, "valid", "same"])
    stride = pick.choice([1, 1, 2, 3, 4])
    return {"kernel_size": pick.randint(1, 8), "stride": stride, "padding": padding, "dilation": pick.randint(1, 4)}


def pool_setting(pick: random.Random) -> Setting:
    common = {"kernel_size": pick.randint(1, 8), "stride": pick.choice([None, 1, 2, 3, 5])}
    return common | {"padding": pick.randint(0, 3), "ceil_mode": pick.random() < 0.5}


def max_setting(pick: random.Random) -> Setting:
    return pool_setting(pick) | {"dilation": pick.randint(1, 3)}


def transposed_setting(pick: random.Random) -> Setting:
    window = {"kernel_size": pick.randint(1, 7), "stride": pick.randint(1, 4), "padding": pick.randint(0, 4)}
    return window | {"output_padding": pick.randint(0, 3), "dilation": pick.randint(1, 3)}


def adaptive_setting(pick: random.Random) -> Setting:
    return {"output_size": pick.randint(0, 40)}


def conv2d(size: int, kernel_size: int, **options: Any) -> int:
    # The width is always possible, so the height alone decides.
    return F.conv2d(empty(1, 1, size, 40), empty(1, 1, kernel_size, 1), **options).shape[2]


def max_pool2d(size: int, **options: Any) -> int:
    return F.max_pool2d(empty(1, 1, size, size), **options).shape[2]


def avg_pool2d(size: int, **options: Any) -> int:
    return F.avg_pool2d(empty(1, 1, size, size), **options).shape[2]


def conv_transpose2d(size: int, kernel_size: int, **options: Any) -> int:
    return F.conv_transpose2d(empty(1, 1, size, size), empty(1, 1, kernel_size, kernel_size), **options).shape[2]


def adaptive_avg_pool2d(size: int, output_size: int) -> int:
    return F.adaptive_avg_pool2d(empty(1, 1, size, size), output_size).shape[2]


KINDS: dict[str, tuple[Callable[[random.Random], Setting], Callable[..., Size], Callable[..., int]]] = {
    "conv": (conv_setting, sizes.conv, conv2d),
    "max": (max_setting, sizes.pool, max_pool2d),
    "avg": (pool_setting, sizes.pool, avg_pool2d),
    "transposed": (transposed_setting, sizes.transposed, conv_transpose2d),
    "adaptive": (adaptive_setting, sizes.adaptive, adaptive_avg_pool2d),
}


def ours_or_refused(size: Callable[..., Size], i: int, setting: Setting) -> int | str:
    try:
        return size(i, **setting).output
    except InvalidSetting:
        return "refused"


def torchs_or_refused(real: Callable[..., int], i: int, setting: Setting) -> int | str:
    """What torch answers; an output without cells, which some of its releases return, counts as refused."""
    try:
        asked_for_none = setting.get("output_size") == 0
        return real(i, **setting) or (0 if asked_for_none else "refused")
    except (RuntimeError, ValueError):
        return "refused"


@pytest.mark.parametrize("kind", KINDS)
@given(seed=st.integers(0, 2**32))
@settings(max_examples=up_to(42))
@pytest.mark.filterwarnings("ignore:Using padding='same'")
def test_sizes_and_errors_are_torchs(kind: str, seed: int) -> None:
    # 5 kinds x 42 examples x 100 settings = 21,000. Releases of torch differ in what meta tensors refuse.
    draw, size, real = KINDS[kind]
    pick = random.Random(seed)
    for _ in range(100):
        i, setting = pick.randint(1, 33), draw(pick)
        assert ours_or_refused(size, i, setting) == torchs_or_refused(real, i, setting), (i, setting)


@pytest.mark.parametrize("kind", KINDS)
def test_the_random_settings_hold_both_sizes_and_errors(kind: str) -> None:
    draw, size, _ = KINDS[kind]
    pick = random.Random(0)
    answers = [ours_or_refused(size, pick.randint(1, 33), draw(pick)) for _ in range(1000)]
    refused = answers.count("refused")
    assert refused == 0 if kind == "adaptive" else 20 < refused < 800


LAYERS: dict[str, Callable[..., nn.Module]] = {
    "conv": lambda **setting: nn.Conv2d(1, 1, **setting),
    "max": nn.MaxPool2d,
    "avg": nn.AvgPool2d,
    "transposed": lambda **setting: nn.ConvTranspose2d(1, 1, **setting),
    "adaptive": nn.AdaptiveAvgPool2d,
}


@pytest.mark.parametrize("kind", LAYERS)
def test_the_modules_agree_as_their_functions_do(kind: str) -> None:
    draw, size, _ = KINDS[kind]
    pick = random.Random(7)
    for _ in range(150):
        i, setting = pick.randint(1, 33), draw(pick)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torchs = torchs_or_refused(lambda i, **s: LAYERS[kind](**s)(empty(1, 1, i, i)).shape[2], i, setting)
        assert ours_or_refused(size, i, setting) == torchs, (i, setting)


@pytest.mark.parametrize(
    ("size", "setting", "sentence"),
    [
        (5, {"kernel_size": 7}, "kernel 7 is larger than the padded input 5"),
        (3, {"kernel_size": 6, "padding": 1}, "kernel 6 is larger than the padded input 5"),
        (
            5,
            {"kernel_size": 3, "dilation": 3},
            "kernel 3 with dilation 3 spans 7 cells, more than the padded input 5",
        ),
        (5, {"kernel_size": 0}, "kernel_size must be at least 1, not 0"),
        (5, {"kernel_size": 3, "stride": 0}, "stride must be at least 1, not 0"),
        (5, {"kernel_size": 3, "padding": -1}, "padding must be at least 0, not -1"),
        (5, {"kernel_size": 3, "padding": "half"}, "padding half is none of: a number, valid, same"),
    ],
)
def test_a_convolution_that_cannot_be_is_refused_with_its_values(
    size: int, setting: Setting, sentence: str
) -> None:
    with pytest.raises(InvalidSetting, match=f"^{sentence}$"):
        sizes.conv(size, **setting)


def test_same_with_a_stride_is_refused_as_pytorch_refuses_it() -> None:
    with pytest.raises(InvalidSetting, match="padding same keeps the size, and stride 2 divides it"):
        sizes.conv(28, 3, stride=2, padding="same")
    with pytest.raises(ValueError, match="padding='same' is not supported for strided convolutions"):
        nn.Conv2d(1, 1, 3, stride=2, padding="same")


def test_the_first_layer_of_the_mnist_network_worked_by_hand() -> None:
    # ⌊(28 + 2·0 - 1·(5 - 1) - 1) / 1⌋ + 1 = ⌊23 / 1⌋ + 1 = 24
    assert sizes.conv(28, 5).output == 24
    # and its pooling: ⌊(24 - (2 - 1) - 1) / 2⌋ + 1 = ⌊22 / 2⌋ + 1 = 12
    assert sizes.pool(24, 2).output == 12


small = st.integers(1, 12)


@given(i=small, k=small, s=st.integers(1, 5), p=st.integers(0, 5))
def test_relations_1_to_6_of_dumoulin_and_visin(i: int, k: int, s: int, p: int) -> None:
    if k <= i:
        assert sizes.conv(i, k).output == (i - k) + 1  # 1: no padding, unit stride
        assert sizes.conv(i, k, stride=s).output == (i - k) // s + 1  # 5: no padding
        assert sizes.conv(i, k, padding=k - 1).output == i + (k - 1)  # 4: full padding
        if k % 2:
            assert sizes.conv(i, k, padding=k // 2).output == i  # 3: half ("same") padding, k = 2n + 1
    if k <= i + 2 * p:
        assert sizes.conv(i, k, padding=p).output == (i - k) + 2 * p + 1  # 2: unit stride
        assert sizes.conv(i, k, stride=s, padding=p).output == (i + 2 * p - k) // s + 1  # 6: the general one


@given(i=small, k=small, s=st.integers(1, 5), p=st.integers(0, 5), d=st.integers(1, 3))
def test_relations_7_to_15_of_dumoulin_and_visin(i: int, k: int, s: int, p: int, d: int) -> None:
    if k <= i:
        assert sizes.pool(i, k, stride=s).output == (i - k) // s + 1  # 7: pooling
        # 8 to 14: a transposed convolution gives back the size of the convolution that it transposes; what the
        # floor threw away, a = (i + 2p - k) mod s, has to be named as output_padding.
        p = min(p, k - 1)
        o = sizes.conv(i, k, stride=s, padding=p).output
        a = (i + 2 * p - k) % s
        assert sizes.transposed(o, k, stride=s, padding=p, output_padding=a).output == i
        assert sizes.transposed(o, k).output == o + (k - 1)  # 8: no padding, unit stride
        assert s * (o - 1) + a + k - 2 * p == i  # 14
    if d * (k - 1) + 1 <= i:
        assert sizes.conv(i, k, stride=s, dilation=d).output == (i - k - (k - 1) * (d - 1)) // s + 1  # 15: dilated


def test_the_figures_of_the_guide() -> None:
    assert sizes.conv(4, 3).output == 2  # Figure 2.1
    assert sizes.conv(5, 4, padding=2).output == 6  # Figure 2.2
    assert sizes.conv(5, 3, padding=1).output == 5  # Figure 2.3
    assert sizes.conv(5, 3, padding=2).output == 7  # Figure 2.4
    assert sizes.conv(5, 3, stride=2).output == 2  # Figure 2.5
    assert sizes.conv(5, 3, stride=2, padding=1).output == 3  # Figure 2.6
    assert sizes.conv(6, 3, stride=2, padding=1).output == 3  # Figure 2.7: the same, one row is lost
    assert sizes.pool(5, 3, stride=1).output == 3  # Figures 3.1, 3.2
    assert sizes.transposed(2, 3).output == 4  # Figure 4.1
    assert sizes.transposed(6, 4, padding=2).output == 5  # Figure 4.2
    assert sizes.transposed(2, 3, stride=2).output == 5  # Figure 4.5
    assert sizes.transposed(3, 3, stride=2, padding=1).output == 5  # Figure 4.6
    assert sizes.transposed(3, 3, stride=2, padding=1, output_padding=1).output == 6  # Figure 4.7
    assert sizes.conv(7, 3, dilation=2).output == 3  # Figure 5.1


@given(
    st.integers(1, 9), st.integers(1, 6), st.integers(1, 4), st.integers(0, 3), st.integers(1, 12), st.booleans()
)
def test_a_window_lies_in_the_padding_alone_where_none_of_its_cells_is_in_the_input(
    size: int, kernel: int, stride: int, padding: int, dilation: int, ceil_mode: bool
) -> None:
    try:
        end = sizes.pool(size, kernel, stride, padding, dilation, ceil_mode)
    except InvalidSetting:
        return
    windows = [[o * stride - padding + j * dilation for j in range(kernel)] for o in range(end.output)]
    empty = [o for o, cells in enumerate(windows) if not any(0 <= cell < size for cell in cells)]
    assert sizes.window_in_padding(end) == (empty[0] if empty else None)
