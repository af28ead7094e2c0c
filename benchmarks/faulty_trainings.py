"""Trainings with one planted fault each, and healthy ones of varied settings, for ``benchmarks.examination``.

A training is a small program: data, a network, an optimizer, a loss, and a loop. A fault changes one of its lines,
as learners do.
"""

from __future__ import annotations

import contextlib
import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from core import datasets
from core.examination import Examination, Examiner
from core.networks.tutorials import LeNet, MnistNet

Parameters = Iterator[nn.Parameter]
STEPS, EVERY = 160, 10


class Logs(nn.Module):
    """A layer that takes the logarithm of what may be 0."""

    def forward(self, x: Tensor) -> Tensor:
        return torch.log(F.relu(x))


def mlp(activation: Callable[[], nn.Module] = nn.ReLU, hidden: tuple[int, ...] = (64, 32)) -> nn.Sequential:
    """Return linear layers 784 → ``hidden`` → 10 with ``activation`` between them."""
    sizes = (784, *hidden)
    layers: list[nn.Module] = [nn.Flatten()]
    for inputs, outputs in itertools.pairwise(sizes):
        layers += [nn.Linear(inputs, outputs), activation()]
    return nn.Sequential(*layers, nn.Linear(sizes[-1], 10))


def normed() -> nn.Sequential:
    """Return two convolutions with batch normalisation, and a dropout."""
    return nn.Sequential(
        nn.Conv2d(1, 8, 5, stride=2),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.Conv2d(8, 16, 5, stride=2),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        nn.Flatten(),
        nn.Dropout(0.3),
        nn.Linear(256, 10),
    )


def padded_lenet() -> nn.Sequential:
    """Return the tutorials' LeNet behind a border that makes 28x28 images 32x32."""
    return nn.Sequential(nn.ZeroPad2d(2), LeNet())


NETWORKS: dict[str, Callable[[], nn.Module]] = {
    "mlp": mlp,
    "tanh": lambda: mlp(nn.Tanh),
    "wide": lambda: mlp(nn.ReLU, (256,)),
    "deep": lambda: mlp(nn.ReLU, (64, 64, 64, 64)),
    "lenet": padded_lenet,
    "mnist": MnistNet,
    "normed": normed,
}


@dataclass(frozen=True)
class Training:
    """One training. ``fault`` is the key that the examination has to name, "" for a healthy one."""

    fault: str = ""
    name: str = ""
    network: Callable[[], nn.Module] = mlp
    optimizer: Callable[[Parameters], torch.optim.Optimizer] = lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.5)
    loss: Callable[[Tensor, Tensor], Tensor] = F.cross_entropy
    inputs: Callable[[Tensor], Tensor] = lambda images: (images - 0.1307) / 0.3081  # of images from 0 to 1
    labels: Callable[[Tensor], Tensor] = lambda labels: labels
    prepare: Callable[[nn.Module], Any] = lambda _network: None
    parameters: Callable[[nn.Module], Parameters] = lambda network: network.parameters()
    zero_grad: bool = True
    train_mode: bool = True
    eval_mode: bool = True
    examples: int = 1400
    batch: int = 32
    steps: int = STEPS
    seed: int = 0


def examined(training: Training) -> Examination:
    """Run ``training`` with an examiner and return what it saw; a loss that is not finite ends the loop."""
    torch.manual_seed(training.seed)
    data = datasets.load("digits")
    images, labels = (
        training.inputs(data.train_images[:1400, None] / 255),
        training.labels(data.train_labels[:1400]),
    )
    images, labels = images[: training.examples], labels[: training.examples]
    held_out = training.inputs(data.test_images[:300, None] / 255), data.test_labels[:300]
    network = training.network()
    training.prepare(network)
    optimizer = training.optimizer(training.parameters(network))
    examiner = Examiner(network, optimizer, EVERY)
    examiner.look_at(images[:1000], labels[:1000])
    network.train(training.train_mode)
    order = torch.randperm(len(images))
    for step in range(training.steps):
        which = order[torch.arange(step * training.batch, (step + 1) * training.batch) % len(order)]
        watching = examiner.watch(step) if examiner.is_due(step) else contextlib.nullcontext()
        with watching as listener:
            if training.zero_grad:
                optimizer.zero_grad()
            loss = training.loss(network(images[which]), labels[which])
            if listener is not None:
                listener.loss = loss.item()
            loss.backward()
            optimizer.step()
        if step % 40 == 39:
            test(examiner, training, network, held_out, (images, labels), step + 1)
        if not math.isfinite(loss.item()) and listener is not None:
            break
    return examiner.result()


def test(
    examiner: Examiner,
    training: Training,
    network: nn.Module,
    held_out: tuple[Tensor, Tensor],
    trained: tuple[Tensor, Tensor],
    step: int,
) -> None:
    """Measure the loss on the held out examples and on those trained on."""
    if training.eval_mode:
        network.eval()
    with torch.no_grad():
        losses = [
            training.loss(network(images[:300]), labels[:300]).item() for images, labels in (held_out, trained)
        ]
    examiner.test(step, *losses)
    network.train(training.train_mode)


def sgd(rate: float, momentum: float = 0.5, decay: float = 0.0) -> Callable[[Parameters], torch.optim.Optimizer]:
    """Return a function that makes SGD."""
    return lambda parameters: torch.optim.SGD(parameters, lr=rate, momentum=momentum, weight_decay=decay)


def adam(rate: float) -> Callable[[Parameters], torch.optim.Optimizer]:
    """Return a function that makes Adam."""
    return lambda parameters: torch.optim.Adam(parameters, lr=rate)


def fill(number: float, only: str = "weight") -> Callable[[nn.Module], None]:
    """Return a function that sets every parameter named ``only`` to ``number``."""

    def set_all(network: nn.Module) -> None:
        with torch.no_grad():
            for name, parameter in network.named_parameters():
                if name.endswith(only):
                    parameter.fill_(number)

    return set_all


def scale(factor: float) -> Callable[[nn.Module], None]:
    """Return a function that multiplies every weight."""

    def multiply(network: nn.Module) -> None:
        with torch.no_grad():
            for parameter in network.parameters():
                parameter.mul_(factor)

    return multiply


def zero(name: str) -> Callable[[nn.Module], None]:
    """Return a function that sets the parameters whose name begins with ``name`` to 0."""

    def set_all(network: nn.Module) -> None:
        with torch.no_grad():
            for each, parameter in network.named_parameters():
                if each.startswith(name):
                    parameter.zero_()

    return set_all


def freeze(name: str) -> Callable[[nn.Module], None]:
    """Return a function that freezes the parameters whose name begins with ``name``."""

    def set_off(network: nn.Module) -> None:
        for each, parameter in network.named_parameters():
            if each.startswith(name):
                parameter.requires_grad_(False)

    return set_off


def without(name: str) -> Callable[[nn.Module], Parameters]:
    """Return a function that gives all parameters but those whose name begins with ``name``."""
    return lambda network: (each for key, each in network.named_parameters() if not key.startswith(name))


def shuffled(labels: Tensor) -> Tensor:
    """Return the labels in another order."""
    return labels[torch.randperm(len(labels))]


class UnusedLayer(nn.Module):
    """A network with a layer that forward does not use."""

    def __init__(self) -> None:
        super().__init__()
        self.body, self.extra = mlp(), nn.Linear(10, 10)

    def forward(self, x: Tensor) -> Tensor:
        output: Tensor = self.body(x)
        return output


class DetachedLayer(nn.Module):
    """A network that cuts the graph behind its first layer."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.rest = nn.Linear(784, 64), mlp_from(64)

    def forward(self, x: Tensor) -> Tensor:
        output: Tensor = self.rest(F.relu(self.first(x.flatten(1)).detach()))
        return output


def mlp_from(inputs: int) -> nn.Sequential:
    """Return linear layers ``inputs`` → 32 → 10."""
    return nn.Sequential(nn.Linear(inputs, 32), nn.ReLU(), nn.Linear(32, 10))


def with_logs() -> nn.Sequential:
    """Return a network that takes the logarithm of a ReLU."""
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 32), Logs(), nn.Linear(32, 10))


def deep_sigmoid() -> nn.Sequential:
    """Return eight layers with sigmoids between them."""
    return mlp(nn.Sigmoid, (64,) * 7)


def linear() -> nn.Sequential:
    """Return one linear layer."""
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 10))


def smoothed(output: Tensor, target: Tensor) -> Tensor:
    """Return the cross entropy with a target of 0.91 for the label and 0.01 for each other class."""
    return F.cross_entropy(output, target, label_smoothing=0.1)


def softmax_loss(output: Tensor, target: Tensor) -> Tensor:
    """Return the cross entropy of what softmax was applied to already: a mistake."""
    return F.cross_entropy(output.softmax(1), target)


def nll_of_logits(output: Tensor, target: Tensor) -> Tensor:
    """Return the NLL loss of logits, where log-probabilities belong: a mistake."""
    return F.nll_loss(output, target)


def with_nan(images: Tensor) -> Tensor:
    """Return the normalised images with one NaN in the eighth."""
    spoilt = (images - 0.1307) / 0.3081
    spoilt[7, 0, 3, 3] = math.nan
    return spoilt


HEALTHY = Training()
PLANTED = (
    replace(HEALTHY, fault="rate_too_high", name="SGD 20", optimizer=sgd(20.0)),
    replace(HEALTHY, fault="rate_too_high", name="SGD 5, LeNet", network=padded_lenet, optimizer=sgd(5.0, 0.9)),
    replace(HEALTHY, fault="rate_too_high", name="Adam 1", optimizer=adam(1.0)),
    replace(HEALTHY, fault="rate_too_high", name="Adam 0.3, LeNet", network=padded_lenet, optimizer=adam(0.3)),
    replace(HEALTHY, fault="rate_too_low", name="SGD 1e-6", optimizer=sgd(1e-6)),
    replace(HEALTHY, fault="rate_too_low", name="Adam 1e-7", optimizer=adam(1e-7)),
    replace(HEALTHY, fault="rate_too_low", name="LeNet, SGD 1e-6", network=padded_lenet, optimizer=sgd(1e-6)),
    replace(HEALTHY, fault="dead_relu", name="bias −5", prepare=fill(-5.0, "bias")),
    replace(
        HEALTHY, fault="dead_relu", name="LeNet, bias −3", network=padded_lenet, prepare=fill(-3.0, "bias"), seed=3
    ),
    replace(HEALTHY, fault="vanishing_gradient", name="seven sigmoids", network=deep_sigmoid),
    replace(
        HEALTHY, fault="vanishing_gradient", name="seven sigmoids, Adam", network=deep_sigmoid, optimizer=adam(1e-4)
    ),
    replace(
        HEALTHY,
        fault="exploding_gradient",
        name="weights × 20",
        network=NETWORKS["deep"],
        prepare=scale(20.0),
        optimizer=sgd(1e-12),
    ),
    replace(
        HEALTHY,
        fault="exploding_gradient",
        name="weights × 10",
        network=NETWORKS["deep"],
        prepare=scale(10.0),
        optimizer=sgd(1e-9),
    ),
    replace(
        HEALTHY,
        fault="saturated",
        name="tanh, weights × 40",
        network=NETWORKS["tanh"],
        prepare=scale(40.0),
        optimizer=sgd(1e-3),
    ),
    replace(HEALTHY, fault="not_finite", name="log of a ReLU", network=with_logs),
    replace(
        HEALTHY, fault="not_finite", name="square root of 0", loss=lambda y, t: (F.cross_entropy(y, t) * 0).sqrt()
    ),
    replace(HEALTHY, fault="nan_in_data", name="a pixel is nan", inputs=with_nan),
    replace(HEALTHY, fault="labels_shuffled", name="labels in another order", labels=shuffled),
    replace(HEALTHY, fault="labels_shuffled", name="the same, LeNet", network=padded_lenet, labels=shuffled),
    replace(HEALTHY, fault="not_normalised", name="0 to 255", inputs=lambda images: images * 255),
    replace(HEALTHY, fault="not_normalised", name="far from 0", inputs=lambda images: images + 30),
    replace(HEALTHY, fault="frozen", name="first layer frozen", prepare=freeze("1.")),
    replace(HEALTHY, fault="frozen", name="LeNet's convolutions", network=padded_lenet, prepare=freeze("1.conv")),
    replace(HEALTHY, fault="not_in_optimizer", name="last layer left out", parameters=without("5.")),
    replace(
        HEALTHY, fault="not_in_optimizer", name="first convolution", network=MnistNet, parameters=without("conv1")
    ),
    replace(HEALTHY, fault="no_gradient", name="a layer that is not used", network=UnusedLayer),
    replace(HEALTHY, fault="no_gradient", name="a detach", network=DetachedLayer),
    replace(HEALTHY, fault="eval_while_training", name="batch normalisation", network=normed, train_mode=False),
    replace(HEALTHY, fault="eval_while_training", name="dropout", network=MnistNet, train_mode=False),
    replace(HEALTHY, fault="train_while_testing", name="dropout at test", network=normed, eval_mode=False),
    replace(
        HEALTHY,
        fault="overfitting",
        name="60 examples",
        network=NETWORKS["wide"],
        examples=60,
        steps=800,
        optimizer=adam(1e-2),
    ),
    replace(
        HEALTHY,
        fault="overfitting",
        name="40 examples, LeNet",
        network=padded_lenet,
        examples=40,
        steps=600,
        optimizer=adam(3e-3),
    ),
    replace(HEALTHY, fault="no_zero_grad", name="no zero_grad", zero_grad=False),
    replace(HEALTHY, fault="no_zero_grad", name="no zero_grad, LeNet", network=padded_lenet, zero_grad=False),
    replace(HEALTHY, fault="softmax_before_cross_entropy", name="softmax twice", loss=softmax_loss),
    replace(HEALTHY, fault="nll_without_log_softmax", name="nll_loss of logits", loss=nll_of_logits),
    replace(HEALTHY, fault="equal_weights", name="zeros", prepare=fill(0.0)),
    replace(HEALTHY, fault="equal_weights", name="0.01 everywhere", prepare=fill(0.01)),
    replace(HEALTHY, fault="equal_weights", name="0.1 everywhere", prepare=fill(0.1)),
)
ALSO_HEALTHY = (  # what looks like a fault and is none
    replace(HEALTHY, name="the last layer begins with zeros", prepare=zero("5.")),
    replace(HEALTHY, name="one linear layer from zeros", network=linear, prepare=zero("1.")),
    replace(HEALTHY, name="GELU, label smoothing", network=lambda: mlp(nn.GELU), loss=smoothed, steps=400),
    replace(
        HEALTHY, name="inputs from 0 to 1, Adam", inputs=lambda images: images, optimizer=adam(1e-3), steps=400
    ),
)


def healthy(count: int) -> Iterator[Training]:
    """Yield ``count`` trainings that learn: other networks, optimizers, rates, batches and seeds."""
    optimizers = (
        ("SGD 0.01, momentum 0.9", sgd(0.01, 0.9)),
        ("SGD 0.05", sgd(0.05)),
        ("SGD 0.03, momentum 0.8", sgd(0.03, 0.8)),
        ("SGD 0.02, decay", sgd(0.02, 0.9, 1e-3)),
        ("Adam 0.001", adam(1e-3)),
        ("Adam 0.003", adam(3e-3)),
    )
    losses = {"mnist": F.nll_loss}
    for number in range(count):
        name = list(NETWORKS)[number % len(NETWORKS)]
        called, optimizer = optimizers[number % len(optimizers)]
        batch = (16, 32, 64, 128)[number // 3 % 4]
        yield replace(
            HEALTHY,
            name=f"{name}, {called}, batch {batch}, seed {number}",
            network=NETWORKS[name],
            optimizer=optimizer,
            loss=losses.get(name, F.cross_entropy),
            batch=batch,
            steps=400,
            seed=number,
        )
