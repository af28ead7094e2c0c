"""What one layer can be set to; each is in the address under its name."""

from __future__ import annotations

from core.convolution import inputs, kernels
from core.convolution.layer import CLASSES
from core.live.settings import Choice, Flag, Number, Setting, Text, When

DIGIT_SIDE, NUMBERS_SIDE = 28, 7  # a digit is shown whole, and of a pattern each number can be read
DILATED: tuple[str, ...] = ("conv", "max", "transposed")
POOLING: tuple[str, ...] = ("max", "avg")
WEIGHTED: tuple[str, ...] = ("conv", "transposed")
WINDOWED = ("conv", "max", "avg", "transposed")
MODES = ("number", "valid", "same")  # of padding
PICTURES = ("digit", "drawing", "upload", "typed", *inputs.PATTERNS)
KERNELS = ("sobel_x", "sobel_y", "identity", "blur", "sharpen", "emboss", "random", "typed", "trained")
TYPED = "0 0 1 0 0;0 1 1 0 0;0 0 1 0 0;0 0 1 0 0;0 1 1 1 0"
TYPED_KERNEL = "1 0 -1;2 0 -2;1 0 -1"
MOST_FILTERS = 4096
assert {*kernels.NAMED} < {*KERNELS}


def _pair(name: str, least: int, most: int, start: int, when: When = ()) -> tuple[Number, Number]:
    """Return a number for height and width, and one for the width where it is set apart."""
    apart = tuple({**each, "apart": (True,)} for each in when or ({},))
    return Number(name, least, most, start, when=when), Number(f"{name}_w", least, most, start, when=apart)


SETTINGS: tuple[Setting, ...] = (
    Choice("kind", tuple(CLASSES)),
    Choice("input", PICTURES),
    Number("digit", 0, 999, 0, when=({"input": ("digit",)},)),
    Text("typed", 4000, TYPED, when=({"input": ("typed",)},)),
    *_pair("size", 1, 32, DIGIT_SIDE),
    Flag("apart"),
    *_pair("target", 1, 16, 3, ({"kind": ("adaptive",)},)),
    *_pair("kernel", 1, 11, 3, ({"kind": WINDOWED},)),
    *_pair("stride", 1, 6, 1, ({"kind": WEIGHTED},)),
    *_pair("step", 1, 6, 2, ({"kind": POOLING},)),  # the stride of a pooling, which starts with another
    Choice("pad", MODES, when=({"kind": ("conv",)},)),
    *_pair("padding", 0, 5, 0, ({"kind": ("max", "avg", "transposed")}, {"kind": ("conv",), "pad": ("number",)})),
    *_pair("dilation", 1, 4, 1, ({"kind": DILATED},)),
    *_pair("extra", 0, 3, 0, ({"kind": ("transposed",)},)),
    Flag("ceil", when=({"kind": POOLING},)),
    Choice("weights", KERNELS, when=({"kind": WEIGHTED},)),
    Number("seed", 0, 9999, 0, when=({"kind": WEIGHTED, "weights": ("random",)},)),
    Text("cells", 4000, TYPED_KERNEL, when=({"kind": WEIGHTED, "weights": ("typed",)},)),
    Number("in", 1, 4, 1),
    Number("out", 1, 4, 1, when=({"kind": WEIGHTED},)),
    Number("groups", 1, 4, 1, when=({"kind": WEIGHTED},)),
    Flag("bias", True, when=({"kind": WEIGHTED},)),
    Number(
        "b", -100.0, 100.0, 0.0, 0.5, when=({"kind": WEIGHTED, "bias": (True,), "weights": KERNELS[:-1]},)
    ),  # 0: then white in the output says "no edge here"
    Number("filter", 0, MOST_FILTERS - 1, 0),
    Flag("guess"),
    Text("guessed", 6, when=({"guess": (True,)},)),
)
NOT_IN_ADDRESS = ("guessed",)
