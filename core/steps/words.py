"""What each step does, in a sentence or two, to be translated."""

from __future__ import annotations

from core.errors import N_

PHASES = {
    "zero_grad": N_(
        "Gradients add up in .grad, so each step begins by emptying it. Every parameter's .grad is None now."
    ),
    "step": N_("Every parameter moves a little against its gradient. Click a weight to see its step line by line."),
    "after": N_(
        "The same input once more, through the changed network: if the learning rate suits, the loss is smaller."
    ),
}
OPERATIONS = {
    "conv2d": N_(
        "A small window slides over the input; at each place, input times kernel is added up, then the bias. "
        "Each output channel has a kernel of its own."
    ),
    "relu": N_(
        "Keeps what is above 0 and sets the rest to 0. Without it, all layers together would be one linear map."
    ),
    "max_pool2d": N_(
        "Keeps the greatest number of each window: half the height and width, the strongest answers stay."
    ),
    "avg_pool2d": N_("Keeps the mean of each window."),
    "adaptive_avg_pool2d": N_("Chooses its windows so that the output has the wanted size, and keeps each mean."),
    "view": N_("The same numbers in the same memory under a new shape: maps become one row for the linear layers."),
    "flatten": N_("The same numbers under a new shape: maps become one row for the linear layers."),
    "linear": N_("Every output is a weighted sum of all inputs plus a bias: x·Wᵀ + b."),
    "dropout": N_("In training, sets each number to 0 with probability p and multiplies the rest by 1/(1 − p)."),
    "dropout2d": N_(
        "In training, sets whole channels to 0 with probability p and multiplies the rest by 1/(1 − p)."
    ),
    "log_softmax": N_("Turns scores into logarithms of probabilities: x minus the logarithm of the sum of all eˣ."),
    "softmax": N_("Turns scores into probabilities: each eˣ as a share of their sum."),
    "nll_loss": N_("Takes the log-probability of the right class and changes its sign: the surer, the smaller."),
    "cross_entropy": N_("log_softmax and nll_loss in one: how surprised the network is by the right class."),
    "mse_loss": N_("The mean of the squared differences between output and target."),
    "clamp": N_("Numbers beyond a limit become the limit; with min=0 this is a ReLU."),
    "batch_norm": N_("Shifts and scales each channel to mean 0 and spread 1, then to a learned mean and spread."),
    "add": N_("Adds two tensors, number by number."),
    "mul": N_("Multiplies two tensors, number by number."),
    "matmul": N_("A matrix product: each output is a row of the first times a column of the second."),
    "cat": N_("Puts tensors one after another along a dimension."),
}
OTHER = N_(
    "A torch operation whose arithmetic is not written out here: values, gradients and shapes are torch's own."
)


def of_operation(name: str) -> str:
    """Return the sentence for a forward operation."""
    return OPERATIONS.get(name, OTHER)
