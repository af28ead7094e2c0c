"""The layers of a forward pass as plain data, for the picture of a network (``static/js/network``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from torch import Tensor

from core.layer_facts import LayerFacts, WindowFacts
from core.recognise.forward import Forward, ShownLayer


def facts_of(layer: ShownLayer) -> LayerFacts:
    """Return what is known of a layer without its numbers."""
    window: WindowFacts | None = None
    if layer.window is not None:
        window = {
            "kernel_size": list(layer.window.kernel_size),
            "stride": list(layer.window.stride),
            "padding": list(layer.window.padding),
            "dilation": list(layer.window.dilation),
        }
    return {
        "operations": list(layer.operations),
        "name": layer.name,
        "inputs": list(layer.inputs),
        "shape": list(layer.values.shape),
        "window": window,
        "weight": [] if layer.weight is None else list(layer.weight.shape),
        "bias": layer.bias is not None,
        "call": layer.call,
    }


def as_bytes(tensors: Iterable[Tensor]) -> bytes:
    """Return the numbers of ``tensors``, one after the other, as float32 in little-endian order."""
    return b"".join(one.detach().float().contiguous().numpy().astype("<f4").tobytes() for one in tensors)


def numbers_of(passed: Forward, weighted: bool) -> Iterator[Tensor]:
    """Give the image, the values of each layer, and, where ``weighted``, the weight and the bias of each."""
    yield passed.image
    for layer in passed.layers:
        yield layer.values
    if weighted:
        for layer in passed.layers:
            yield from (part.detach() for part in (layer.weight, layer.bias) if part is not None)
