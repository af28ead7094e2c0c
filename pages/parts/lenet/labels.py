"""The words that the drawings in the browser show, in the reader's language."""

from __future__ import annotations

from typing import TypedDict

from pages.shared.language import _


def of_step() -> dict[str, str]:
    """Return the words of the timeline, the tensors and the opened cell."""
    return {
        "zero_grad": "zero_grad",
        "forward": _("forward"),
        "loss": _("loss"),
        "backward": _("backward"),
        "step": _("update"),
        "after": _("new loss"),
        "timeline": _("Timeline of the training step"),
        "previous": _("Previous step"),
        "next": _("Next step"),
        "play": _("Play"),
        "pause": _("Pause"),
        "slower": _("Pace"),
        "keys": _("← → step · Page Up/Down phase · Space play · Enter closer · Esc up"),
        "network": _("Network"),
        "of_values": _("Values"),
        "of_gradients": _("Gradients"),
        "of_weights": _("Weights"),
        "of_weight_gradients": _("Gradients of the weights"),
        "to_step": _("Go to the step of {layer}", layer="{layer}"),
        "layer": _("This step"),
        "number": _("One number"),
        "per_map": _("scale per map"),
        "in_map": _("in this map"),
        "shared": _("one scale"),
        "scale": _("Colour scale"),
        "peek": _("Show gradients to come"),
        "ask": _("Let me predict shapes"),
        "value": _("value"),
        "grad": _("gradient"),
        "part": _("gradient through this use"),
        "no_grad": _("no gradient: requires_grad is False"),
        "no_flow": _("no gradient: nothing flowed back to this tensor"),
        "complex": _("complex: real and imaginary part side by side, as torch.view_as_real"),
        "sparse": _("sparse: drawn with its zeros"),
        "none": _(".grad is None"),
        "before": _("before"),
        "change": _("change (new − old)"),
        "after_value": _("after"),
        "later": _("its gradient comes in the backward pass"),
        "input_role": _("goes in"),
        "output_role": _("comes out"),
        "leaf_role": _("leaf"),
        "parameter_role": _("parameter"),
        "reads": _("reads"),
        "gives": _("gives"),
        "badge": _("by hand and torch differ by at most {difference} in {cells} {cells:number|numbers}"),
        "badge_equal": _("by hand and torch agree to the last bit in {cells} {cells:number|numbers}"),
        "badge_beyond": _(
            "by hand and torch differ by at most {difference} in {cells} {cells:number|numbers}; {beyond} of "
            "them, or a number on"
            " the way, are larger than their dtype holds: torch has inf or nan"
        ),
        "no_badge": _("nothing to compare at this step"),
        "not_written": _("arithmetic not written out: the numbers are torch's"),
        "click": _("Press any cell to see what made it."),
        "by_hand": _("by hand"),
        "torch": "torch",
        "difference": _("difference"),
        "terms": _("terms"),
        "zeros": _("{count} {count:term is|terms are} 0", count="{count}"),
        "sum": _("sum"),
        "max": _("largest"),
        "up": _("Up"),
        "cells_from": _("{count} highlighted"),
        "waiting": _("opening …"),
        "question": _("Which shape comes out? For example 1, 6, 28, 28"),
        "check": _("Check"),
        "reveal": _("Show me"),
        "right": _("Yes: {shape}"),
        "wrong": _("It is {shape}"),
        "winner": _("winner"),
        "padding": _("padding"),
        "dropped": _("dropped"),
        "exact": _("Rounded to the weight's precision, this is torch's new weight to the last bit."),
        "rounding": _("torch rounds after each line: it got {torch}, a difference of {difference}."),
        "cut": _("only the first {count} numbers are drawn"),
        "what_if": _("what-if"),
        "what_if_title": _("What-if"),
        "set": _("What if this number were another one? Drag the slider or type."),
        "set_value": _("New value of {name}", name="{name}"),
        "was": _("was {before}", before="{before}"),
        "undo": _("Undo"),
        "reset": _("Reset"),
        "more": _("and {count} more", count="{count}"),
        "of_loss": _("Loss"),
        "of_class": _("Class"),
        "follows": _("What follows"),
        "effect": _(
            "{cells} of {size} {size:number|numbers}, by at most {largest}",
            cells="{cells}",
            size="{size}",
            largest="{largest}",
        ),
        "no_effect": _("nothing changes"),
        "forward_only": _(
            "A what-if computes the forward pass and the loss again. Gradients and the update are those of the step"
            " that was taken, without your change."
        ),
        "supposed": _("These numbers are PyTorch's too, with your change in them."),
    }


class GraphWords(TypedDict):
    """The words of the autograd graph."""

    graph: str
    pick: str
    go: str
    saved: str
    nothing_saved: str
    slot: str
    leaf: str
    inner: str


def of_graph() -> GraphWords:
    """Return the words of the autograd graph."""
    return {
        "saved": _("Saved for the backward pass"),
        "nothing_saved": _("It saved nothing."),
        "leaf": _("leaf (is_leaf = True, requires_grad = True)"),
        "inner": _("made by an operation (is_leaf = False): its .grad is not kept"),
        "go": _("Go to its step"),
        "graph": _("Autograd graph, from the loss down to the leaves"),
        "pick": _("Press a node to see what it is."),
        "slot": _("shape"),
    }
