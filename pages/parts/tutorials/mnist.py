"""The tutorial about handwritten digits: the network, its training, convolution, and single operators."""

from __future__ import annotations

from core.errors import N_
from pages.parts.tutorials.tutorial import Step, Tutorial, step


def _new_run(says: str) -> Step:
    return Step(says, "train", {"run": "new"})


MNIST = Tutorial(
    N_("Recognise handwritten digits: the MNIST network"),
    N_("Load MNIST, train a small convolutional network, save it and go on, and what its layers do."),
    (
        step(N_("Load the digits, in batches of 64"), "digits"),
        step(N_("Normalise them"), "digits"),
        step(N_("Define the network: two convolutions, dropout, two linear layers"), "lenet", network="mnist"),
        step(N_("Drop whole channels: Dropout2d"), "operators", name="Dropout2d"),
        step(N_("Return log-probabilities, and take the NLL loss of them"), "lenet", tab="experiments", exp="nll"),
        _new_run(N_("Train it for three epochs: SGD, learning rate 0.01, momentum 0.5")),
        step(N_("What momentum does"), "lenet", tab="experiments", exp="momentum"),
        _new_run(N_("Watch the training loss and the test loss, against the examples seen")),
        step(N_("Count right answers"), "lenet", tab="experiments", exp="accuracy"),
        _new_run(N_("Save checkpoints and train on from one")),
        step(N_("Compare runs"), "runs"),
        step(N_("Have it read a digit"), "draw"),
        step(N_("Slide a kernel over a picture"), "convolution"),
        step(N_("Padding: valid and same"), "convolution", pad="same"),
        step(N_("Stride"), "convolution", stride=2),
        step(N_("Why kernels are odd: an even one with padding same"), "convolution", kernel=4, pad="same"),
        step(N_("The size of the output"), "convolution", part="practice"),
        step(
            N_("Several channels: one kernel for each, together one filter"), "convolution", **{"in": 3, "out": 2}
        ),
        step(N_("Max pooling"), "convolution", kind="max"),
        *(
            step(f"nn.{name}" if name[0].isupper() else name, "operators", name=name)
            for name in (
                *(
                    "Linear",
                    "Softmax",
                    "AdaptiveAvgPool1d",
                    "AdaptiveAvgPool2d",
                    "dropout",
                    "Conv2d",
                    "BatchNorm2d",
                ),
                *("LeakyReLU", "bmm", "view", "unsqueeze", "squeeze", "forward"),
            )
        ),
    ),
)
