"""What is told of a step that was taken: its tensors, its steps, and every sentence on it."""

from __future__ import annotations

from collections.abc import Callable

from core import i18n
from core.errors import N_
from core.live.instrument import Ask
from core.live.lenet.source import Taken
from core.ops import dropout
from core.trace import autograd_graph
from core.trace.forward import DROPOUTS
from core.trace.records import BackwardNode, Operation
from core.walk import scene, source_code, step_sentences, walk
from core.walk.scene import CheckData, StepData, Tensors, WalkHeader
from core.walk.walk import Check, Step, Walk

POOLINGS = ("max_pool2d", "avg_pool2d", "adaptive_avg_pool2d")
SHAPED = (*POOLINGS, "view", "flatten")  # operations whose words name the shapes


Say = Callable[..., str]  # a sentence and its values, in the language of the tab


def described(step: Taken, ask: Ask) -> WalkHeader:
    """Return what is told of a step beside the numbers of its tensors; ``checks`` come later."""
    taken, tensors = step.walk, step.tensors
    source = source_code.network_listing(taken.setup.network)
    code = source_code.step_listing(taken.setup.choice, taken.setup.call)
    return {
        "key": step.key,
        "tensors": tensors.described,
        "steps": [_step(taken, tensors, source, each, ask.say) for each in taken.steps],
        "picture": step.picture,
        "pictureNote": i18n.translate_error(ask.language, step.no_picture) if step.no_picture else "",
        "listings": [
            {"title": source.title, "lines": list(source.lines), "first": source.first},
            {"title": code.title, "lines": list(code.lines), "first": 0},
        ],
        "loss": None if taken.loss is None else _number(taken.loss),
        "lossAfter": None if taken.loss_after is None else _number(taken.loss_after),
    }


def checks(taken: Walk) -> list[CheckData | None]:
    """Compare each step with the arithmetic by hand, which takes longer than the step itself."""
    return [_check(_compared(taken, step)) for step in taken.steps]


def _compared(taken: Walk, step: Step) -> Check | None:
    """Compare by hand; a reader's own module may call an operation in a way that is not written out."""
    try:
        return walk.check(taken, step)
    except Exception:
        if taken.setup.choice.network != "own":
            raise
        return None


def _step(taken: Walk, tensors: Tensors, source: source_code.Listing, step: Step, say: Say) -> StepData:
    given, returned = scene.shapes(taken, step)
    operation = None if step.operation is None else taken.record.operations[step.operation]
    return {
        "phase": step.phase,
        "name": _name(taken, step, say),
        "module": "" if operation is None else operation.module,
        "words": _words(taken, step, say),
        "note": _note(taken, step, say),
        "in": given,
        "out": returned,
        "operation": step.operation,
        "groups": scene.groups(taken, tensors, step),
        "lit": [
            [[light.line, light.start, light.end] for light in source_code.light_of_network(taken, source, step)],
            [[light.line, light.start, light.end] for light in source_code.light_of_step(taken.setup.choice, step)],
        ],
        "check": None,
    }


def _name(taken: Walk, step: Step, say: Say) -> str:
    if step.node is not None:
        node = taken.record.backward[step.node]
        return f"{node.name} · {node.parameter}" if node.parameter else node.name
    if step.operation is not None:
        return taken.record.operations[step.operation].name
    return {"zero_grad": "zero_grad()", "step": "optimizer.step()", "after": say(N_("the new loss"))}[step.phase]


def _words(taken: Walk, step: Step, say: Say) -> str:
    operation = None if step.operation is None else taken.record.operations[step.operation]
    if step.node is not None:
        return say(_meaning(taken, taken.record.backward[step.node]))
    if operation is not None:
        return say(step_sentences.UNSEEN if operation.unseen else step_sentences.of_operation(operation.name))
    return say(step_sentences.PHASES[step.phase])


def _meaning(taken: Walk, node: BackwardNode) -> str:
    """Return the sentence of a node; those of leaves that only a nested backward reached are not in the graph."""
    graph = taken.record.graph
    known = graph is not None and node.id < len(graph.nodes)
    return graph.nodes[node.id].meaning if graph and known else autograd_graph.meaning_of(node.name)


def _note(taken: Walk, step: Step, say: Say) -> str:
    """Return what is special here and now: a loss's number, a dropout that sleeps, a choice that surprises."""
    if step.phase == "loss" and taken.loss is not None:
        remarks = _remarks(taken, say)
        operation = None if step.operation is None else taken.record.operations[step.operation]
        reduction = None if operation is None else operation.call.options.get("reduction")
        if reduction in step_sentences.REDUCTIONS:
            remarks.insert(0, say(step_sentences.REDUCTIONS[reduction]))
        return " ".join([say(N_("The loss is {loss}."), loss=_number(taken.loss)), *remarks])
    if step.phase == "zero_grad" and taken.setup.own is not None:
        return " ".join(_remarks(taken, say))
    if step.phase == "after" and taken.loss is not None and taken.loss_after is not None:
        return say(
            N_("{before} before, {after} after."), before=_number(taken.loss), after=_number(taken.loss_after)
        )
    if step.operation is None or step.node is not None:
        return ""
    return of_operation(taken.record.operations[step.operation], say)


def of_operation(operation: Operation, say: Say) -> str:
    """Return what depends on this operation's own arguments and shapes."""
    options = operation.call.options
    if operation.name in DROPOUTS and not dropout.training(operation.call):
        return say(N_("In eval mode dropout does nothing: torch returns the very same tensor."))
    if operation.name == "batch_norm":
        return say(step_sentences.BATCH_NORM[bool(options.get("training", True))])
    if operation.name not in SHAPED:
        return ""
    given, returned = next(iter(operation.call.tensors.values())).shape, operation.call.output.shape
    if operation.name in POOLINGS:
        before, after = ("×".join(map(str, shape[-2:])) for shape in (given, returned))
        return say(N_("Here height and width go from {before} to {after}."), before=before, after=after)
    return say(N_("Here the shape goes from {before} to {after}."), before=tuple(given), after=tuple(returned))


def _remarks(taken: Walk, say: Say) -> list[str]:
    remarks = [say(note) for note in taken.setup.notes]
    if taken.record.output_path:
        count, picked = taken.record.outputs, f"output{taken.record.output_path}"
        remarks.append(
            say(
                N_("Of the {count} tensors that the network returns, {picked} is used."), count=count, picked=picked
            )
        )
    return remarks


def _number(x: float) -> str:
    return f"{x:.6g}"


def _check(found: Check | None) -> CheckData | None:
    if found is None:
        return None
    text = f"{found.difference:.2g}" if found.difference else "0"
    return CheckData(difference=text, cells=found.cells, fine=found.fine, beyond=found.beyond)
