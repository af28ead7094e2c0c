"""An exception of the program, looked at where it rose: line, expression, operands, the module that was running."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType, ModuleType, TracebackType
from typing import Any

from torch import Tensor, nn

from core.errors import text_of
from core.script.call_arguments import arguments, tensors
from core.script.kinds import is_a
from core.script.program_record import Operand
from core.script.recorder import Recorder
from core.script.source import Source
from core.script.tensor_facts import dtype

LONGEST = 2_000  # characters of a message: some of torch's hold whole manuals


@dataclass
class Failure:
    """What the causes look at. ``tensors`` are the failing call's, by the names that the program has for them."""

    error: BaseException
    type: str
    message: str
    source: Source
    line: int = 0
    expression: str = ""
    tensors: list[tuple[str, Tensor]] = field(default_factory=list)
    arrays: list[tuple[str, Any]] = field(default_factory=list)  # of NumPy, that the expression names
    call: str = ""  # the torch call that raised, such as "linear"; empty where another raised
    arguments: dict[str, Any] = field(default_factory=dict)
    module: nn.Module | None = None  # the innermost module that was running
    module_name: str = ""  # as the program names it: "self.fc1"
    variables: dict[str, Any] = field(default_factory=dict)
    function: str = ""
    scopes: tuple[dict[str, Any], ...] = ()  # variables of the program's functions that run, the innermost first
    callers: tuple[int, ...] = ()  # lines of the program that led here, the innermost first, without ``line``
    recorder: Recorder | None = None

    @property
    def text(self) -> str:
        """The last line of the traceback."""
        return f"{self.type}: {self.message}"

    @property
    def operands(self) -> tuple[Operand, ...]:
        """The tensors as data."""
        arrays = [Operand(name, tuple(array.shape), str(array.dtype), "cpu") for name, array in self.arrays]
        return (
            *(Operand(name, tuple(one.shape), dtype(one), str(one.device)) for name, one in self.tensors),
            *arrays,
        )

    @property
    def array_shapes(self) -> dict[str, str]:
        """The first two arrays in words."""
        texts = [f"{name} {list(array.shape)}" for name, array in self.arrays]
        return dict(zip(("first", "second"), texts, strict=False))

    @property
    def node(self) -> ast.expr | None:
        """The syntax tree of the expression."""
        try:
            return ast.parse(self.expression.strip(), mode="eval").body
        except SyntaxError:
            return None

    def tensor(self, name: str) -> tuple[str, Tensor] | None:
        """Return the program's name and the value of an argument of the failing call, by PyTorch's name."""
        value = self.arguments.get(name)
        return next(((own_name, one) for own_name, one in self.tensors if one is value), None)


def look_at(error: BaseException, source: Source, recorder: Recorder | None) -> Failure:
    """Return what there is to know of ``error``; its traceback is still there."""
    message = text_of(error)
    message = message if len(message) <= LONGEST else message[:LONGEST] + " …"
    failure = Failure(error, type(error).__name__, message, source, recorder=recorder)
    if is_a(error, SyntaxError) and error.filename == source.path:
        failure.line, failure.expression, failure.message = error.lineno or 0, (error.text or "").strip(), error.msg
        return failure
    if _in_worker(failure):
        return failure
    own, inner, failure.callers = _frames(error.__traceback__, source.path)
    if own is None:
        return failure
    frame = own.tb_frame
    failure.line, failure.expression = source.expression(frame.f_code, own.tb_lasti)
    failure.line = failure.line or own.tb_lineno
    failure.function = frame.f_code.co_name
    here = frame.f_locals
    failure.variables = {**here, **{name: value for name, value in frame.f_globals.items() if name not in here}}
    failure.scopes = _scopes(error.__traceback__, source.path)
    _find_module(failure, [one.tb_frame for one in inner])
    _find_tensors(failure)
    return failure


def _in_worker(failure: Failure) -> bool:
    """Take line and expression from the text of a DataLoader worker's traceback: its frames are elsewhere."""
    if "in DataLoader worker process" not in failure.message:
        return False
    rows = text_of(failure.error).splitlines()
    places = [i for i, row in enumerate(rows) if row.strip().startswith(f'File "{failure.source.path}", line ')]
    if not places:
        return False
    row = places[-1]
    failure.line = int(rows[row].split(" line ")[1].split(",")[0])
    text = rows[row + 1] if row + 1 < len(rows) else ""
    carets = rows[row + 2] if row + 2 < len(rows) else ""
    start, end = carets.find("^"), carets.rfind("^") + 1
    has_carets = start >= 0 and not carets.strip("^~ ")
    start = min(start, carets.find("~")) if has_carets and "~" in carets else start
    failure.expression = text[start : max(end, carets.rfind("~") + 1)] if has_carets else text.strip()
    failure.message = rows[-1].split(": ", 1)[-1]
    return True


def _frames(
    traceback: TracebackType | None, path: str
) -> tuple[TracebackType | None, list[TracebackType], tuple[int, ...]]:
    """Return the innermost entry of the program's own file, those inside of it, and the lines that led to it."""
    entries: list[TracebackType] = []
    while traceback is not None:
        entries.append(traceback)
        traceback = traceback.tb_next
    places = [i for i, entry in enumerate(entries) if entry.tb_frame.f_code.co_filename == path]
    if not places:
        return None, [], ()
    callers = tuple(entries[i].tb_lineno for i in reversed(places[:-1]))
    return entries[places[-1]], entries[places[-1] + 1 :], callers


def _scopes(traceback: TracebackType | None, path: str) -> tuple[dict[str, Any], ...]:
    scopes: list[dict[str, Any]] = []
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == path:
            scopes.append(dict(traceback.tb_frame.f_locals))
        traceback = traceback.tb_next
    return tuple(reversed(scopes))


def _find_module(failure: Failure, inner: list[FrameType]) -> None:
    owners = [frame.f_locals.get("self") for frame in inner]
    modules = [owner for owner in owners if is_a(owner, nn.Module)]
    if modules:
        failure.module = modules[-1]
        failure.module_name = next((name for name, one in _names(failure.variables) if one is modules[-1]), "")


def _find_tensors(failure: Failure) -> None:
    recorder = failure.recorder
    pairs: list[tuple[str, Tensor]] = []
    if recorder is not None and recorder.failed is not None and recorder.failed[0] is failure.error:
        _error, function, args, kwargs = recorder.failed
        failure.call = getattr(function, "__name__", "")
        failure.arguments = arguments(function, args, kwargs)
        pairs = tensors(failure.arguments)
    names = {id(value): name for name, value in reversed(_names(failure.variables))}
    mentioned = _mentioned(failure)
    names |= {id(value): name for name, value in mentioned}
    if not pairs:
        pairs = [(name, value) for name, value in mentioned if is_a(value, Tensor)]
    failure.arrays = [(name, value) for name, value in mentioned if type(value).__name__ == "ndarray"]
    texts = _argument_texts(failure)
    failure.tensors = [(names.get(id(tensor)) or texts.get(name, name), tensor) for name, tensor in pairs]


def _argument_texts(failure: Failure) -> dict[str, str]:
    """Return the texts of arguments that have no name of their own: "input" -> "x.flatten(1)"."""
    match failure.node:
        case ast.Call(func=ast.Attribute(value=owner, attr=name)) if _is_method(owner, name, failure.variables):
            return {"input": ast.unparse(owner)}
        case ast.Call(func=called) if failure.module_name not in ("", ast.unparse(called)):
            return {}  # the input of a module inside of the one that is called here
        case ast.Call(args=[ast.List(elts=parts) | ast.Tuple(elts=parts), *_]):  # torch.cat([self.up(x), y])
            return {f"tensors[{i}]": ast.unparse(part) for i, part in enumerate(parts)}
        case ast.Call(args=[first, *_]):
            return {"input": ast.unparse(first)}
        case ast.BinOp(left=left, right=right) | ast.Compare(left=left, comparators=[right]):
            if isinstance(left, ast.Constant):  # 1 - x is an operation of x
                left, right = right, left
            return {"input": ast.unparse(left), "other": ast.unparse(right)}
    sign = re.match(r"[\w.\[\]]+ [-+*/@]= (.+)", failure.expression)
    return {"other": sign[1]} if sign else {}


def _is_method(owner: ast.expr, name: str, variables: dict[str, Any]) -> bool:
    root = owner
    while isinstance(root, ast.Attribute):
        root = root.value
    library = isinstance(root, ast.Name) and is_a(variables.get(root.id), ModuleType)
    return not library and hasattr(Tensor, name)


def _names(variables: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return tensors and modules by the names that reach them, the shortest way first."""
    pairs: list[tuple[str, Any]] = [(n, v) for n, v in variables.items() if is_a(v, Tensor | nn.Module)]
    for name, value in list(pairs):
        if is_a(value, nn.Module):
            pairs += [(_path(name, path), one) for path, one in _guarded(value.named_modules) if path]
            pairs += [(_path(name, path), one) for path, one in _guarded(value.named_parameters)]
            pairs += [(_path(name, path), one) for path, one in _guarded(value.named_buffers)]
            pairs += [(f"{name}.{key}", one) for key, one in vars(value).items() if is_a(one, Tensor)]
    return pairs


def _guarded(function: Callable[[], Any]) -> list[tuple[str, Any]]:
    try:
        return list(function())
    except Exception:  # a module whose __init__ did not get that far
        return []


def _path(name: str, path: str) -> str:
    return name + "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in path.split("."))


def _mentioned(failure: Failure) -> list[tuple[str, Any]]:
    """Return what the expression names, ``x`` and ``self.mean``, with its value; nothing is called for that."""
    node = failure.node
    mentions = []
    for part in ast.walk(node) if node is not None else ():
        if isinstance(part, ast.Name | ast.Attribute):
            value = value_of(part, failure.variables)
            if is_a(value, Tensor | nn.Module) or type(value).__name__ == "ndarray":
                mentions.append(((part.lineno, part.col_offset), ast.unparse(part), value))
    return [(name, value) for _place, name, value in sorted(mentions, key=lambda one: one[0])]


def value_of(node: ast.expr, variables: dict[str, Any]) -> Any:
    """Return what a name or an attribute of a module is; None for anything else, as nothing is called for that."""
    if isinstance(node, ast.Name):
        return variables.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = value_of(node.value, variables)
        if is_a(owner, nn.Module):
            for table in (
                vars(owner),
                *(vars(owner).get(n) or {} for n in ("_parameters", "_buffers", "_modules")),
            ):
                if node.attr in table:
                    return table[node.attr]
    return None
