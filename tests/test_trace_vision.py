"""Small networks of torchvision with random weights: recorded as torch runs them, and their lines are lit."""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import partial

import pytest
import torch
from torch import nn
from torchvision import models
from torchvision.models.convnext import CNBlockConfig
from torchvision.models.resnet import BasicBlock

from core import trace
from core.walk import setup, source_code, walk
from core.walk.inputs import InputSpec
from core.walk.setup import Choice
from tests.own import build_own
from tests.tracing import independent, lost, parts_add_up

MODELS: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...]]] = {
    "resnet": (partial(models.ResNet, BasicBlock, [1, 1, 1, 1], num_classes=3, width_per_group=64), (2, 3, 32, 32)),
    "mobilenet_v3_small": (partial(models.mobilenet_v3_small, num_classes=3), (2, 3, 32, 32)),
    "squeezenet": (partial(models.squeezenet1_1, num_classes=3), (1, 3, 33, 33)),
    "shufflenet": (partial(models.shufflenet_v2_x0_5, num_classes=3), (2, 3, 32, 32)),
    "densenet": (
        partial(models.DenseNet, growth_rate=4, block_config=(2, 2), num_init_features=4, num_classes=3),
        (2, 3, 32, 32),
    ),
    "vision transformer": (
        partial(models.VisionTransformer, 16, 8, 1, 2, 8, 16, num_classes=3, dropout=0.1),
        (2, 3, 16, 16),
    ),
    "swin": (
        partial(models.SwinTransformer, [4, 4], 8, [2], [2], [2, 2], num_classes=3, stochastic_depth_prob=0.2),
        (2, 3, 16, 16),
    ),
    "convnext": (partial(models.ConvNeXt, [CNBlockConfig(8, None, 2)], num_classes=3), (2, 3, 32, 32)),
}


def make(name: str) -> tuple[nn.Module, tuple[int, ...]]:
    build, shape = MODELS[name]
    torch.manual_seed(0)
    return build(), shape


@pytest.mark.parametrize("name", MODELS)
def test_output_loss_and_every_gradient_are_those_of_an_independent_run(name: str) -> None:
    network, shape = make(name)
    x = torch.randn(shape)
    output, loss, grads, x_grad = independent(copy.deepcopy(network), x.clone().requires_grad_())
    torch.manual_seed(5)
    record = trace.record(network, x.requires_grad_(), loss=lost)
    assert torch.equal(record.values[record.output].tensor, output)
    assert torch.equal(record.values[record.loss].tensor, loss)
    assert all(torch.equal(record.grads[parameter], grad) for parameter, grad in grads.items() if grad is not None)
    assert torch.equal(record.gradients[0], x_grad)
    parts_add_up(record)


@pytest.mark.parametrize("name", MODELS)
def test_every_call_lights_a_line_of_the_listing(name: str) -> None:
    network, shape = make(name)
    this_walk = walk.take(setup.prepare(Choice("own"), own=build_own(network, InputSpec(shape))))
    source = source_code.network_listing(network)
    steps = [step for step in this_walk.steps if step.phase == "forward"]
    assert steps and all(source_code.light_of_network(this_walk, source, step) for step in steps)
