"""What the drawing in the browser is given: a walk's tensors, its steps and every word on it."""

from __future__ import annotations

from typing import Any

from core.errors import InvalidSetting
from core.ops import dropout
from core.trace import autograd_graph
from core.trace.forward import DROPOUTS
from core.trace.records import BackwardNode, Operation
from core.walk import scene, source_code, step_sentences, walk
from core.walk.cell_explanation import add_saved
from core.walk.network_view import network_view
from core.walk.scene import CheckData, NetworkData, StepData, Tensors
from core.walk.walk import Check, Step, Walk
from pages.parts.lenet import labels
from pages.shared import picture
from pages.shared.language import _, sentence

POOLINGS = ("max_pool2d", "avg_pool2d", "adaptive_avg_pool2d")
SHAPED = (*POOLINGS, "view", "flatten")  # operations whose words name the shapes


def described(taken: Walk, key: str) -> tuple[dict[str, Any], Tensors]:
    """Return what the walk's message says beside its tensors, in the reader's language, and the tensors."""
    tensors = Tensors()
    source = source_code.network_listing(taken.setup.network)
    code = source_code.step_listing(taken.setup.choice, taken.setup.call)
    steps = [_step(taken, tensors, source, step) for step in taken.steps]
    add_saved(taken, tensors)
    drawn, note = _picture(taken, tensors)
    header = {
        "key": key,
        "labels": labels.of_stage(),
        "tensors": tensors.described,
        "steps": steps,
        "picture": drawn,
        "pictureNote": note,
        "pictureWords": picture.words(),
        "listings": [
            {"title": source.title, "lines": source.lines, "first": source.first},
            {"title": code.title, "lines": code.lines, "first": 0},
        ],
        "loss": None if taken.loss is None else _number(taken.loss),
        "lossAfter": None if taken.loss_after is None else _number(taken.loss_after),
    }
    return header, tensors


def _picture(taken: Walk, tensors: Tensors) -> tuple[NetworkData | None, str]:
    """Return the picture of the network, or why there is none."""
    try:
        return network_view(taken, tensors), ""
    except InvalidSetting as refused:
        return None, sentence(refused)


def _compared(taken: Walk, step: Step) -> Check | None:
    """Compare by hand; a reader's own module may call an operation in a way that is not written out."""
    try:
        return walk.check(taken, step)
    except Exception:
        if taken.setup.choice.network != "own":
            raise
        return None


def _step(taken: Walk, tensors: Tensors, source: source_code.Listing, step: Step) -> StepData:
    given, returned = scene.shapes(taken, step)
    operation = None if step.operation is None else taken.record.operations[step.operation]
    return {
        "phase": step.phase,
        "name": _name(taken, step),
        "module": "" if operation is None else operation.module,
        "words": _words(taken, step),
        "note": _note(taken, step),
        "in": given,
        "out": returned,
        "operation": step.operation,
        "groups": scene.groups(taken, tensors, step),
        "lit": [
            [[light.line, light.start, light.end] for light in source_code.light_of_network(taken, source, step)],
            [[light.line, light.start, light.end] for light in source_code.light_of_step(taken.setup.choice, step)],
        ],
        "check": _check(_compared(taken, step)),
    }


def _name(taken: Walk, step: Step) -> str:
    if step.node is not None:
        node = taken.record.backward[step.node]
        return f"{node.name} · {node.parameter}" if node.parameter else node.name
    if step.operation is not None:
        return taken.record.operations[step.operation].name
    return {"zero_grad": "zero_grad()", "step": "optimizer.step()", "after": _("the new loss")}[step.phase]


def _words(taken: Walk, step: Step) -> str:
    operation = None if step.operation is None else taken.record.operations[step.operation]
    if step.node is not None:
        return _(_meaning(taken, taken.record.backward[step.node]))
    if operation is not None:
        return _(step_sentences.UNSEEN if operation.unseen else step_sentences.of_operation(operation.name))
    return _(step_sentences.PHASES[step.phase])


def _meaning(taken: Walk, node: BackwardNode) -> str:
    """Return the sentence of a node; those of leaves that only a nested backward reached are not in the graph."""
    graph = taken.record.graph
    known = graph is not None and node.id < len(graph.nodes)
    return graph.nodes[node.id].meaning if graph and known else autograd_graph.meaning_of(node.name)


def _note(taken: Walk, step: Step) -> str:
    """Return what is special here and now: a loss's number, a dropout that sleeps, a choice that surprises."""
    if step.phase == "loss" and taken.loss is not None:
        remarks = _remarks(taken)
        operation = None if step.operation is None else taken.record.operations[step.operation]
        reduction = None if operation is None else operation.call.options.get("reduction")
        if reduction in step_sentences.REDUCTIONS:
            remarks.insert(0, _(step_sentences.REDUCTIONS[reduction]))
        return " ".join([_("The loss is {loss}.", loss=_number(taken.loss)), *remarks])
    if step.phase == "zero_grad" and taken.setup.own is not None:
        return " ".join(_remarks(taken))
    if step.phase == "after" and taken.loss is not None and taken.loss_after is not None:
        return _("{before} before, {after} after.", before=_number(taken.loss), after=_number(taken.loss_after))
    if step.operation is None or step.node is not None:
        return ""
    return of_operation(taken.record.operations[step.operation])


def of_operation(operation: Operation) -> str:
    """Return what depends on this operation's own arguments and shapes."""
    options = operation.call.options
    if operation.name in DROPOUTS and not dropout.training(operation.call):
        return _("In eval mode dropout does nothing: torch returns the very same tensor.")
    if operation.name == "batch_norm":
        return _(step_sentences.BATCH_NORM[bool(options.get("training", True))])
    if operation.name not in SHAPED:
        return ""
    given, returned = next(iter(operation.call.tensors.values())).shape, operation.call.output.shape
    if operation.name in POOLINGS:
        before, after = ("×".join(map(str, shape[-2:])) for shape in (given, returned))
        return _("Here height and width go from {before} to {after}.", before=before, after=after)
    return _("Here the shape goes from {before} to {after}.", before=tuple(given), after=tuple(returned))


def _remarks(taken: Walk) -> list[str]:
    remarks = [_(note) for note in taken.setup.notes]
    if taken.record.output_path:
        count, picked = taken.record.outputs, f"output{taken.record.output_path}"
        remarks.append(
            _("Of the {count} tensors that the network returns, {picked} is used.", count=count, picked=picked)
        )
    return remarks


def _number(x: float) -> str:
    return f"{x:.6g}"


def _check(found: Check | None) -> CheckData | None:
    if found is None:
        return None
    text = f"{found.difference:.2g}" if found.difference else "0"
    return CheckData(difference=text, cells=found.cells, fine=found.fine, beyond=found.beyond)
