"""What each step does, in a sentence or two, to be translated."""

from __future__ import annotations

from core.errors import N_
from core.ops.registry import MEANINGS

PHASES = {
    "zero_grad": N_(
        "Gradients add up in .grad, so each step begins by emptying it. Every parameter's .grad is None now."
    ),
    "step": N_("Every parameter moves a little against its gradient. Press a weight to see its step line by line."),
    "after": N_(
        "The same input once more, through the changed network: if the learning rate suits, the loss is smaller."
    ),
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
    return MEANINGS.get(name, OTHER)
