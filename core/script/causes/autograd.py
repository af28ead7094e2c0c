"""The graph: backward twice, nothing to go back through, changes in place, gradients that are None."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from torch import Tensor, optim
from torch.autograd.graph import Node
from torch.optim import Optimizer

from core.errors import N_
from core.script.causes.silent_graphs import PenaltyWithoutGraph
from core.script.causes.table import Cause, Details, assignments_to, located, optional, whole
from core.script.failure import Failure, value_of
from core.script.graph import behind
from core.script.kinds import is_a
from core.script.source import in_place, last_name
from core.script.tensor_facts import grad_fn

Groups = Mapping[str, str]
VIEWS = ("AccumulateGrad", "ViewBackward", "ReshapeAliasBackward", "ExpandBackward", "TBackward")
CUTS = (
    "detach",
    "item",
    "argmax",
    "argmin",
    "argsort",
    "multinomial",
    "numpy",
    "tolist",
    "no_grad",
    "round",
    "inference_mode",
)


def _cut(failure: Failure, _groups: Groups) -> Details | None:
    """Where the graph is cut: the nearest line above with ``detach()`` and the like, or a new tensor of numbers."""
    here = failure.source.line(failure.line)
    if ".data.backward(" in here:
        return {"word": ".data", "line": failure.line, "code": here.replace(".data.backward(", ".backward(", 1)}
    for number in _lines_before(failure):
        line = failure.source.line(number)
        for word in CUTS:
            if re.search(rf"\b{word}\(", line):
                if word == "detach":
                    return {"word": word, "line": number, "code": line.replace(".detach()", "", 1)}
                return {"word": word, "where": number}
        data = _data_of(failure, number)
        if data is not None:
            return {"word": ".data", "line": number, "code": data}
        if re.search(r"= torch\.tensor\([^\[]", line):
            return {"word": "torch.tensor", "where": number}
        if "requires_grad = False" in line or "requires_grad_(False)" in line:
            return {"word": "requires_grad = False", "where": number}
    return None


def _lines_before(failure: Failure) -> Iterator[int]:
    """Give the lines above the failing one, then those of each function above the call that led here."""
    first = failure.line
    yield from range(first, 0, -1)
    for caller in failure.callers:
        yield from (number for number in range(caller, first, -1))
        first = max(first, caller)


def _no_second(failure: Failure, _groups: Groups) -> Details | None:
    """The gradient of a gradient: the first ``torch.autograd.grad`` made no graph of it."""
    node, result = located(failure), failure.tensor("outputs") or next(iter(failure.tensors), None)
    if (
        not isinstance(node, ast.Call)
        or last_name(node.func) != "grad"
        or result is None
        or result[1].requires_grad
    ):
        return None
    makers = {"grad", failure.function}
    gradients = {
        name.id
        for part in ast.walk(failure.source.tree)
        if isinstance(part, ast.Assign)
        and any(isinstance(one, ast.Call) and last_name(one.func) in makers for one in ast.walk(part.value))
        for name in ast.walk(part.targets[0])
        if isinstance(name, ast.Name)
    }
    lines = " ".join(failure.source.line(number) for number in (failure.line, *failure.callers[:1]))
    if not any(re.search(rf"\bgrad\w*\(\W*{name}\b|\b{failure.function}\({name}\b", lines) for name in gradients):
        return None
    return _create_graph(failure) or {}


def _create_graph(failure: Failure) -> Details | None:
    """Return the first call of grad that makes no graph, with ``create_graph=True``."""
    for call in failure.source.calls("grad"):
        flag = next((one.value for one in call.keywords if one.arg == "create_graph"), None)
        if isinstance(flag, ast.Constant) and flag.value is False:
            return {"line": flag.lineno, "code": failure.source.with_change(flag, "True")}
        if flag is None and call.end_lineno == call.lineno:
            text = failure.source.segment(call)
            return {
                "line": call.lineno,
                "code": failure.source.with_change(call, text[:-1] + ", create_graph=True)"),
            }
    return None


def _without_graph(failure: Failure, _groups: Groups) -> Details | None:
    """A loss that was computed from the result of ``torch.autograd.grad``, such as a physics-informed one."""
    loss = failure.tensors[0][1] if failure.tensors else None
    for watch in failure.recorder.watches if failure.recorder is not None else ():
        where = watch.line_of(loss) if isinstance(watch, PenaltyWithoutGraph) else 0
        if where:
            return {"where": where} | dict(_create_graph(failure) or {})
    return None


def _made_under_no_grad(failure: Failure, _groups: Groups) -> Details | None:
    """``w = w - lr * w.grad`` under no_grad: the new tensor w requires no gradient."""
    for node in ast.walk(failure.source.tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                tensor, change = failure.variables.get(name), in_place(failure.source, name, value)
                became = is_a(tensor, Tensor) and not tensor.requires_grad
                if became and change is not None and f"{name}.grad" in change:
                    return {"name": name, "line": node.lineno, "code": change}
    return None


def _asked_of(failure: Failure, _groups: Groups) -> Details | None:
    """The tensor whose gradient ``torch.autograd.grad`` is asked for, made without requires_grad."""
    inputs = failure.arguments.get("inputs")
    among = [inputs] if is_a(inputs, Tensor) else list(inputs) if is_a(inputs, list | tuple) else []
    without = {id(one) for one in among if is_a(one, Tensor) and not one.requires_grad}
    name = next((name for name, tensor in failure.tensors if id(tensor) in without), "")
    return {"name": name} if name else None


def _data_of(failure: Failure, line: int) -> str | None:
    """Return a line that assigns ``tensor.data`` without it: of a call, or of a name that is a tensor."""
    for node in ast.walk(failure.source.tree):
        match node:
            case ast.Assign(value=ast.Attribute(value=owner, attr="data")) if node.lineno == line:
                is_tensor = isinstance(owner, ast.Name) and is_a(failure.variables.get(owner.id), Tensor)
                if is_tensor or isinstance(owner, ast.Call):
                    return failure.source.with_change(node.value, failure.source.segment(owner))
    return None


def _no_leaf(failure: Failure, _groups: Groups) -> Details | None:
    """A tensor of the program that was made without requires_grad: the last one, and better one called w."""
    assignments: list[ast.Assign] = []
    for node in ast.walk(failure.source.tree):
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Call)
            and isinstance(node.targets[0], ast.Name)
        ):
            value = failure.variables.get(node.targets[0].id)
            can_be = is_a(value, Tensor) and value.is_floating_point() and not value.requires_grad
            if can_be and _is_maker(node.value):
                assignments.append(node)
    if not assignments:
        return {}
    assignment = sorted(
        assignments, key=lambda node: (str(getattr(node.targets[0], "id", ""))[:1] in "wb", node.lineno)
    )[-1]
    text = failure.source.segment(assignment.value)
    change = failure.source.with_change(assignment.value, text[:-1] + ", requires_grad=True)")
    return {"line": assignment.value.lineno, "code": change}


def _is_maker(call: ast.Call) -> bool:
    return last_name(call.func) in ("tensor", "randn", "rand", "zeros", "ones", "full")


def _twice(failure: Failure, _groups: Groups) -> Details | None:
    """Two calls of backward on one loss: the first of them needs retain_graph."""
    calls = [call for call in failure.source.calls("backward") if isinstance(call.func, ast.Attribute)]
    here = ast.unparse(calls[0].func) if calls else ""
    same = [call for call in calls if ast.unparse(call.func) == here]
    if len(same) > 1 and not same[0].args and not same[0].keywords and _is_one_value(failure, same[0], same[1]):
        change = failure.source.with_change(same[0], f"{here}(retain_graph=True)")
        return {"line": same[0].lineno, "code": change}
    return None


def _is_one_value(failure: Failure, first: ast.Call, second: ast.Call) -> bool:
    """Return whether two calls in one function are of the same loss: its name gets no other value between them."""
    functions = [node for node in ast.walk(failure.source.tree) if isinstance(node, ast.FunctionDef)]
    around = [[one for one in functions if call in ast.walk(one)] for call in (first, second)]
    names = [node.id for node in ast.walk(first.func) if isinstance(node, ast.Name)]
    again = any(first.lineno < line < second.lineno for name in names for line in _lines_of_stores(failure, name))
    return around[0] == around[1] and not again


def _carried(failure: Failure, _groups: Groups) -> Details | None:
    """A state that goes from one step into the next: an assignment whose value uses its own name, in a loop."""
    for loop in [node for node in ast.walk(failure.source.tree) if isinstance(node, ast.For | ast.While)]:
        for node in [part for part in ast.walk(loop) if isinstance(part, ast.Assign)]:
            targets = [one.id for one in ast.walk(node.targets[0]) if isinstance(one, ast.Name)]
            used = {one.id for one in ast.walk(node.value) if isinstance(one, ast.Name)}
            for name in reversed(targets):
                value = failure.variables.get(name)
                carries = is_a(value, Tensor) and value.grad_fn is not None
                if name in used and (carries or is_a(value, tuple)):
                    detach = f"{name} = {name}.detach()"
                    if is_a(value, tuple):
                        detach = f"{name} = tuple(part.detach() for part in {name})"
                    return {"name": name, "repair": detach, "where": loop.lineno}
    return None


def _before_loop(failure: Failure, _groups: Groups) -> Details | None:
    """A forward pass that stands before the loop whose backward uses it."""
    for loop in _loops(failure):
        for name in _from_before(failure, loop):
            return {"name": name, "where": loop.lineno}
    return None


def _loops(failure: Failure) -> list[ast.For | ast.While]:
    """Return the loops around the failing line, the outer ones first."""
    loops = [node for node in ast.walk(failure.source.tree) if isinstance(node, ast.For | ast.While)]
    return [loop for loop in loops if loop.lineno <= failure.line <= (loop.end_lineno or 0)]


def _from_before(failure: Failure, loop: ast.For | ast.While) -> list[str]:
    """Return the names of results that a loop uses and does not compute."""
    names = [node for node in ast.walk(loop) if isinstance(node, ast.Name)]
    stored = {name.id for name in names if isinstance(name.ctx, ast.Store)}
    values = {name.id: failure.variables.get(name.id) for name in names if name.id not in stored}
    return sorted(name for name, one in values.items() if is_a(one, Tensor) and one.grad_fn is not None)


def _made_by_others(failure: Failure, _groups: Groups) -> Details | None:
    """A result from before the loop, made by a network that no optimizer of the loop trains: a critic's loop."""
    for loop in _loops(failure):
        steps = [
            call.func.value
            for call in ast.walk(loop)
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "step"
        ]
        optimizers = [value_of(owner, failure.variables) for owner in steps]
        trained = {
            id(one)
            for optimizer in optimizers
            if is_a(optimizer, Optimizer)
            for group in optimizer.param_groups
            for one in group["params"]
        }
        for name in _from_before(failure, loop) if trained else ():
            leaves = _leaves(failure.variables[name])
            uses = [
                one
                for call in ast.walk(loop)
                if isinstance(call, ast.Call)
                for one in call.args
                if isinstance(one, ast.Name) and one.id == name
            ]
            if leaves and not leaves & trained and uses:
                change = failure.source.with_change(uses[0], f"{name}.detach()")
                return {"name": name, "where": loop.lineno, "line": uses[0].lineno, "code": change}
    return None


def _leaves(tensor: Tensor) -> set[int]:
    """Return the ids of the leaves behind a tensor."""
    nodes = _nodes(tensor)
    return {id(node.variable) for node in nodes if hasattr(node, "variable")}


def _inplace(failure: Failure, _groups: Groups) -> Details | None:
    """The last line that changed a tensor of the shape in torch's message in place."""
    shape = re.search(r"\[torch\.\w+ \[([\d, ]*)\]\]", failure.message)
    recorder = failure.recorder
    if shape is None or recorder is None:
        return None
    expected = tuple(int(part) for part in shape[1].split(",") if part.strip())
    for line, expression, changed in reversed(recorder.inplace):
        if changed in (expected, expected[::-1]) and line:
            values: dict[str, object] = {"where": line, "expression": expression}
            return values | _apart(failure, line)
    return None


def _apart(failure: Failure, line: int) -> dict[str, object]:
    """Return a line with ``h += x`` or ``relu_`` written as one that makes a new tensor."""
    text = failure.source.line(line)
    for node in ast.walk(failure.source.tree):
        if isinstance(node, ast.AugAssign) and node.lineno == line and isinstance(node.target, ast.Name):
            sign = {"Add": "+", "Sub": "-", "Mult": "*", "Div": "/"}.get(type(node.op).__name__)
            if sign:
                value = failure.source.segment(node.value)
                return {"line": line, "code": f"{node.target.id} = {node.target.id} {sign} {value}"}
        match node:
            case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name))]) if node.lineno == line:
                return {"line": line, "code": f"{name} = {name}.clone(); {text}"}
    if "inplace=True" in text:
        return {"line": line, "code": text.replace("inplace=True", "inplace=False")}
    for node in ast.walk(failure.source.tree):
        if isinstance(node, ast.Expr) and node.lineno == line and isinstance(node.value, ast.Call):
            function = node.value.func
            if isinstance(function, ast.Attribute) and function.attr.endswith("_"):
                owner = failure.source.segment(function.value)
                return {
                    "line": line,
                    "code": f"{owner} = " + text.replace(f"{function.attr}(", f"{function.attr[:-1]}("),
                }
    for number, row in enumerate(failure.source.lines, 1):
        if "inplace=True" in row:
            return {"line": number, "code": row.strip().replace("inplace=True", "inplace=False")}
    return {}


def _hooked(failure: Failure) -> Details:
    for number, row in enumerate(failure.source.lines, 1):
        if "inplace=True" in row:
            return {"line": number, "code": row.strip().replace("inplace=True", "inplace=False")}
    return {}


def _shared(failure: Failure, _groups: Groups) -> Details | None:
    """A result that goes into two losses, each with its own backward: the first use of it needs detach."""
    if len(failure.source.calls("backward")) < 2 or _has_one_optimizer(failure):
        return None
    uses: dict[str, list[ast.Name]] = {}
    calls = [node for node in ast.walk(failure.source.tree) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda one: one.lineno):
        for name in [one for one in call.args if isinstance(one, ast.Name)]:
            value = failure.variables.get(name.id)
            if is_a(value, Tensor) and value.grad_fn is not None and value.dim() > 0:
                uses.setdefault(name.id, []).append(name)
    for name_id, places in uses.items():
        stored = _lines_of_stores(failure, name_id)
        for first, second in pairwise(places):
            again = any(first.lineno <= line < second.lineno for line in stored)
            if not again and first.lineno < failure.line:
                change = failure.source.with_change(first, f"{name_id}.detach()")
                return {"name": name_id, "line": first.lineno, "code": change}
    return None


def _has_one_optimizer(failure: Failure) -> bool:
    """Return whether the program makes one optimizer: then no loss is for a part of the networks alone."""
    return len(failure.source.calls(*(name for name in vars(optim) if name[0].isupper()))) == 1


def _lines_of_stores(failure: Failure, name: str) -> list[int]:
    """Return the lines in which a name is given another value."""
    names = [node for node in ast.walk(failure.source.tree) if isinstance(node, ast.Name)]
    return [node.lineno for node in names if node.id == name and isinstance(node.ctx, ast.Store)]


def _one_graph(failure: Failure, _groups: Groups) -> Details | None:
    """Two losses, each with its own backward, that were computed from one result: the first keeps the graph."""
    node = located(failure)
    here = node.func.value if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else None
    second = value_of(here, failure.variables) if here is not None else None
    if here is None or not is_a(second, Tensor):
        return None
    for call in failure.source.calls("backward"):
        if not isinstance(call.func, ast.Attribute):
            continue
        owner = call.func.value
        first = value_of(owner, failure.variables)
        is_before = node is not None and (call.lineno, call.col_offset) < (node.lineno, node.col_offset)
        if not is_a(first, Tensor) or first is second or not is_before or call.keywords or call.args:
            continue
        if _graph(first) & _graph(second):
            text = failure.source.segment(call.func)
            change = failure.source.with_change(call, f"{text}(retain_graph=True)")
            names = {"first": failure.source.segment(owner), "second": failure.source.segment(here)}
            return names | {"line": call.lineno, "code": change}
    return None


def _graph(tensor: Tensor) -> set[Node]:
    """Return the nodes behind a tensor that keep something for the backward pass."""
    return {node for node in _nodes(tensor) if not node.name().split("::")[-1].startswith(VIEWS)}


def _nodes(tensor: Tensor) -> set[Node]:
    """Return the nodes behind a tensor."""
    return behind(grad_fn(tensor), 100_000)


def _step_between(failure: Failure, _groups: Groups) -> Details | None:
    """An optimizer's step changed weights that a second loss still goes back through."""
    recorder = failure.recorder
    return {} if recorder is not None and recorder.progress.steps else None


def _none_grad(failure: Failure, _groups: Groups) -> Details | None:
    """``w.grad`` in the expression, and it is None: w is no leaf, or backward has not run."""
    line = failure.source.line(failure.line)
    for name in re.findall(r"([\w.\[\]]+)\.grad\b", failure.expression + " " + line):
        value = failure.variables.get(name)
        if is_a(value, Tensor) and value.grad_fn is not None:
            return {"name": name, "kind": "result"}
        return {"name": name} if not is_a(value, Tensor) or value.grad is None else None
    return None


def _intermediate(failure: Failure, groups: Groups) -> Details | None:
    values = _none_grad(failure, groups)
    return values if values is not None and "kind" in values else None


CAUSES = (
    Cause(
        "backward_twice",
        r"backward through the graph a second time",
        N_("backward() frees what it needs of the graph, and a second call needs it again."),
        N_("Call backward() once, on the sum of the losses, or write retain_graph=True in the first call."),
        _twice,
    ),
    Cause(
        "state_not_detached",
        r"backward through the graph a second time",
        N_("{name} comes out of the step before, so this backward pass goes through that step's graph too."),
        N_("Cut it at the beginning of the loop in line {where}: {repair}"),
        _carried,
    ),
    Cause(
        "not_detached",
        r"backward through the graph a second time",
        N_(
            "{name} is computed before the loop in line {where} by a network that this loop does not train, and its"
            " first backward() frees the graph behind {name}."
        ),
        N_("Write {name}.detach() in the loop."),
        _made_by_others,
    ),
    Cause(
        "forward_outside_loop",
        r"backward through the graph a second time",
        N_("{name} is computed once, before the loop in line {where}, and its graph is gone after the first pass."),
        N_("Compute {name} inside the loop, or detach it where it must not be trained."),
        _before_loop,
    ),
    Cause(
        "not_detached",
        r"backward through the graph a second time",
        N_("{name} goes into two losses, and the first backward() frees the graph behind it."),
        N_("Write {name}.detach() where the first loss must not train what made it."),
        _shared,
    ),
    Cause(
        "backward_twice",
        r"backward through the graph a second time",
        N_("{first} and {second} come from one result, and the first backward() frees the graph behind it."),
        N_("Add them: ({first} + {second}).backward()"),
        _one_graph,
    ),
    Cause(
        "graph_freed",
        r"backward through the graph a second time",
        N_("A tensor of an earlier step is still in the graph, such as a hidden state kept in self."),
        N_("Detach it between the steps: self.state = h.detach()"),
    ),
    Cause(
        "graph_cut",
        r"does not require grad and does not have a grad_fn",
        N_("This is the gradient of a gradient, and the first call of grad made no graph of its result."),
        N_("Write create_graph=True in the first call."),
        _no_second,
    ),
    Cause(
        "create_graph",
        r"does not require grad and does not have a grad_fn",
        N_("The loss was computed from the gradient in line {where}, which has no graph of its own."),
        N_("Write torch.autograd.grad(…, create_graph=True)."),
        _without_graph,
    ),
    Cause(
        "requires_grad",
        r"[Oo]ne of the differentiated Tensors does not require grad",
        N_("The gradient of {name} is asked for, and {name} was made without requires_grad=True."),
        N_("Call {name}.requires_grad_() before the forward pass, or make it with requires_grad=True."),
        _asked_of,
    ),
    Cause(
        "parameter_rebound",
        r"does not require grad and does not have a grad_fn",
        N_("Under no_grad this made {name} the name of a new tensor, which requires no gradient."),
        N_("Change it in place."),
        _made_under_no_grad,
    ),
    Cause(
        "graph_cut",
        r"does not require grad and does not have a grad_fn",
        N_("{word} in line {where} decides on numbers, and a number that was decided on has no gradient."),
        N_("Give the loss the scores, as they come out of the model; {word} is for what is shown."),
        lambda failure, groups: (
            values if (values := _cut(failure, groups) or {}).get("word") in ("argmax", "argmin") else None
        ),
    ),
    Cause(
        "graph_cut",
        r"does not require grad and does not have a grad_fn",
        N_("Nothing that can be trained is behind this result: {word} cuts the graph."),
        N_("Leave it out in line {where}, and keep tensors on the way to the loss."),
        _cut,
    ),
    Cause(
        "requires_grad",
        r"does not require grad and does not have a grad_fn",
        N_("No tensor behind this result was made with requires_grad=True."),
        N_("Write requires_grad=True where the tensor is made, or train a module's parameters."),
        _no_leaf,
    ),
    Cause(
        "not_scalar",
        r"grad can be implicitly created only for scalar outputs",
        N_("A gradient belongs to one number; this result has many."),
        N_("Reduce it to one: loss.mean() or loss.sum()."),
        optional(lambda failure, _: _reduced_where_made(failure) or whole(failure, _reduced(failure))),
    ),
    Cause(
        "step_between",
        r"modified by an inplace operation.*(?:AsStridedBackward|\[torch\.\w+ \[\d+, \d+\]\], which is output 0 of"
        r" (?:AsStridedBackward0|TBackward)|is at version \d+; expected version \d+)",
        N_("An optimizer's step changed weights in place, and this loss goes back through their old numbers."),
        N_("Call all backward() before any step(), or compute the second loss after the step."),
        lambda failure, groups: _step_between(failure, groups) if _inplace(failure, groups) is None else None,
    ),
    Cause(
        "inplace",
        r"modified by an inplace operation",
        N_("The backward pass needs a result as it was, and {expression} in line {where} changed it in place."),
        N_("Make a new tensor in line {where}: h = h + 1 in place of h += 1, relu in place of relu_."),
        _inplace,
    ),
    Cause(
        "inplace",
        r"modified by an inplace operation",
        N_("The backward pass needs a result that was changed in place since."),
        N_("Make a new tensor: h = h + 1 in place of h += 1, relu in place of relu_, inplace=False."),
    ),
    Cause(
        "hook_inplace",
        r"BackwardHookFunction(?:Backward)? is a view and is being modified inplace"
        r"|created inside a custom Function.*modified inplace",
        N_(
            "A full backward hook (or a custom Function) hands its result on as a view, and the next operation"
            " changes it in place."
        ),
        N_("Write inplace=False in the activation after the layer with the hook."),
        lambda failure, _: _hooked(failure),
    ),
    Cause(
        "leaf_inplace",
        r"leaf Variable that requires grad is being used in an in-place operation"
        r"|a view of a leaf Variable that requires grad",
        N_("A parameter cannot be changed in place while the graph is built: its old number would be lost."),
        N_("Change it inside of with torch.no_grad():, or make a new tensor."),
    ),
    Cause(
        "grad_of_result",
        r"NoneType",
        N_("{name} is the result of an operation, and torch keeps gradients of leaves only: {name}.grad is None."),
        N_("Call {name}.retain_grad() before backward(); a weight is changed in place under torch.no_grad()."),
        _intermediate,
    ),
    Cause(
        "grad_none",
        r"NoneType",
        N_("{name}.grad is None: no backward pass has reached it yet."),
        N_("Call backward() before, and look that {name} is on the way to the loss."),
        _none_grad,
    ),
    Cause(
        "unused_in_graph",
        r"appears to not have been used in the graph",
        N_("torch.autograd.grad was asked for a tensor that the result does not depend on."),
        N_("Use it on the way to the result, or write allow_unused=True."),
    ),
    Cause(
        "deepcopy_graph",
        r"Only Tensors created explicitly by the user .* support the deepcopy protocol",
        N_("A tensor with a graph behind it cannot be copied with deepcopy."),
        N_("Write tensor.detach().clone(), or copy the module's parameters only."),
    ),
)


def _reduced_where_made(failure: Failure) -> Details | None:
    """The line that makes the loss, reduced there: what follows, ``loss.item()``, needs one number as well."""
    node = located(failure)
    owner = node.func.value if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else None
    if not isinstance(owner, ast.Name):
        return None
    stores = assignments_to(failure, owner.id)
    uses = [one for one in ast.walk(failure.source.tree) if isinstance(one, ast.Name) and one.id == owner.id]
    is_used_again = len(uses) > len(stores) + 1
    if len(stores) != 1 or not is_used_again or stores[0].end_lineno != stores[0].lineno:
        return None
    value = stores[0].value
    form = f"{failure.source.operand(value)}.mean()"
    return {"line": value.lineno, "code": failure.source.with_change(value, form)}


def _reduced(failure: Failure) -> str:
    name = failure.expression.split(".backward", maxsplit=1)[0]
    return f"{name}.mean().backward()"
