"""What is told of a step that was taken: its tensors, its steps, and every sentence on it."""

from __future__ import annotations

from collections.abc import Callable

from core import i18n
from core.errors import N_
from core.live.instrument import Array, Ask
from core.live.lenet.source import TakenStep
from core.ops import dropout
from core.trace import autograd_graph
from core.trace.forward import DROPOUTS
from core.trace.trace_record import BackwardNode, Operation
from core.walk import scene, source_code, step_sentences
from core.walk.scene import CheckData, StepData, WalkHeader
from core.walk.walk import Check, Step, Walk, check

POOLINGS = ("max_pool2d", "avg_pool2d", "adaptive_avg_pool2d")
SHAPED = (*POOLINGS, "view", "flatten")  # operations whose words name the shapes


Say = Callable[..., str]  # a sentence and its values, in the language of the tab


def walk_message(step: TakenStep, ask: Ask, base: TakenStep | None = None) -> tuple[WalkHeader, list[Array]]:
    """Return what is told of a step, and the numbers of its tensors; ``check_data`` of each operation comes later.

    What the browser has in the step ``base`` is not sent again.
    """
    walk = step.walk
    tensors, numbers = step.tensors.message(base.tensors if base else None)
    source = source_code.network_listing(walk.setup.network)
    code = source_code.step_listing(walk.setup.choice, walk.setup.call)
    header: WalkHeader = {
        "key": step.key,
        "base": str(ask.settings["known"]) if base else "",
        "tensors": tensors,
        "steps": [_step(walk, source, each, ask.say) for each in walk.steps],
        "groups": None if base is not None and base.groups == step.groups else step.groups,
        "picture": step.picture,
        "pictureNote": i18n.translate_error(ask.language, step.no_picture) if step.no_picture else "",
        "listings": [
            {"title": source.title, "lines": list(source.lines), "first": source.first},
            {"title": code.title, "lines": list(code.lines), "first": 0},
        ],
    }
    return header, numbers


def check_data(walk: Walk, step: Step) -> CheckData | None:
    """Compare ``step`` with the arithmetic by hand; None where there is nothing to compare."""
    return _check(_compared(walk, step))


def _compared(walk: Walk, step: Step) -> Check | None:
    """Compare by hand; a reader's own module may call an operation in a way that is not written out."""
    try:
        return check(walk, step)
    except Exception:
        if walk.setup.choice.network != "own":
            raise
        return None


def _step(walk: Walk, source: source_code.Listing, step: Step, say: Say) -> StepData:
    inputs, outputs = scene.shapes(walk, step)
    operation = None if step.operation is None else walk.record.operations[step.operation]
    return {
        "phase": step.phase,
        "name": _name(walk, step, say),
        "module": "" if operation is None else operation.module,
        "words": _words(walk, step, say),
        "note": _note(walk, step, say),
        "in": inputs,
        "out": outputs,
        "lit": [
            [[light.line, light.start, light.end] for light in source_code.light_of_network(walk, source, step)],
            [[light.line, light.start, light.end] for light in source_code.light_of_step(walk.setup.choice, step)],
        ],
        "check": None,
    }


def _name(walk: Walk, step: Step, say: Say) -> str:
    if step.node is not None:
        node = walk.record.backward[step.node]
        return f"{node.name} · {node.parameter}" if node.parameter else node.name
    if step.operation is not None:
        return walk.record.operations[step.operation].name
    return {"zero_grad": "zero_grad()", "step": "optimizer.step()", "after": say(N_("the new loss"))}[step.phase]


def _words(walk: Walk, step: Step, say: Say) -> str:
    operation = None if step.operation is None else walk.record.operations[step.operation]
    if step.node is not None:
        return say(_meaning(walk, walk.record.backward[step.node]))
    if operation is not None:
        return say(step_sentences.UNSEEN if operation.unseen else step_sentences.of_operation(operation.name))
    return say(step_sentences.PHASES[step.phase])


def _meaning(walk: Walk, node: BackwardNode) -> str:
    """Return the sentence of a node; those of leaves that only a nested backward reached are not in the graph."""
    graph = walk.record.graph
    is_in_graph = graph is not None and node.id < len(graph.nodes)
    return graph.nodes[node.id].meaning if graph and is_in_graph else autograd_graph.meaning_of(node.name)


def _note(walk: Walk, step: Step, say: Say) -> str:
    """Return what is special here and now: a loss's number, a dropout that sleeps, a choice that surprises."""
    if step.phase == "loss" and walk.loss is not None:
        remarks = _remarks(walk, say)
        operation = None if step.operation is None else walk.record.operations[step.operation]
        reduction = None if operation is None else operation.call.options.get("reduction")
        if reduction in step_sentences.REDUCTIONS:
            remarks.insert(0, say(step_sentences.REDUCTIONS[reduction]))
        return " ".join([say(N_("The loss is {loss}."), loss=_number(walk.loss)), *remarks])
    if step.phase == "zero_grad" and walk.setup.own is not None:
        return " ".join(_remarks(walk, say))
    if step.phase == "after" and walk.loss is not None and walk.loss_after is not None:
        return say(N_("{before} before, {after} after."), before=_number(walk.loss), after=_number(walk.loss_after))
    if step.operation is None or step.node is not None:
        return ""
    return of_operation(walk.record.operations[step.operation], say)


def of_operation(operation: Operation, say: Say) -> str:
    """Return what depends on this operation's own arguments and shapes."""
    options = operation.call.options
    if operation.name in DROPOUTS and not dropout.training(operation.call):
        return say(N_("In eval mode dropout does nothing: torch returns the very same tensor."))
    if operation.name == "batch_norm":
        return say(step_sentences.BATCH_NORM[bool(options.get("training", True))])
    if operation.name not in SHAPED:
        return ""
    shape_in, shape_out = next(iter(operation.call.tensors.values())).shape, operation.call.output.shape
    if operation.name in POOLINGS:
        before, after = ("×".join(map(str, shape[-2:])) for shape in (shape_in, shape_out))
        return say(N_("Here height and width go from {before} to {after}."), before=before, after=after)
    return say(N_("Here the shape goes from {before} to {after}."), before=tuple(shape_in), after=tuple(shape_out))


def _remarks(walk: Walk, say: Say) -> list[str]:
    remarks = [say(note) for note in walk.setup.notes]
    if walk.record.output_path:
        count, picked = walk.record.outputs, f"output{walk.record.output_path}"
        remarks.append(
            say(
                N_("Of the {count} tensors that the network returns, {picked} is used."), count=count, picked=picked
            )
        )
    return remarks


def _number(x: float) -> str:
    return f"{x:.6g}"


def _check(comparison: Check | None) -> CheckData | None:
    if comparison is None:
        return None
    text = f"{comparison.difference:.2g}" if comparison.difference else "0"
    return CheckData(difference=text, cells=comparison.cells, fine=comparison.fine, beyond=comparison.beyond)
