"""The network of a walk as one picture: the layers of its forward pass, and which tensors hold their numbers.

It is drawn by ``static/js/network`` from the tensors that the walk's message holds already: of a batch, the first
entry. So the picture shows what the steps show, and what a what-if changes.
"""

from __future__ import annotations

import torch
from torch import Tensor

from core.errors import N_, InvalidSetting
from core.ops import dropout
from core.recognise.forward import (
    OUTPUTS,
    THROUGH,
    Forward,
    ShownLayer,
    first_entry,
    fitted,
    too_many_layers,
    window_of,
)
from core.recognise.layer_data import facts_of
from core.trace.forward import DROPOUTS
from core.trace.trace_record import Operation, Record, Value
from core.walk import what_if
from core.walk.scene import LayerTensors, NetworkData, Tensors
from core.walk.walk import Walk

WEIGHTED = ("conv2d", "linear")  # operations of which the picture knows what each weight meets
UNSEEN = N_("Nothing that can be drawn came out of this network's operations.")


def network_view(walk: Walk, tensors: Tensors) -> NetworkData:
    """Return the picture of the network of ``walk``; what it shows of ``tensors`` is added to them.

    Raises ``InvalidSetting`` for a network that is too large to be drawn, or of which nothing can be drawn.
    """
    network_layers, probabilities = _Layers(walk.record), what_if.probabilities(walk)
    if network_layers.input is None or not network_layers.layers:
        raise InvalidSetting(UNSEEN)
    output, layers = "softmax", network_layers.layers
    if probabilities and layers[-1].operations[0] in OUTPUTS and len(layers) > 1:
        output, layers = layers[-1].operations[0], layers[:-1]
    image = first_entry(network_layers.input.tensor)
    passed = fitted(Forward(image, tuple(layers), torch.empty(0), output))
    return {
        "image": list(image.shape),
        "input": tensors.add(("value", network_layers.input.id), network_layers.input.tensor),
        "layers": [facts_of(layer) for layer in passed.layers],
        "tensors": [
            _tensors_of(walk, tensors, layer, network_layers.value_of[id(layer.values)]) for layer in passed.layers
        ],
        "output": output if probabilities else "",
        "probabilities": probabilities,
    }


def _tensors_of(walk: Walk, tensors: Tensors, layer: ShownLayer, value: int) -> LayerTensors:
    record, steps = walk.record, walk.steps
    producer = record.values[value].producer
    named = dict(record.operations[layer.call].inputs)
    weighted = layer.operations[0] in WEIGHTED  # also the first of a stage, whose weights are no single sum
    weight, bias = (named.get(name) if weighted else None for name in ("weight", "bias"))
    forward = next(step.number for step in steps if step.operation == producer and step.node is None)
    gradient = record.gradients.get(value)
    backward = [step.number for step in steps if step.node is not None and step.operation == producer]

    def number(kind: str, of: int | None, tensor: Tensor | None) -> int | None:
        return None if of is None or tensor is None else tensors.add((kind, of), tensor)

    return {
        "value": tensors.add(("value", value), record.values[value].tensor),
        "grad": number("grad", value, gradient),
        "weight": number("value", weight, _tensor(record, weight)),
        "weight_grad": number("grad", weight, None if weight is None else record.gradients.get(weight)),
        "bias": number("value", bias, _tensor(record, bias)),
        "forward": forward,
        "backward": min(backward) if backward and gradient is not None else None,
    }


def _tensor(record: Record, value: int | None) -> Tensor | None:
    return None if value is None else record.values[value].tensor


class _Layers:
    """The layers of a record's forward pass; ``value_of`` tells the value that each layer's numbers are of."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.layers: list[ShownLayer] = []
        self.value_of: dict[int, int] = {}  # identity of a layer's values -> number of the value in the record
        self.holds: dict[int, int] = {}  # number of a value -> the layer that holds it; -1 is the image
        values = record.values
        self.input: Value | None = next((each for each in values if each.kind == "input" and _can_draw(each)), None)
        if self.input is None:
            return
        self.holds[self.input.id] = -1
        for operation in record.operations:
            if operation.phase == "forward":
                self._note(operation)

    def _note(self, operation: Operation) -> None:
        values = self.record.values
        sources = tuple(self.holds[number] for _name, number in operation.inputs if number in self.holds)
        returned = [number for number in operation.outputs if _can_draw(values[number])]
        if not sources or not returned:
            return
        drops = operation.name in DROPOUTS and dropout.training(operation.call)
        if operation.name in THROUGH and len(sources) == 1 and not drops:
            self.holds |= dict.fromkeys(returned, sources[0])
            return
        tensors = operation.call.tensors
        weight = tensors.get("weight")
        numbers = dict(operation.inputs)
        owner = values[numbers["weight"]].name.rpartition(".")[0] if "weight" in numbers else ""
        weighted = operation.name in WEIGHTED and weight is not None
        too_many_layers(len(self.layers) + len(returned))
        for number in returned:
            entry = first_entry(values[number].tensor)
            self.holds[number], self.value_of[id(entry)] = len(self.layers), number
            self.layers.append(
                ShownLayer(
                    (operation.name,),
                    owner,
                    sources,
                    entry,
                    window_of(operation.name, operation.call.options, weight),
                    weight if weighted else None,
                    tensors.get("bias") if weighted else None,
                    operation.index,
                )
            )


def _can_draw(value: Value) -> bool:
    """Return whether the numbers of a value can be drawn as they are."""
    tensor = value.tensor
    return tensor.is_floating_point() and tensor.layout == torch.strided and tensor.numel() > 0
