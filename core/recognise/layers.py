"""What each layer makes of a drawing: the tensors that really went through, named by the layer that gave them."""

from __future__ import annotations

import copy
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from core import trace
from core.recognise.readers import Reader, inputs

SHOWN = {"conv2d", "linear", "relu", "max_pool2d", "avg_pool2d", "batch_norm", "log_softmax", "softmax", "clamp"}


@dataclass(frozen=True)
class Activation:
    """The output of one operation, for one image: (C, H, W) or (C,); ``layer`` is its module's path, if any."""

    operation: str
    layer: str
    values: NDArray[np.float32]


def activations(reader: Reader, image: NDArray[np.uint8]) -> list[Activation]:
    """Return the output of every layer and activation for a framed image, uint8 (28, 28), in order."""
    net = copy.deepcopy(reader.net)  # many people share the reader; tracing hangs hooks on the network it traces
    with torch.no_grad():
        record = trace.record(net, inputs(reader, image[None]), zero_grad=False)
    return [
        Activation(operation.name, operation.module, record.values[operation.outputs[0]].tensor[0].numpy())
        for operation in record.operations
        if operation.name in SHOWN and operation.outputs
    ]
