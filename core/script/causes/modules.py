"""Modules that are not put together right: super().__init__(), forward, registration, what they return."""

from __future__ import annotations

import ast
import difflib
import re
import sys
from collections.abc import Iterator, Mapping
from types import GeneratorType

from torch import Tensor, nn
from torch.optim import Optimizer

from core.errors import N_
from core.script.causes.table import Cause, Details, assignments_to, first_argument, located, optional
from core.script.failure import Failure, value_of
from core.script.kinds import is_a
from core.script.source import last_name

Groups = Mapping[str, str]


def _missing_return(failure: Failure, _groups: Groups) -> Details | None:
    """A module of the program returned None, and its forward has no return with a value."""
    if failure.recorder is None:
        return None
    for name in failure.recorder.returned_none:
        for kind in ast.walk(failure.source.tree):
            if isinstance(kind, ast.ClassDef) and kind.name == name:
                forward = _method(kind, "forward")
                if forward is not None and not _returns(forward):
                    last = forward.body[-1]
                    target = last.targets[0] if isinstance(last, ast.Assign) else None
                    value = failure.source.segment(target) if target is not None else "x"
                    line = last.end_lineno or last.lineno
                    return {"name": name, "where": line, "value": value}
    return None


def _module_for_parameters(failure: Failure, _groups: Groups) -> Details | None:
    """A module among the arguments of the failing call, where its parameters are meant."""
    node = located(failure)
    for part in node.args if isinstance(node, ast.Call) else ():
        name = failure.source.segment(part)
        if is_a(failure.variables.get(name), nn.Module):
            return {
                "name": name,
                "line": part.lineno,
                "code": failure.source.with_change(part, f"{name}.parameters()"),
            }
    return None


def _optimizer_for_schedule(failure: Failure, _groups: Groups) -> Details | None:
    """The first argument of the schedule replaced by the program's optimizer, where there is one."""
    names = [name for name, value in failure.variables.items() if is_a(value, Optimizer)]
    return (first_argument(failure, names[0]) if len(names) == 1 else None) or {}


def _comma(failure: Failure, _groups: Groups) -> Details | None:
    """A layer in a tuple because its line ends with a comma: ``self.fc = nn.Linear(2, 2),``."""
    owner, node = failure.variables.get("self"), located(failure)
    name = last_name(node.func) if isinstance(node, ast.Call) else ""
    for part in ast.walk(failure.source.tree):
        match part:
            case ast.Assign(targets=[target], value=ast.Tuple(elts=[layer])) if last_name(target) == name:
                if name and is_a(getattr(owner, name, None), tuple):
                    one = failure.source.segment(layer)
                    return {"name": name, "line": part.lineno, "code": failure.source.with_change(part.value, one)}
    return None


def _none_given(failure: Failure, groups: Groups) -> Details | None:
    """The same, where a library refuses the None in its own words and the module is called in the expression."""
    called = {
        last_name(call.func)
        for call in ast.walk(located(failure) or ast.Module([], []))
        if isinstance(call, ast.Call)
    }
    modules = {name for name in called if is_a(failure.variables.get(name), nn.Module)}
    return _missing_return(failure, groups) if modules else None


def _method(kind: ast.ClassDef, name: str) -> ast.FunctionDef | None:
    return next((one for one in kind.body if isinstance(one, ast.FunctionDef) and one.name == name), None)


def _returns(function: ast.FunctionDef) -> bool:
    return any(isinstance(node, ast.Return) and node.value is not None for node in ast.walk(function))


def _tuple(failure: Failure, _groups: Groups) -> Details | None:
    """The result of an RNN layer, (output, state), went on whole."""
    for line, name, call in _assigned_calls(failure):
        owner = failure.variables.get("self")
        layer = getattr(owner, ast.unparse(call.func).removeprefix("self."), None)
        layer = layer or failure.variables.get(ast.unparse(call.func))
        if is_a(layer, nn.RNNBase | nn.MultiheadAttention):
            second = call.args[1] if len(call.args) > 1 and is_a(layer, nn.RNNBase) else None
            state = second.id if isinstance(second, ast.Name) else "_"  # out, h = self.gru(x, h)
            return {"line": line, "code": f"{name}, {state} = {failure.source.segment(call)}"}
    return None


def _own_tuple(failure: Failure, _groups: Groups) -> Details | None:
    """What a module of the program returned, several tensors, went on as one."""
    source = failure.source
    for line, target, call in _assigned_calls(failure):
        result, layer = failure.variables.get(target), value_of(call.func, failure.variables)
        is_own = is_a(layer, nn.Module) and type(layer).__module__ == "__main__"
        if is_own and is_a(result, tuple) and len(result) > 1:
            rest = ", ".join("_" for _ in result[1:])
            code = f"{target}, {rest} = {source.segment(call)}"
            name, kind = source.segment(call.func), type(layer).__name__
            return {"name": name, "kind": kind, "count": len(result), "line": line, "code": code}
    return None


def _assigned_calls(failure: Failure) -> Iterator[tuple[int, str, ast.Call]]:
    """Yield line, name and call of each ``name = call(…)`` up to the failing line."""
    for node in ast.walk(failure.source.tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name), *_], value=ast.Call() as call, lineno=line):
                if line <= failure.line:
                    yield line, name, call


def _returned_pair(failure: Failure, _groups: Groups) -> Details | None:
    """An operand that is what max, min, sort or topk returned along a dimension."""
    node = located(failure)
    for part in ast.walk(node) if node is not None else ():
        kind = type(failure.variables.get(part.id)) if isinstance(part, ast.Name) else type(None)
        if kind.__module__ == "torch.return_types":
            return {"name": kind.__name__}
    return None


def _used_up(failure: Failure, _groups: Groups) -> Details | None:
    """A generator of parameters that another line has gone through already, such as one that counts them."""
    node = located(failure)
    names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} if node is not None else set()
    for name in sorted(name for name in names if type(failure.variables.get(name)) is GeneratorType):
        values = [node.value for node in assignments_to(failure, name)]
        value = max(values, key=lambda one: one.lineno, default=None)
        uses = [
            one.lineno
            for one in ast.walk(failure.source.tree)
            if isinstance(one, ast.Name) and one.id == name and isinstance(one.ctx, ast.Load)
        ]
        before = [line for line in uses if value is not None and value.lineno < line < failure.line]
        if value is not None and before:
            text = failure.source.segment(value)
            change = failure.source.with_change(value, f"list({text})")
            return {"name": name, "where": before[0], "value": text, "line": value.lineno, "code": change}
    return None


def _list_of_layers(failure: Failure, _groups: Groups) -> Details | None:
    """An attribute that is called and is a list of layers, where a Sequential of them is meant."""
    node, owner = located(failure), failure.variables.get("self")
    name = last_name(node.func) if isinstance(node, ast.Call) else ""
    layers = vars(owner).get(name) if is_a(owner, nn.Module) else None
    if not is_a(layers, list) or not layers or not all(is_a(one, nn.Module) for one in layers):
        return None
    for value in _attribute_values(failure, owner, name):
        is_module = isinstance(value, ast.Call) and last_name(value.func) in ("Sequential", "ModuleList")
        if not is_module:
            change = failure.source.with_change(value, f"nn.Sequential(*{failure.source.segment(value)})")
            return {"name": f"self.{name}", "line": value.lineno, "code": change}
    return {"name": f"self.{name}"}


def _attribute_values(failure: Failure, owner: object, name: str) -> list[ast.expr]:
    """Return what the class of ``owner`` assigns to ``self.name``, and not what other classes call so."""
    return [
        part.value
        for kind in ast.walk(failure.source.tree)
        if isinstance(kind, ast.ClassDef) and kind.name in [one.__name__ for one in type(owner).__mro__]
        for part in ast.walk(kind)
        if isinstance(part, ast.Assign) and failure.source.segment(part.targets[0]) == f"self.{name}"
    ]


def _forward_name(failure: Failure, groups: Groups) -> Details | None:
    """A method that was meant to be forward: misspelt, or a function inside of __init__."""
    for kind in ast.walk(failure.source.tree):
        if isinstance(kind, ast.ClassDef) and kind.name == groups.get("name", kind.name):
            names = {one.name: one for one in ast.walk(kind) if isinstance(one, ast.FunctionDef)}
            close = difflib.get_close_matches("forward", [name.lower() for name in names], 1, 0.7)
            for name, one in names.items():
                if close and name.lower() == close[0]:
                    code = failure.source.line(one.lineno).replace(name, "forward", 1)
                    return {"line": one.lineno, "code": code} if name != "forward" else {}
    return {}


def _super_init(failure: Failure, _groups: Groups) -> Details | None:
    """Where __init__ begins, and whether super().__init__() stands in it too late."""
    for kind in ast.walk(failure.source.tree):
        init = _method(kind, "__init__") if isinstance(kind, ast.ClassDef) else None
        if init is not None and init.lineno <= failure.line <= (init.end_lineno or 0):
            return {"name": getattr(kind, "name", ""), "where": init.lineno}
    return None


def _attribute(failure: Failure, groups: Groups) -> Details | None:
    """The nearest name that the object has."""
    owners = [value for value in failure.variables.values() if type(value).__name__ == groups["owner"]]
    own = [name for owner in owners for name in _own_names(owner)]
    all_names = [name for owner in owners for name in dir(owner)]
    return _nearest(failure, groups["name"], own) or _nearest(failure, groups["name"], all_names)


def _own_names(owner: object) -> list[str]:
    """Return what the program itself gave an object: attributes, layers, methods of its class."""
    if not is_a(owner, nn.Module):
        return []
    tables = (vars(owner).get(name) or {} for name in ("_modules", "_parameters", "_buffers"))
    return [*vars(owner), *(name for table in tables for name in table), *vars(type(owner))]


def _library(failure: Failure, groups: Groups) -> Details | None:
    return _nearest(failure, groups["name"], dir(sys.modules.get(groups["owner"])))


def _nearest(failure: Failure, name: str, names: list[str]) -> Details | None:
    by_case = [one for one in names if one.lower() == name.lower()]
    near = by_case or difflib.get_close_matches(name, names, 1, 0.75)
    if not near:
        return {}
    line = failure.source.line(failure.line)
    whole = re.search(rf"(?<=\.){name}\b", line) or re.search(rf"\b{name}\b", line)
    return {"line": failure.line, "code": line[: whole.start()] + near[0] + line[whole.end() :]} if whole else {}


def _empty_list(failure: Failure, _groups: Groups) -> Details | None:
    """An optimizer without parameters, and a module that keeps its layers in a plain list."""
    for value in failure.variables.values():
        if is_a(value, nn.Module):
            for name, attribute in vars(value).items():
                if is_a(attribute, list) and any(is_a(one, nn.Module) for one in attribute):
                    return {"name": f"self.{name}"} | _module_list(failure, value, name)
    return None


def _module_list(failure: Failure, owner: object, name: str) -> dict[str, object]:
    for value in _attribute_values(failure, owner, name):
        code = failure.source.with_change(value, f"nn.ModuleList({failure.source.segment(value)})")
        return {"line": value.lineno, "code": code}
    return {}


def _layer_made(failure: Failure, groups: Groups) -> Details | None:
    """A layer of torch.nn that is made in a forward, with a tensor as its argument: ``nn.ReLU(x)``."""
    owner = groups["owner"]
    kind = getattr(nn, owner, None)
    if not is_a(kind, type) or not issubclass(kind, nn.Module) or hasattr(kind, groups.get("name", "")):
        return None
    for node in ast.walk(failure.source.tree):
        if isinstance(node, ast.Assign) and last_name(node.value) == owner:  # self.act = nn.ReLU, a class
            name = failure.source.segment(node.value)
            return {"line": node.lineno, "code": failure.source.with_change(node.value, f"{name}()")}
        forward = _method(node, "forward") if isinstance(node, ast.ClassDef) else None
        for call in ast.walk(forward) if forward is not None else ():
            if isinstance(call, ast.Call) and last_name(call.func) == owner and call.args:
                name = failure.source.segment(call.func)
                return {"line": call.lineno, "code": failure.source.with_change(call.func, f"{name}()")}
    return None


def _layer_itself(failure: Failure) -> Details | None:
    """``F.relu(self.fc1)``: a layer of the module where a tensor belongs."""
    node = located(failure)
    for argument in node.args if isinstance(node, ast.Call) else ():
        if is_a(value_of(argument, failure.variables), nn.Module):
            name = failure.source.segment(argument)
            x = next((one for one, value in failure.variables.items() if is_a(value, Tensor)), "")
            code = (
                {"line": argument.lineno, "code": failure.source.with_change(argument, f"{name}({x})")} if x else {}
            )
            return {"name": name, **code}
    return None


def _next(failure: Failure) -> Details | None:
    for node in ast.walk(failure.source.tree):
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr="next"), lineno=failure.line):
                text = f"next({failure.source.segment(owner)})"
                return {"line": node.lineno, "code": failure.source.with_change(node, text)}
    return None


def _lists(failure: Failure) -> Details | None:
    node = located(failure)
    if not isinstance(node, ast.BinOp):
        return None
    text = " + ".join(f"list({failure.source.segment(side)})" for side in (node.left, node.right))
    return {"line": node.lineno, "code": failure.source.with_change(node, text)}


def _layer_for(failure: Failure, name: str) -> Details | None:
    """The layer of a function of torch.nn.functional that is called without a tensor: ``F.relu()``."""
    node = located(failure)
    if not isinstance(node, ast.Call) or node.args or not hasattr(nn.functional, name):
        return None
    layers = [one for one in dir(nn) if one.lower() == name.replace("_", "")]
    options = ", ".join(failure.source.segment(one) for one in node.keywords)
    change = (
        {"line": node.lineno, "code": failure.source.with_change(node, f"nn.{layers[0]}({options})")}
        if layers
        else {}
    )
    return {"name": name} | change


def _class_itself(failure: Failure) -> Details | None:
    """A variable that holds a class, where an object of it is meant: ``optimizer = torch.optim.SGD``."""
    node = located(failure)
    called = node.func if isinstance(node, ast.Call) else None
    owner = called.value if isinstance(called, ast.Attribute) else called
    if owner is None or not is_a(value_of(owner, failure.variables), type):
        return None
    name = failure.source.segment(owner)
    for part in ast.walk(failure.source.tree):
        if isinstance(part, ast.Assign) and failure.source.segment(part.targets[0]) == name:
            return {"name": name, "owner": failure.source.segment(part.value), "where": part.lineno}
    return None


def _plain_value(failure: Failure, groups: Groups) -> Details | None:
    """A method of tensors asked of a list: a list of losses is added up before its backward pass."""
    if not hasattr(Tensor, groups["name"]):
        return None
    for node in ast.walk(failure.source.tree):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr="backward", lineno=failure.line):
                values = failure.variables.get(name)
                if groups["owner"] in ("list", "tuple") and all(is_a(one, Tensor) for one in values or ()):
                    return {"line": node.lineno, "code": failure.source.with_change(node.value, f"sum({name})")}
    return {}


CAUSES = (
    Cause(
        "super_init",
        r"before Module\.__init__\(\) call|has no attribute '_(?:backward_hooks|forward_hooks"
        r"|parameters|modules|buffers)'"
        r"|super\(\)\.__init__|super-class __init__",
        N_("nn.Module keeps layers in tables that its own __init__ makes, and {name} sets a layer before that."),
        N_("Write super().__init__() as the first line of __init__, after line {where}."),
        _super_init,
    ),
    Cause(
        "missing_return",
        r"NoneType",
        N_("forward of {name} returns nothing, so its result is None."),
        N_("Write after line {where}: return {value}"),
        _missing_return,
    ),
    Cause(
        "missing_forward",
        r"Module \[(?P<name>\w+)\] is missing the required \"forward\" function",
        N_("{name} has no method forward: it is misspelt, or not indented as a method of the class."),
        N_("Write def forward(self, x): one level below class {name}."),
        _forward_name,
    ),
    Cause(
        "layer_returns_tuple",
        r"'torch\.return_types\.(?P<name>\w+)' object has no attribute|not torch\.return_types\.(?P<name2>\w+)",
        N_("{name} along a dimension returns two tensors, the values and their indices."),
        N_("Take one of them: x.{name}(dim=1).values, or .indices."),
    ),
    Cause(
        "layer_returns_tuple",
        r"only integer tensors of a single element can be converted to an index|can't multiply sequence"
        r"|'bool' object has no attribute|not supported between instances of|unsupported operand type"
        r"|'tuple' object",
        N_("{name} along a dimension returns two tensors, the values and their indices."),
        N_("Take one of them: x.{name}(dim=1).values, or .indices."),
        _returned_pair,
    ),
    Cause(
        "layer_returns_tuple",
        r"must be Tensor, not tuple|'tuple' object has no attribute|expected Tensor as element.*got tuple"
        r"|not tuple",
        N_("forward of {kind} returns {count} values, and {name} is used as if it gave one."),
        N_("Take them apart where {name} is called."),
        _own_tuple,
    ),
    Cause(
        "layer_returns_tuple",
        r"must be Tensor, not tuple|'tuple' object has no attribute|expected Tensor as element.*got tuple"
        r"|not tuple",
        N_("LSTM, GRU, RNN and MultiheadAttention return two things, the output and the state (or the weights)."),
        N_("Take them apart: out, _ = layer(x). nn.Sequential cannot: write a forward."),
        optional(_tuple),
    ),
    Cause(
        "plain_list",
        r"optimizer got an empty parameter list",
        N_("{name} is a plain list: the module does not know the layers in it, so it has no parameters."),
        N_("Write nn.ModuleList([...])."),
        _empty_list,
    ),
    Cause(
        "no_parameters",
        r"optimizer got an empty parameter list",
        N_("{name} is a generator: it gives each parameter once, and line {where} took them all."),
        N_("Ask for the parameters again, or keep them: {name} = list({value})"),
        _used_up,
    ),
    Cause(
        "no_parameters",
        r"optimizer got an empty parameter list",
        N_("The module has no parameters: no layer is set as self.name = … in __init__."),
        N_("Set each layer as an attribute in __init__, lists of layers as nn.ModuleList."),
    ),
    Cause(
        "not_module_subclass",
        r"is not a Module subclass|cannot assign '.*' as child module",
        N_("Only objects of nn.Module can stand here; a class or a function is none."),
        N_("Make an object of it, nn.ReLU() with parentheses, or call the function in forward."),
    ),
    Cause(
        "not_parameter",
        r"cannot assign .* as parameter '(?P<name>\w+)'|'parameters' must be|can't optimize a non-leaf Tensor",
        N_("A parameter is an nn.Parameter, a leaf that no operation made."),
        N_("Write nn.Parameter(tensor), and change its numbers under torch.no_grad()."),
    ),
    Cause(
        "parameters_call",
        r"params argument given to the optimizer should be an iterable|'method' object is not iterable"
        r"|optimizer can only optimize Tensors",
        N_("An optimizer takes the parameters themselves, as a list."),
        N_("Write model.parameters() with parentheses; one tensor goes into a list: [w]."),
    ),
    Cause(
        "parameters_call",
        r"unsupported operand type\(s\) for \+: 'generator' and 'generator'",
        N_("parameters() gives one parameter after another, and two such generators cannot be added."),
        N_("Make lists of them: list(a.parameters()) + list(b.parameters())"),
        optional(lambda failure, _: _lists(failure)),
    ),
    Cause(
        "parameters_call",
        r"'\w+' object is not iterable",
        N_("{name} is a module, and here its parameters are wanted, one after another."),
        N_("Write {name}.parameters()."),
        _module_for_parameters,
    ),
    Cause(
        "scheduler_optimizer",
        r"(?P<kind>\w+) is not an Optimizer",
        N_("A schedule changes the learning rate of an optimizer, and gets a {kind}."),
        N_("Give it the optimizer: StepLR(optimizer, step_size=10)"),
        _optimizer_for_schedule,
    ),
    Cause(
        "scheduler_metrics",
        r"ReduceLROnPlateau\.step\(\) missing 1 required positional argument: 'metrics'",
        N_("ReduceLROnPlateau follows a number, such as the validation loss, and step() gets none."),
        N_("Give it the number: scheduler.step(val_loss)"),
    ),
    Cause(
        "layer_for_function",
        r"(?P<name>\w+)\(\) missing 1 required positional argument: 'input'",
        N_("{name} is a function: it works on a tensor at once, and makes no layer."),
        N_("Make a layer with its class in torch.nn, or call the function in forward: F.{name}(x)"),
        lambda failure, groups: _layer_for(failure, groups["name"]),
    ),
    Cause(
        "class_for_object",
        r"(?P<owner>\w+)\.(?:\w+\(\) missing 1 required positional argument: 'self'"
        r"|__init__\(\) takes \d+ positional)",
        N_("{name} is the class {owner} itself, and no object of it."),
        N_("Make an object in line {where}, with its arguments: {name} = {owner}(…)"),
        lambda failure, _: _class_itself(failure),
    ),
    Cause(
        "forward_arguments",
        r"forward\(\) (?:missing \d+ required positional argument"
        r"|takes \d+ positional argument|got an unexpected keyword)",
        N_("The call gives other inputs than the arguments of forward."),
        N_("Compare the call with def forward(self, …): each argument needs a value, and self is not given."),
    ),
    Cause(
        "module_missing_instance",
        r"missing \d+ required positional arguments?: 'self'|missing 1 required positional argument: 'x'",
        N_("The class is called in place of an object of it."),
        N_("Make an object first: model = Net(), then model(x)."),
    ),
    Cause(
        "layer_arguments",
        r"(?P<name>\w+)\.__init__\(\) (?:missing \d+ required|got an unexpected keyword|takes)",
        N_("{name} is made with other arguments than it has."),
        N_("Compare the call with the signature of {name}."),
    ),
    Cause(
        "state_dict",
        r"Error\(s\) in loading state_dict|size mismatch for [\w.]+: copying a param"
        r"|(?:Missing|Unexpected) key\(s\) in",
        N_("The names or shapes in the file are not those of this model: the message lists them."),
        N_("Build the model as it was when it was saved; a prefix such as module. must be removed from the names."),
    ),
    Cause(
        "state_dict_or_model",
        r"Expected state_dict to be dict-like"
        r"|'(?:collections\.)?OrderedDict' object (?:is not callable|has no attribute)"
        r"|Weights only load failed",
        N_("A file holds a state_dict (the numbers) or a whole model, and each is loaded in its own way."),
        N_("Save model.state_dict(); load with model.load_state_dict(torch.load(path))."),
    ),
    Cause(
        "optimizer_arguments",
        r"'float' object is not subscriptable|cannot unpack non-iterable float object",
        N_("The optimizer takes no such number: a rate is 0 or more, betas are floats from 0 to less than 1."),
        N_("Compare the call with the optimizer's signature: lr=0.001, momentum=0.9, betas=(0.9, 0.999)."),
        lambda failure, _: {} if "betas" in failure.expression else None,
    ),
    Cause(
        "optimizer_arguments",
        r"Invalid (?:learning rate|momentum|weight_decay|beta parameter|epsilon|rho|alpha)|betas must be"
        r"|Nesterov momentum requires|maximize.*not supported",
        N_("The optimizer takes no such number: a rate is 0 or more, betas are floats from 0 to less than 1."),
        N_("Compare the call with the optimizer's signature: lr=0.001, momentum=0.9, betas=(0.9, 0.999)."),
    ),
    Cause(
        "plain_list",
        r"'list' object is not callable",
        N_("{name} is a plain list of layers, and a list cannot be called."),
        N_("Write nn.Sequential(*layers)."),
        _list_of_layers,
    ),
    Cause(
        "trailing_comma",
        r"'tuple' object is not callable",
        N_("A comma after the closing bracket makes a tuple with {name} in it, and a tuple cannot be called."),
        N_("Leave the comma out."),
        _comma,
    ),
    Cause(
        "layer_not_called",
        r"must be Tensor, not (?P<owner>\w+)",
        N_("{name} is the layer itself, a {owner}, and not what it computes: it is not called."),
        N_("Call it with its input: {name}(x)"),
        lambda failure, _: _layer_itself(failure),
    ),
    Cause(
        "layer_not_called",
        r"'(?P<owner>\w+)' object has no attribute '(?P<name>\w+)'|must be Tensor, not (?P<owner2>\w+)",
        N_("nn.{owner}(x) makes a layer with x as its setting; it computes nothing, and gives a layer on."),
        N_("Make the layer in __init__ and call it, or write nn.{owner}()(x)."),
        lambda failure, groups: _layer_made(failure, groups),
    ),
    Cause(
        "iterator_next",
        r"object has no attribute 'next'",
        N_("An iterator has no method next in Python 3."),
        N_("Write next(it)."),
        optional(lambda failure, _: _next(failure)),
    ),
    Cause(
        "library_name",
        r"module '(?P<owner>[\w.]+)' has no attribute '(?P<name>\w+)'",
        N_("{owner} has nothing named {name}."),
        N_("Look the name up: layers begin with a capital letter in torch.nn, functions do not."),
        _library,
    ),
    Cause(
        "plain_value",
        r"expected Tensor as element (?P<index>\d+) in argument 0, but got (?P<owner>float|int|bool)",
        N_("Element {index} of the list is a {owner} of Python's, as item() gives it, and no tensor."),
        N_("Put tensors into the list: leave out .item(). Of numbers alone make torch.tensor(list)."),
    ),
    Cause(
        "plain_value",
        r"'(?P<owner>list|tuple|dict|int|float|str|bool)' object has no attribute '(?P<name>\w+)'",
        N_("{name} belongs to tensors, and this is a {owner} of Python's."),
        N_("Make a tensor first: torch.tensor(x); of a list of tensors torch.stack(x), or sum(x) for losses."),
        lambda failure, groups: _plain_value(failure, groups),
    ),
    Cause(
        "attribute_name",
        r"'(?P<owner>\w+)' object has no attribute '(?P<name>\w+)'",
        N_("{owner} has no attribute {name}: it is not set in __init__, or written in another way."),
        N_("Compare the name with __init__."),
        lambda failure, groups: None if groups["owner"] == "NoneType" else _attribute(failure, groups),
    ),
)
LAST = (
    Cause(
        "missing_return",
        r"",
        N_("forward of {name} returns nothing, so its result is None."),
        N_("Write after line {where}: return {value}"),
        _none_given,
    ),
)
