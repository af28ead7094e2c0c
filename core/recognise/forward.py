"""One image through a network: each layer's values and what they are made of, fast enough to follow a pen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from core.errors import N_, InvalidSetting
from core.trace.binding import bind, canonical, options_in, tensors_in
from core.windows.axis import padding_pairs, pair

MOST_LAYERS = 60
MOST_NUMBERS = 20_000  # of all layers; a larger network is shown stage by stage
MOST_OF_STAGES = 60_000
# These change nothing that a picture shows: the shape alone, or nothing at all while a network is evaluated.
THROUGH = {
    *("view", "reshape", "flatten", "squeeze", "unsqueeze", "contiguous", "clone", "detach", "to", "float"),
    *("dropout", "dropout1d", "dropout2d", "dropout3d", "feature_dropout", "alpha_dropout"),
}
WINDOWS = {"conv2d", "max_pool2d", "avg_pool2d"}
OUTPUTS = {"log_softmax", "softmax"}
Pair = tuple[int, int]  # height, width


@dataclass(frozen=True)
class Window:
    """The window of a layer, each for height and width; ``padding`` is that in front."""

    kernel_size: Pair
    stride: Pair = (1, 1)
    padding: Pair = (0, 0)
    dilation: Pair = (1, 1)

    def after(self, first: Window) -> Window:
        """Return the window of ``first`` and then this one, as one window over what ``first`` reads."""
        reach = [(size - 1) * by + 1 for size, by in zip(self.kernel_size, self.dilation, strict=True)]
        before = [(size - 1) * by + 1 for size, by in zip(first.kernel_size, first.dilation, strict=True)]
        size = tuple((r - 1) * s + b for r, s, b in zip(reach, first.stride, before, strict=True))
        stride = tuple(a * b for a, b in zip(self.stride, first.stride, strict=True))
        padding = tuple(p * s + q for p, s, q in zip(self.padding, first.stride, first.padding, strict=True))
        return Window(_two(size), _two(stride), _two(padding))


@dataclass(frozen=True)
class ShownLayer:
    """The output of one operation, or of a stage of several: (C, H, W) maps, or (C,) units.

    ``inputs`` are the places of the layers that it reads; -1 is the image. ``name`` is the module that holds
    ``weight`` and ``bias``, ``path`` the one whose ``forward`` runs, where that is known. ``call`` is the place of
    its first operation among all torch calls of the pass.
    """

    operations: tuple[str, ...]
    name: str
    inputs: tuple[int, ...]
    values: Tensor
    window: Window | None = None
    weight: Tensor | None = None
    bias: Tensor | None = None
    call: int = 0
    path: str = ""


@dataclass(frozen=True)
class Forward:
    """A forward pass: the image as the network is given it (1, H, W), the layers, and what the network returned.

    ``output`` names the operation that makes the probabilities: the network's last, else "softmax".
    """

    image: Tensor
    layers: tuple[ShownLayer, ...]
    scores: Tensor
    output: str

    @property
    def numbers(self) -> int:
        """How many numbers all layers hold."""
        return sum(layer.values.numel() for layer in self.layers)


def forward(net: nn.Module, x: Tensor) -> Forward:
    """Run ``net`` on one image (1, 1, H, W) and return what went through it; gradients are off.

    Raises ``InvalidSetting`` for a network that is too large to be drawn.
    """
    listener = Listener(net, x)
    with torch.inference_mode(), listener:
        scores = net(x)
    layers = listener.layers
    output = "softmax"
    if layers and layers[-1].operations[0] in OUTPUTS:
        output = layers.pop().operations[0]
    return fitted(Forward(x[0], tuple(layers), scores[0], output))


def fitted(whole: Forward) -> Forward:
    """Return ``whole``, stage by stage where it is large; ``InvalidSetting`` where it is too large even so."""
    if whole.numbers > MOST_NUMBERS:
        whole = replace(whole, layers=stages(whole.layers))
    if whole.numbers > MOST_OF_STAGES:
        raise too_many_numbers(whole.numbers)
    return whole


def too_many_numbers(count: int) -> InvalidSetting:
    """Return why a network with so many numbers between its layers is not drawn."""
    return InvalidSetting(
        N_("this network has {count:,} numbers between its layers, more than the {most:,} that are drawn"),
        count=count,
        most=MOST_OF_STAGES,
    )


@dataclass
class Listener(TorchFunctionMode):
    """Collects the layers while it is active."""

    net: nn.Module
    image: Tensor
    most: int = MOST_LAYERS
    layers: list[ShownLayer] = field(default_factory=list)
    calls: int = 0
    path: str = ""  # of the module whose ``forward`` runs

    def __post_init__(self) -> None:
        super().__init__()
        self.layer_of: dict[int, int] = {id(self.image): -1}  # tensor -> the layer whose values it holds
        self.alive: list[Tensor] = [self.image]  # identities are only unique among living objects
        self.names = {id(weight): path.rpartition(".")[0] for path, weight in self.net.named_parameters()}

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        result = func(*args, **(kwargs or {}))
        if isinstance(result, Tensor) and result.is_floating_point():
            self.note(canonical(func), bind(func, args, kwargs or {}), result)
        return result

    def note(self, name: str, named: dict[str, Any], result: Tensor) -> None:
        """Take one call: its arguments by PyTorch's names, and what it returned."""
        tensors = tensors_in(named)
        inputs = tuple(self.layer_of[id(tensor)] for tensor in tensors.values() if id(tensor) in self.layer_of)
        if not inputs:
            return
        self.alive.append(result)
        call, self.calls = self.calls, self.calls + 1
        if name in THROUGH and len(inputs) == 1:
            self.layer_of[id(result)] = inputs[0]
            return
        too_many_layers(len(self.layers) + 1, self.most)
        self.layer_of[id(result)] = len(self.layers)
        weight = tensors.get("weight")
        self.layers.append(
            ShownLayer(
                (name,),
                self.names.get(id(weight), ""),
                inputs,
                maps_of(result),
                window_of(name, options_in(named), weight),
                weight if name in ("conv2d", "linear") else None,
                tensors.get("bias") if name in ("conv2d", "linear") else None,
                call,
                self.path,
            )
        )


def too_many_layers(count: int, most: int = MOST_LAYERS) -> None:
    """Raise ``InvalidSetting`` for more layers than are drawn."""
    if count > most:
        raise InvalidSetting(N_("this network has more than {most} layers: too many to draw"), most=most)


def first_entry(tensor: Tensor) -> Tensor:
    """Return the first entry of a batch as maps (C, H, W) or units (C,): a matrix is one map."""
    values = tensor.detach()[0] if tensor.dim() > 1 else tensor.detach()
    if values.dim() == 2:
        return values[None]
    return values if values.dim() in (1, 3) else values.flatten()


def maps_of(result: Tensor) -> Tensor:
    """Return the one example of a batch as maps (C, H, W), or as units (C,); a copy, as later calls may write."""
    values = result[0].clone() if result.dim() > 1 else result.clone()
    return values if values.dim() in (1, 3) else values.flatten()


def window_of(name: str, options: dict[str, Any], weight: Tensor | None) -> Window | None:
    """Return the window of an operation by its arguments, None where it has none that can be drawn."""
    if name not in WINDOWS or options.get("groups", 1) != 1 or options.get("ceil_mode"):
        return None
    size = _two(weight.shape[2:]) if weight is not None else pair(options["kernel_size"])
    stride, dilation = pair(options.get("stride") or size), pair(options.get("dilation") or 1)
    rows, columns = padding_pairs(options.get("padding", 0), size, dilation)
    return Window(size, stride, (rows[0], columns[0]), dilation)


def stages(layers: Iterable[ShownLayer]) -> tuple[ShownLayer, ...]:
    """Return the layers with each convolution and what follows it, cell by cell or by a window, as one stage.

    A stage holds the values at its end and the window of all its operations together; it has no weights, as no
    single sum makes its values. A layer that another stage reads too ends its stage; a block stays one.
    """
    all_layers = list(layers)
    readers = [sum(place in other.inputs for other in all_layers) for place in range(len(all_layers))]
    groups: list[ShownLayer] = []
    where: dict[int, int] = {-1: -1}
    for place, layer in enumerate(all_layers):
        before = layer.inputs[0] if len(layer.inputs) == 1 else -1
        is_block = len(layer.operations) > 1 or (before >= 0 and len(all_layers[before].operations) > 1)
        follows = before == place - 1 >= 0 and readers[before] == 1 and layer.weight is None and not is_block
        if follows and groups and groups[-1].values.shape[0] == layer.values.shape[0]:
            groups[-1] = _joined(groups[-1], layer)
        else:
            groups.append(replace(layer, inputs=tuple(where[source] for source in layer.inputs)))
        where[place] = len(groups) - 1
    return tuple(groups)


def _joined(first: ShownLayer, then: ShownLayer) -> ShownLayer:
    window = then.window.after(first.window) if then.window and first.window else first.window or then.window
    return replace(
        first,
        operations=(*first.operations, *then.operations),
        values=then.values,
        window=window,
        weight=None,
        bias=None,
    )


def _two(sizes: Iterable[int]) -> Pair:
    height, width = sizes
    return int(height), int(width)
