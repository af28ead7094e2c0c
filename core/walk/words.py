"""What each step does, in a sentence or two, to be translated."""

from __future__ import annotations

from core.errors import N_
from core.ops.registry import MEANINGS

PHASES = {
    "zero_grad": N_(
        "Gradients add up in .grad, so each step begins by emptying it. Every parameter's .grad is None now."
    ),
    "step": N_("Every parameter moves a little against its gradient. Click a weight to see its step line by line."),
    "after": N_(
        "The same input once more, through the changed network: if the learning rate suits, the loss is smaller."
    ),
}
OPERATIONS = MEANINGS | {
    "relu": N_(
        "Keeps what is above 0 and sets the rest to 0. Without it, two linear layers in a row would be one linear "
        "layer."
    ),
    "dropout": N_("In train mode, sets each number to 0 with probability p and multiplies the rest by 1/(1 − p)."),
    "dropout2d": N_(
        "In train mode, sets each channel to 0 with probability p and multiplies the rest by 1/(1 − p)."
    ),
    "log_softmax": N_("Turns logits into log-probabilities: x minus the logarithm of the sum of all eˣ."),
    "softmax": N_("Turns logits into probabilities: each eˣ divided by the sum of all eˣ."),
    "nll_loss": N_("The log-probability of the target class with its sign changed: the surer, the smaller."),
    "cross_entropy": N_("log_softmax and nll_loss in one. It takes logits."),
    "mse_loss": N_("The squared differences between output and target."),
    "clamp": N_("Numbers beyond a limit become the limit; with min=0 it computes what ReLU computes."),
    "batch_norm": N_(
        "Subtracts a mean from each channel and divides by a std, then scales and shifts it by γ and β."
    ),
    "add": N_("Adds two tensors, number by number."),
    "mul": N_("Multiplies two tensors, number by number."),
    "matmul": N_("A matrix product: each output is a row of the first times a column of the second."),
    "cat": N_("Puts tensors one after another along a dimension."),
}
REDUCTIONS = {
    "mean": N_("reduction='mean': the loss is the mean over all of them."),
    "sum": N_("reduction='sum': the loss is their sum."),
    "none": N_("reduction='none': each has a loss of its own."),
}
BATCH_NORM = {
    True: N_("Train mode: mean and std are those of this batch."),
    False: N_("Eval mode: mean and std are the running ones, collected in training."),
}
UNSEEN = N_(
    "No torch call was watched here, only its result: a torch.autograd.Function (its forward ran just before,"
    " without a graph), torch.vmap, or compiled code."
)
OTHER = N_(
    "A torch operation whose arithmetic is not written out here: values, gradients and shapes are torch's own."
)


def of_operation(name: str) -> str:
    """Return the sentence for a forward operation."""
    return OPERATIONS.get(name, OTHER)
