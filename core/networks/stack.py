"""Networks built from rows: their text form, the shape at every row, the module, the receptive field.

The text is short enough for an address: ``1x28x28~conv-o10-k5~max-k2~relu~flatten~linear-i1440-o10``.
"""

from __future__ import annotations

import re
from collections import Counter, OrderedDict
from dataclasses import dataclass

from torch import nn

from core.errors import N_, InvalidSetting
from core.networks import row_layers
from core.networks.row_layers import Shape
from core.networks.rows import Row, parse_row
from core.rng import seeded
from core.windows.axis import Axis, same_padding

MOST_ROWS = 40
MOST_PARAMETERS = 5_000_000
NAMES = {
    "conv": "conv",
    "max": "pool",
    "avg": "pool",
    "relu": "relu",
    "norm": "norm",
    "dropout": "drop",
    "dropout2d": "drop",
    "flatten": "flatten",
    "linear": "fc",
    "logsoftmax": "log_softmax",
}

# The tutorials' networks, row by row; the names of their layers are those of ``core.networks.registry``.
_LENET = (
    "relu~max-k2~conv-o16-k{kernel}~relu~max-k2~flatten"
    "~linear-i{flat}-o120~relu~linear-i120-o84~relu~linear-i84-o10"
)
TUTORIALS = {
    "mnist": "1x28x28~conv-o10-k5~max-k2~relu~conv-o20-k5~dropout2d~max-k2~relu~flatten~linear-i320-o50~relu"
    "~dropout~linear-i50-o10~logsoftmax",
    "lenet5": "1x32x32~conv-o6-k5~" + _LENET.format(kernel=5, flat=400),
    "lenet3": "1x32x32~conv-o6-k3~" + _LENET.format(kernel=3, flat=576),
}


@dataclass(frozen=True)
class StackLayer:
    """One row in its place: what goes in, what comes out, what it costs, how much of the picture it sees.

    ``reach`` is the receptive field (height, width) of one unit in pixels of the picture, before it is cut at
    the edges. ``problem`` says why the row is impossible, and ``output`` is None then.
    """

    row: Row
    name: str
    input: Shape
    output: Shape | None
    parameters: int
    multiply_adds: int
    reach: tuple[int, int]
    problem: InvalidSetting | None = None


@dataclass(frozen=True)
class Stack:
    """A network as rows; ``input`` is the picture's (channels, height, width)."""

    input: tuple[int, int, int]
    rows: tuple[Row, ...]

    @property
    def text(self) -> str:
        """The network as text that ``parse`` reads back."""
        return "~".join(["x".join(map(str, self.input)), *(row.text for row in self.rows)])

    def layers(self) -> list[StackLayer]:
        """Follow the shape from row to row; the list ends with the first impossible row."""
        stack_layers: list[StackLayer] = []
        shape: Shape = self.input
        reach, jump = (1, 1), (1, 1)
        before_flatten: Shape | None = None
        for row, name in zip(self.rows, names(self.rows), strict=True):
            try:
                out = row_layers.output_shape(row, shape, before_flatten)
            except InvalidSetting as problem:
                return [*stack_layers, StackLayer(row, name, shape, None, 0, 0, reach, problem)]
            reach, jump = _reach(row, shape, self.input, reach, jump)
            costs = row_layers.parameters(row, shape), row_layers.multiply_adds(row, shape, out)
            stack_layers.append(StackLayer(row, name, shape, out, *costs, reach))
            before_flatten = shape if row.kind == "flatten" else None
            shape = out
        return stack_layers

    def problem(self) -> InvalidSetting | None:
        """Return why the network cannot be built, or None."""
        layers = self.layers()
        if layers and layers[-1].problem:
            return layers[-1].problem
        if sum(layer.parameters for layer in layers) > MOST_PARAMETERS:
            return InvalidSetting(
                N_("this network has {count} parameters: the limit is {most}"),
                count=sum(layer.parameters for layer in layers),
                most=MOST_PARAMETERS,
            )
        return None

    def build(self, seed: int | None = None) -> nn.Sequential:
        """Build the module, its layers named as in the tutorials (conv1, pool1, fc1); (N, C, H, W) in.

        ``seed`` fixes the initial weights and touches no global state. Raises ``InvalidSetting`` where a row
        is impossible.
        """
        problem = self.problem()
        if problem:
            raise problem
        if seed is None:
            return self._module()
        with seeded(seed):
            return self._module()

    def _module(self) -> nn.Sequential:
        return nn.Sequential(
            OrderedDict((layer.name, row_layers.module(layer.row, layer.input)) for layer in self.layers())
        )


def for_digits(stack: Stack) -> Stack:
    """Return ``stack`` when it can learn to read digits; raises ``InvalidSetting`` that says what is in the way.

    A digit comes as 1x28x28, or as 1x32x32 with two pixels of padding, and ten numbers have to come out.
    """
    if stack.input not in ((1, 28, 28), (1, 32, 32)):
        raise InvalidSetting(
            N_("digits come as 1×28×28, or padded to 1×32×32; this network wants {size}"),
            size="×".join(map(str, stack.input)),
        )
    problem = stack.problem()
    if problem:
        raise problem
    layers = stack.layers()
    output = layers[-1].output if layers else stack.input
    if output != (10,):
        raise InvalidSetting(
            N_(
                "ten digits need ten numbers at the end (flatten, then Linear with out_features 10);"
                " this gives {size}"
            ),
            size="×".join(map(str, output or ())),
        )
    return stack


def title(stack: Stack) -> str:
    """Name a network by its layers with weights: "conv 10 → conv 20 → fc 50 → fc 10"."""
    widths = {"conv": "out_channels", "linear": "out_features"}
    return " → ".join(
        f"{NAMES[row.kind]} {row.option(widths[row.kind])}" for row in stack.rows if row.kind in widths
    )


def names(rows: tuple[Row, ...]) -> list[str]:
    """Name the layers by kind and number: conv1, pool1, conv2, ..., as in the tutorials."""
    count: Counter[str] = Counter()
    row_names = []
    for row in rows:
        count[NAMES[row.kind]] += 1
        row_names.append(f"{NAMES[row.kind]}{count[NAMES[row.kind]]}")
    return row_names


def _reach(
    row: Row, shape: Shape, picture: tuple[int, int, int], reach: tuple[int, int], jump: tuple[int, int]
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Widen the receptive field by one layer: r ← r + (k - 1)·d·j, j ← j·s; a Linear sees the whole picture."""
    if row.kind == "linear":
        return (picture[1], picture[2]) if len(shape) == 1 else (reach[0], picture[2]), jump
    if row.kind not in ("conv", "max", "avg"):
        return reach, jump
    kernel, dilation, stride = window(row)
    grown = (reach[0] + (kernel - 1) * dilation * jump[0], reach[1] + (kernel - 1) * dilation * jump[1])
    return grown, (jump[0] * stride, jump[1] * stride)


def window(row: Row) -> tuple[int, int, int]:
    """Return kernel, dilation and stride of a convolution or pooling row."""
    kernel = row.integer("kernel_size")
    stride = row.option("stride")
    return kernel, row.integer("dilation") if row.kind == "conv" else 1, kernel if stride is None else int(stride)


def seen_pixels(layers: list[StackLayer], unit: tuple[int, ...]) -> tuple[list[int], list[int]]:
    """Return the rows and the columns of the picture on which ``unit`` of the last layer of ``layers`` depends.

    ``unit`` is an index into that layer's output, (c, i, j) or (f,). Walks back from layer to layer: position
    o·s + k·d - p for every kernel position k, without the padding. After a Linear every pixel counts.
    The pixels are those in one of the rows and one of the columns; either may be empty far out in the padding.
    """
    height, width = layers[0].input[1:]
    whole = list(range(height)), list(range(width))
    rows, columns = ({unit[1]}, {unit[2]}) if len(unit) == 3 else (set[int](), set[int]())
    for layer in reversed(layers):
        if layer.row.kind == "linear" or (layer.row.kind == "logsoftmax" and len(layer.input) == 1):
            if len(layer.input) == 1:
                return whole
            columns = set(range(layer.input[2]))
        elif layer.row.kind == "flatten" and len(layer.input) == 3:
            rest = unit[-1] % (layer.input[1] * layer.input[2])
            rows, columns = {rest // layer.input[2]}, {rest % layer.input[2]}
        elif layer.row.kind in ("conv", "max", "avg"):
            rows, columns = _back(layer, 1, rows), _back(layer, 2, columns)
    return sorted(rows), sorted(columns)


def _back(layer: StackLayer, dimension: int, outputs: set[int]) -> set[int]:
    """Return the input positions that these outputs of a window layer depend on, in one dimension."""
    assert layer.output is not None
    kernel, dilation, stride = window(layer.row)
    padding = layer.row.option("padding")
    before = same_padding(kernel, dilation)[0] if padding == "same" else int(padding or 0)
    axis = Axis(layer.input[dimension], layer.output[dimension], kernel, stride, dilation, before)
    return {place for o in outputs for _, place in axis.window(o) if axis.inside(place)}


def parse(text: str) -> Stack:
    """Read a network from its text; raises ``InvalidSetting`` that names the row that cannot be read."""
    picture, rows = parts_of(text)
    return Stack(picture, tuple(map(parse_row, rows)))


def parts_of(text: str) -> tuple[tuple[int, int, int], list[str]]:
    """Return the input (channels, height, width) and the text of each row, not yet read."""
    size, *parts = text.strip().strip("~").split("~")
    match = re.fullmatch(r"(\d{1,3})x(\d{1,3})x(\d{1,3})", size)
    sides = tuple(map(int, match.groups())) if match else ()
    if len(sides) != 3 or min(sides) < 1 or sides[0] > 16 or max(sides[1:]) > 256:
        raise InvalidSetting(
            N_("a network begins with its input, such as 1x28x28 (at most 16x256x256), not with {text}"),
            text=repr(size[:40]),
        )
    if len(parts) > MOST_ROWS:
        raise InvalidSetting(N_("{count} rows are too many: the limit is {most}"), count=len(parts), most=MOST_ROWS)
    return (sides[0], sides[1], sides[2]), parts
