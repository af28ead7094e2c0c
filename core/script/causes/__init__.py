"""Every cause of an error and every watch for a silent mistake; one file a group, each of them a table."""

from __future__ import annotations

from core.errors import N_
from core.script.causes import (
    autograd,
    broadcast,
    data,
    dimensions,
    distributions,
    dtypes,
    functions,
    layer_shapes,
    losses,
    modules,
    one_sample,
    optimizers,
    python_errors,
    shapes,
    silent_calls,
    silent_graphs,
    silent_losses,
    silent_modules,
    silent_optimizers,
    silent_randomness,
    silent_rows,
    silent_steps,
    silent_training,
    silent_updates,
    silent_values,
)
from core.script.causes.table import Cause, Diagnosis
from core.script.events import Progress, Watch
from core.script.failure import Failure
from core.sentence import Sentence

# The first that applies is meant, so the special stands before the general.
CAUSES: tuple[Cause, ...] = (
    *python_errors.LIMITS,
    *functions.CAUSES,
    *data.FIRST,
    *losses.CAUSES,
    *distributions.CAUSES,
    *optimizers.CAUSES,
    *modules.CAUSES,
    *autograd.CAUSES,
    *dtypes.CAUSES,
    *broadcast.CAUSES,
    *dimensions.CAUSES,
    *one_sample.CAUSES,
    *layer_shapes.CAUSES,
    *shapes.CAUSES,
    *data.CAUSES,
    *python_errors.CAUSES,
    *modules.LAST,
)
WATCHES: tuple[type[Watch], ...] = (
    *silent_calls.WATCHES,
    *silent_losses.WATCHES,
    *silent_graphs.WATCHES,
    *silent_steps.WATCHES,
    *silent_training.WATCHES,
    *silent_updates.WATCHES,
    *silent_modules.WATCHES,
    *silent_optimizers.WATCHES,
    *silent_randomness.WATCHES,
    *silent_rows.WATCHES,
    *silent_values.WATCHES,
)
UNKNOWN = Diagnosis(
    "", Sentence(""), Sentence(N_("Print the shapes and types of the operands in the line before."))
)


def explain(failure: Failure) -> Diagnosis:
    """Return the cause of a failure; ``UNKNOWN`` where none applies."""
    for cause in CAUSES:
        explained = cause.explain(failure)
        if explained is not None:
            return explained
    return UNKNOWN


def watches(progress: Progress) -> list[Watch]:
    """Return a new watch of every kind."""
    return [kind(progress) for kind in WATCHES]
