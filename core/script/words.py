"""The words of the viewer of a record: the page shows them, and a file that opens from disk holds them."""

from __future__ import annotations

from core.errors import N_
from core.i18n import translate

WORDS = {
    "editor": N_("Your program"),
    "ran": N_("{lines} lines and {operations} operations in {seconds} s"),
    "well": N_("The program ran to its end, and nothing looks wrong."),
    "line": N_("Line {line}"),
    "finding": N_("This raises no error, but it is a mistake"),
    "why": N_("Why"),
    "change": N_("What to change"),
    "repaired_line": N_("Line {line}:"),
    "tensor": N_("tensor"),
    "shape": N_("shape"),
    "dtype": N_("dtype"),
    "device": N_("device"),
    "prints": N_("Printed"),
    "left_out": N_("… {count} left out …"),
    "no_prints": N_("The program printed nothing."),
    "result": N_("Result"),
    "steps": N_("Steps"),
    "curves": N_("Curves"),
    "pace": N_("What one step is"),
    "by_line": N_("by line"),
    "by_operation": N_("by operation"),
    "by_iteration": N_("by iteration"),
    "back": N_("One step back"),
    "forward": N_("One step forward"),
    "timeline": N_("The run, from its beginning to its end"),
    "moment": N_("{number} of {count} · line {line}"),
    "iteration": N_("Iteration {number} of {count}"),
    "turn": N_("Time {number} of {kept} recorded; this line ran {count} times"),
    "gap": N_("{count} are left out before this one."),
    "nothing": N_("Nothing was recorded."),
    "inputs": N_("Inputs"),
    "outputs": N_("Output"),
    "nodes": N_("{count} nodes of the graph ran, in this order: step on to see each."),
    "arrives": N_("The gradient that arrives here:"),
    "leaf": N_("This gradient is added to {name}.grad:"),
    "parameter": N_("parameter"),
    "norm_before": N_("norm before"),
    "norm_gradient": N_("norm of the gradient"),
    "norm_after": N_("norm after"),
    "before_line": N_("Just before this line runs."),
    "after_return": N_("After the last line."),
    "at_exception": N_("An error leaves here."),
    "inside": N_("Inside {name}."),
    "variables": N_("Variables"),
    "changed": N_("changed"),
    "numbers": N_("{min} to {max}, mean {mean}"),
    "part": N_("shown: {index}"),
    "printed_curves": N_("Printed numbers"),
    "assigned_curves": N_("Variables"),
    "gradient_curves": N_("Norms of gradients"),
    "parameter_curves": N_("Norms of parameters"),
    "rate_curves": N_("Learning rate"),
    "no_curves": N_("No number repeats in this run."),
    "from_to": N_("{first} → {last}"),
    "range": N_("{low} to {high}; {count} values, {kept} drawn"),
    "more": N_("{count} more"),
    "put_in": N_("Change it in the editor"),
}


def of_viewer(language: str) -> dict[str, str]:
    """Return the words by name in ``language``; ``ViewerWords`` in JavaScript."""
    return {name: translate(language, text) for name, text in WORDS.items()}
