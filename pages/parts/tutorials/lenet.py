"""The two tutorials about LeNet: one with kernels of 5×5, one with kernels of 3×3."""

from __future__ import annotations

from core.errors import N_
from pages.parts.tutorials.tutorial import Step, Tutorial, step

LOSS, BACKWARD = 13, 13  # of the walk: after the zero_grad and the twelve operations of LeNet


def _walk(says: str, network: str, **settings: str | int) -> Step:
    return step(says, "lenet", **{"network": network, "input": "randn"} | settings)


def _random(says: str, **settings: str | int) -> Step:
    """Return a step of the 5×5 network whose backward pass starts from random numbers in place of a loss."""
    return _walk(says, "lenet5", **{"loss": "backward"} | settings)


def _experiment(says: str, name: str) -> Step:
    return step(says, "lenet", tab="experiments", exp=name)


FIVE = Tutorial(
    N_("Neural networks: LeNet with 5×5 kernels"),
    N_("Define a network, send an input forward, take a loss, go backward, update the weights."),
    (
        _random(N_("Define the network: two convolutions, three linear layers"), tab="printed"),
        _experiment(N_("Count its parameters"), "parameters"),
        _random(N_("Send a random 32×32 input forward")),
        _random(N_("Set the gradients to zero"), at=0),
        _random(N_("Go backward from a random gradient: out.backward(torch.randn(1, 10))"), at=BACKWARD),
        _walk(N_("Compare the output with a target: the mean squared error"), "lenet5", loss="mse_random", at=LOSS),
        _experiment(N_("Give the target the shape of the output: target.view(1, -1)"), "target_view"),
        _experiment(N_("Look at conv1.bias.grad before and after backward"), "bias_grad"),
        _walk(N_("Update the weights by hand"), "lenet5", loss="mse_random", opt="hand"),
        _experiment(N_("Compare the update by hand with optim.SGD"), "by_hand"),
        _experiment(N_("What flattening does to a tensor (it flips nothing)"), "flip"),
    ),
)
THREE = Tutorial(
    N_("Neural networks: LeNet with 3×3 kernels"),
    N_("The same network once more: mini-batches, the graph of autograd, gradients that add up, four optimizers."),
    (
        _walk(N_("Define the network and print it"), "lenet3", tab="printed"),
        _experiment(N_("Count its parameters"), "parameters"),
        _walk(N_("Send a random input forward"), "lenet3"),
        step(N_("Add the dimension of the mini-batch: unsqueeze(0)"), "operators", name="unsqueeze"),
        _experiment(N_("What a layer does with a single image"), "unbatched"),
        _walk(N_("Take the mean squared error"), "lenet3", loss="mse_random", at=LOSS),
        _walk(N_("Follow grad_fn from the loss back to the input"), "lenet3", loss="mse_random", tab="graph"),
        _experiment(N_("Look at a gradient before and after backward"), "bias_grad"),
        _experiment(N_("Go backward twice without zero_grad: gradients add up"), "two_backwards"),
        _walk(N_("Update the weights by hand"), "lenet3", loss="mse_random", opt="hand"),
        _experiment(N_("Update with .data, and as it is written today"), "in_place"),
        _walk(N_("Update with Nesterov's momentum"), "lenet3", loss="mse_random", opt="nesterov"),
        _walk(N_("Update with Adam"), "lenet3", loss="mse_random", opt="adam"),
        _walk(N_("Update with RMSprop"), "lenet3", loss="mse_random", opt="rmsprop"),
        _experiment(N_("One optimizer against another"), "race"),
    ),
)
