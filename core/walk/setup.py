"""Makes network, input, target and loss of a walk from a choice whose values fit into an address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from core import datasets
from core.errors import N_, InvalidSetting
from core.networks import registry, stack, tutorials
from core.rng import seeded
from core.walk.failures import refused
from core.walk.own_module import BuiltModule

LESSON_NETWORKS: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...]]] = {
    "reader": (tutorials.ReaderNet, (1, 1, 28, 28)),
    "two_layers": (tutorials.TwoLayerNet, (4, 1000)),
    "linear_fit": (tutorials.LinearFit, (4, 3)),
}
FOUNDATIONS = ("two_layers", "linear_fit")
LOSSES = ("mse_random", "mse_onehot", "cross_entropy", "nll", "backward")
OPTIMIZERS = ("hand", "sgd", "momentum", "nesterov", "adam", "rmsprop")
MOST_PARAMETERS = 30_000_000  # of your own module: some ten copies of each are kept, 1.2 GB of float32
MOST_BUILT = stack.MOST_PARAMETERS


@dataclass(frozen=True)
class Choice:
    """Everything that decides a walk, as plain values.

    ``network`` is a key of ``registry.DIGIT_NETS`` or of ``LESSON_NETWORKS``, "stack:<text>", or "own" (a module
    that the server was started with). ``weights`` is "seed" or the name of saved ones. ``steps_before`` optimizer
    steps are taken before the walk, so that momentum and moments are not empty.
    """

    network: str = "lenet5"
    input: str = "randn"
    digit: int = 0
    weights: str = "seed"
    loss: str = "mse_random"
    target: int = 3
    optimizer: str = "sgd"
    lr: float = 0.01
    seed: int = 0
    training: bool = True
    input_grad: bool = False
    steps_before: int = 0


@dataclass
class Setup:
    """The network and tensors of a choice; ``target`` and ``notes`` follow from the first forward pass.

    ``notes`` are sentences to translate; ``own`` is your own module, where the network is that.
    ``output_path`` picks one tensor where the network returns several, ``changes_input`` says that it writes into
    what it is given; both are known after the step.
    """

    choice: Choice
    network: nn.Module
    inputs: tuple[Tensor, ...]
    own: BuiltModule | None = None
    target: Tensor | None = None
    notes: list[str] = field(default_factory=list)
    output_path: str = ""
    changes_input: bool = False

    @property
    def call(self) -> str:
        """How the script calls the network and picks the tensor that the loss is taken of."""
        return self.call_of(copies=self.changes_input or (self.own is not None and self.own.caches))

    def call_of(self, copies: bool) -> str:
        """Return such a call, of ``copies`` of the inputs or of the inputs themselves."""
        names = ["input"] if len(self.inputs) == 1 else [f"input{i}" for i in range(len(self.inputs))]
        arguments = ", ".join(f"{name}.clone()" if copies else name for name in names)
        return f"net({arguments}){self.output_path}"

    @property
    def input(self) -> Tensor:
        """The first input, which is the only one of the networks of the lessons."""
        return self.inputs[0]

    def fresh_inputs(self) -> tuple[Tensor, ...]:
        """Return copies of the inputs: a network may change its input, and each pass begins with the same."""
        fresh = [tensor.clone() for tensor in self.inputs]
        for tensor in fresh:
            if tensor.is_floating_point() or tensor.is_complex():
                tensor.requires_grad_(self.choice.input_grad)
        return tuple(fresh)

    def aim(self, output: Tensor) -> Tensor:
        """Return the target of ``output``, or the gradient that a backward pass without a loss starts from.

        Made once, when the first output shows its shape: no forward pass runs for it. Raises ``InvalidSetting``.
        """
        if self.target is None:
            self.target, notes = _target(self.choice, output.detach())
            self.notes += notes
        return self.target

    def loss(self, output: Tensor) -> Tensor:
        """Return the loss of ``output``; not for the choice "backward", which has none."""
        return LOSS_FUNCTIONS[self.choice.loss](output, self.aim(output))


LOSS_FUNCTIONS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "mse_random": lambda output, target: F.mse_loss(output, target),
    "mse_onehot": lambda output, target: F.mse_loss(output, target),
    "cross_entropy": lambda output, target: F.cross_entropy(output, target),
    "nll": lambda output, target: F.nll_loss(output, target),
}
LOSS_LINES = {
    "mse_random": "loss = F.mse_loss(output, target)",
    "mse_onehot": "loss = F.mse_loss(output, target)",
    "cross_entropy": "loss = F.cross_entropy(output, target)",
    "nll": "loss = F.nll_loss(output, target)",
    "backward": "output.backward(grad_output)",
}


def prepare(
    choice: Choice,
    *,
    drawing: Tensor | None = None,
    weights: dict[str, Tensor] | None = None,
    own: BuiltModule | None = None,
) -> Setup:
    """Build the network and the inputs of ``choice``; the network does not run.

    ``drawing`` is uint8 (28, 28), 255 is ink; ``weights`` replaces the seeded parameters; ``own`` is a module of
    your own with its inputs. Everything random comes from ``choice.seed``. Raises ``InvalidSetting``.
    """
    if choice.loss not in LOSSES:
        raise InvalidSetting(N_("there is no loss {name!r}"), name=choice.loss)
    if choice.network == "own":
        if own is None:
            raise InvalidSetting(N_("this server was not started with a module of your own (--module)"))
        network, inputs = own.network, own.inputs
        if len(inputs) == 1 and inputs[0].dtype == torch.float32 and reads_digits(tuple(inputs[0].shape)):
            inputs = (_input(choice, tuple(inputs[0].shape), drawing),)
    else:
        network, shape = _network(choice)
        inputs = (_input(choice, shape, drawing),)
    with refused("build"):
        _refuse_unfit(network, MOST_BUILT if own is None else MOST_PARAMETERS)
    if weights is not None:
        _load(network, weights)
    with refused("mode"):
        network.train(choice.training)
    return Setup(choice, network, inputs, own, notes=[] if own is None else list(own.notes))


def _network(choice: Choice) -> tuple[nn.Module, tuple[int, ...]]:
    name = choice.network
    with seeded(choice.seed):
        if name in LESSON_NETWORKS:
            build, shape = LESSON_NETWORKS[name]
            return build(), shape
        if name.startswith(registry.STACK):
            description = stack.parse(name.removeprefix(registry.STACK))
            return description.build(), (1, *description.input)
    if name not in registry.DIGIT_NETS:
        raise InvalidSetting(N_("there is no network {name!r}"), name=name)
    side = registry.spec(name).input_size
    return registry.build(name, seed=choice.seed), (1, 1, side, side)


def _refuse_unfit(network: nn.Module, most: int) -> None:
    count = sum(parameter.numel() for parameter in network.parameters())
    if count > most:
        raise InvalidSetting(
            N_("this network has {count:,} parameters; up to {most:,} can be walked through here"),
            count=count,
            most=most,
        )
    if count:
        return
    listed = [name for name, value in vars(network).items() if name != "_modules" and _holds_modules(value)]
    if listed:
        raise InvalidSetting(
            N_(
                "this network has no parameters, so there is nothing to train: self.{name} is a Python list or dict"
                " of layers, which Module does not see; use nn.ModuleList or nn.ModuleDict"
            ),
            name=listed[0],
        )
    raise InvalidSetting(N_("this network has no parameters, so there is nothing to train"))


def _holds_modules(value: object) -> bool:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return any(isinstance(item, nn.Module) for item in inside)


def _load(network: nn.Module, weights: dict[str, Tensor]) -> None:
    try:
        network.load_state_dict(weights)
    except RuntimeError as error:
        raise InvalidSetting(N_("these weights belong to another network")) from error


def classes(network: str) -> int:
    """Return the number of classes in the network's output (N, classes); 0 where it is no classifier."""
    if network in registry.DIGIT_NETS or network == "reader":
        return 10
    if not network.startswith(registry.STACK):
        return 0
    try:
        layers = stack.parse(network.removeprefix(registry.STACK)).layers()
    except InvalidSetting:
        return 0
    output = layers[-1].output if layers else None
    return output[0] if output is not None and len(output) == 1 else 0


def reads_digits(shape: tuple[int, ...]) -> bool:
    """Return whether an input of this shape can show a digit: one grey image of at least 28x28."""
    return len(shape) == 4 and shape[:2] == (1, 1) and shape[2] == shape[3] >= 28


def _input(choice: Choice, shape: tuple[int, ...], drawing: Tensor | None) -> Tensor:
    if choice.input == "randn" or not reads_digits(shape):
        return torch.randn(shape, generator=torch.Generator().manual_seed(choice.seed))
    if choice.input == "drawing":
        if drawing is None:
            raise InvalidSetting(N_("there is no drawing yet: draw a digit on the Draw page first"))
        image = drawing
    else:
        image, _ = digit(choice.digit)
    return padded(image, shape[-1])


def padded(image: Tensor, side: int) -> Tensor:
    """Return a uint8 (28, 28) image, padded with 0 to ``side`` and normalised: float32 (1, 1, side, side)."""
    left = (side - image.shape[-1]) // 2
    right = side - image.shape[-1] - left
    return datasets.normalise(F.pad(image, (left, right, left, right)).unsqueeze(0))  # (1, 1, side, side)


def digit(number: int) -> tuple[Tensor, int]:
    """Return test image ``number`` (modulo their count) and its label, of MNIST or else of the built-in digits."""
    data = datasets.preferred()
    place = number % len(data.test_labels)
    return data.test_images[place], int(data.test_labels[place])


def _target(choice: Choice, output: Tensor) -> tuple[Tensor, list[str]]:
    if choice.loss in ("mse_random", "backward"):
        generator = torch.Generator().manual_seed(choice.seed + 1)
        dtype = output.dtype if output.is_floating_point() or output.is_complex() else torch.float32
        return torch.randn(output.shape, generator=generator, dtype=dtype), []
    if output.dim() != 2:
        raise InvalidSetting(
            N_("this loss needs an output of shape (N, classes); this network gives {shape}"),
            shape=tuple(output.shape),
        )
    if not 0 <= choice.target < output.shape[1]:
        raise InvalidSetting(
            N_("class {target} does not exist: the network has {classes} {classes:output|outputs}"),
            target=choice.target,
            classes=output.shape[1],
        )
    classes = torch.full((output.shape[0],), choice.target)
    if choice.loss == "mse_onehot":
        return F.one_hot(classes, output.shape[1]).to(output.dtype), []
    return classes, _loss_notes(choice.loss, output)


def _loss_notes(loss: str, output: Tensor) -> list[str]:
    log_probabilities = torch.allclose(output.float().exp().sum(1), torch.ones(output.shape[0]), atol=1e-4)
    if loss == "nll" and not log_probabilities:
        return [
            N_("nll_loss expects log-probabilities, but this network gives logits: the loss has no lower bound.")
        ]
    if loss == "cross_entropy" and log_probabilities:
        return [N_("cross_entropy takes log_softmax of log-probabilities once more, which changes nothing.")]
    return []
