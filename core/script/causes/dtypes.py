"""Number types and devices that do not fit, and NumPy beside torch."""

from __future__ import annotations

import ast
from collections.abc import Mapping

import torch
from torch import Tensor, nn

from core.errors import N_
from core.script.causes.origins import converted_once
from core.script.causes.table import Cause, Details, first_argument, located, optional, wrapped
from core.script.failure import Failure
from core.script.kinds import is_a
from core.script.source import last_name

Groups = Mapping[str, str]


def _target_long(failure: Failure, _groups: Groups) -> Details | None:
    """Class labels of another type than int64."""
    target = failure.tensor("target")
    if target is None or failure.call not in ("cross_entropy", "nll_loss"):
        return None
    if target[1].dim() > 1 and target[1].is_floating_point():
        return None
    return {"given": str(target[1].dtype)} | dict(_converted(failure, target, "long") or {})


def _converted(failure: Failure, operand: tuple[str, Tensor], method: str) -> Details | None:
    """Return the line that makes the data of an operand, or else the failing one, with a conversion."""
    once = converted_once(failure, operand[1], method, DTYPES[method])
    return once or wrapped(failure, operand[0], f"{{}}.{method}()")


def _targets_probabilities(failure: Failure, _groups: Groups) -> Details | None:
    target = failure.tensor("target")
    if target is None or target[1].is_floating_point():
        return None
    return dict(wrapped(failure, target[0], "{}.argmax(1)") or {}) if target[1].dim() == 2 else {}


def _indices(failure: Failure, _groups: Groups) -> Details | None:
    index = failure.tensor("index") or failure.tensor("indices")
    return (_converted(failure, index, "long") if index else None) or first_argument(failure, "{}.long()")


METHODS = {
    torch.float32: "float",
    torch.float64: "double",
    torch.float16: "half",
    torch.bfloat16: "bfloat16",
    torch.int64: "long",
}

DTYPES = {method: str(dtype) for dtype, method in METHODS.items()}


def _to_module(failure: Failure) -> Details | None:
    """The input of a module whose weights have another type than float32's: the input follows them."""
    if failure.module is None:
        return None
    kinds = {one.dtype for one in failure.module.parameters(recurse=False)}
    x = failure.tensor("input") or (failure.tensors[0] if failure.tensors else None)
    if x is None or len(kinds) != 1 or (kind := kinds.pop()) not in METHODS or x[1].dtype == kind:
        return None
    values = {"name": x[0], "given": str(x[1].dtype), "wanted": str(kind)}
    form = f"{{}}.{METHODS[kind]}()"
    return values | dict(_converted(failure, x, METHODS[kind]) or first_argument(failure, form) or {})


def _to_float(failure: Failure, _groups: Groups) -> Details | None:
    """The operand that is not float32 where the other one is."""
    if (change := _to_module(failure)) is not None:
        return change
    strange = [(n, t) for n, t in failure.tensors if t.dtype != torch.float32]
    usual = [(n, t) for n, t in failure.tensors if t.dtype == torch.float32]
    if not strange:
        return None
    name, tensor = strange[0]
    other = str(usual[0][1].dtype) if usual else "torch.float32"
    values = {"name": name, "given": str(tensor.dtype), "wanted": other}
    change = _converted(failure, strange[0], "float") or first_argument(failure, "{}.float()")
    return values | dict(change or {})


def _plain_attribute(failure: Failure) -> str:
    """Return the name of an operand that is an attribute of a module and not registered: ``self.mean``."""
    owner = failure.variables.get("self")
    if not is_a(owner, nn.Module):
        return ""
    for name, tensor in failure.tensors:
        attribute = name.removeprefix("self.")
        if name.startswith("self.") and vars(owner).get(attribute) is tensor:
            return attribute
    return ""


def _buffer(failure: Failure, _groups: Groups) -> Details | None:
    attribute = _plain_attribute(failure)
    if not attribute:
        return None
    values: dict[str, object] = {"name": f"self.{attribute}"}
    for number, line in enumerate(failure.source.lines, 1):
        start, equals, value = line.strip().partition(" = ")
        if equals and start == f"self.{attribute}":
            return values | {"line": number, "code": f'self.register_buffer("{attribute}", {value})'}
    return values | {"attribute": attribute}


def _device(failure: Failure, _groups: Groups) -> Details | None:
    """The first operand that is elsewhere; a tensor on the CPU moves to the accelerator, not back."""
    if not failure.tensors:
        return {"wanted": "device"}
    devices = [tensor.device for _name, tensor in failure.tensors]
    target = next((one for one in devices if one.type != "cpu"), devices[-1])
    name, tensor = next(((n, t) for n, t in failure.tensors if t.device != target), failure.tensors[0])
    values = {"name": name, "given": str(tensor.device), "wanted": str(target)}
    word = "device" if "device" in failure.variables else f'"{target}"'
    return values | dict(
        wrapped(failure, name, f"{{}}.to({word})") or first_argument(failure, f"{{}}.to({word})") or {}
    )


def _numpy_argument(failure: Failure, _groups: Groups) -> Details | None:
    return first_argument(failure, "torch.from_numpy({}).float()")


def _array_size(failure: Failure) -> Details | None:
    """``x.size(0)`` of an array."""
    node = located(failure)
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="size")):
            return {"name": name} if type(failure.variables.get(name)).__name__ == "ndarray" else None
    return None


def _float_target(failure: Failure, _groups: Groups) -> Details | None:
    """A loss that compares number with number, and targets that are whole numbers."""
    target = failure.tensor("target")
    if target is None or target[1].is_floating_point():
        return None
    return {"given": str(target[1].dtype)} | dict(_converted(failure, target, "float") or {})


def _mask(failure: Failure, _groups: Groups) -> Details | None:
    mask = failure.tensor("mask") or failure.tensor("condition")
    return {"given": str(mask[1].dtype)} | dict(wrapped(failure, mask[0], "{}.bool()") or {}) if mask else None


def _mask_of_numbers(failure: Failure, _groups: Groups) -> Details | None:
    """``pred & mask`` with a side that holds floats."""
    numbers = [(name, tensor) for name, tensor in failure.tensors if tensor.is_floating_point()]
    return {"name": numbers[0][0], "given": str(numbers[0][1].dtype)} if numbers else None


def _minus_bool(failure: Failure, _groups: Groups) -> Details | None:
    """``1 - done`` as ``1 - done.float()``."""
    if failure.tensor("target") is not None:
        return None  # inside of a loss
    bools = [name for name, tensor in failure.tensors if tensor.dtype == torch.bool]
    node = located(failure)
    if not bools or not isinstance(node, ast.BinOp):
        return {"name": bools[0] if bools else ""}
    return {"name": bools[0]} | dict(wrapped(failure, bools[0], "{}.float()") or {})


CAUSES = (
    Cause(
        "mask_dtype",
        r"bitwise_\w+ not implemented for '(?:Float|Double|Half|BFloat16)'|\"bitwise_\w+\" not implemented",
        N_("&, | and ~ join masks of bool, and {name} is {given}."),
        N_("Compare first: ({name} > 0) & mask"),
        _mask_of_numbers,
    ),
    Cause(
        "mask_dtype",
        r"Subtraction, the `-` operator, with (?:a|two) bool tensor|Negation, the `-` operator, on a bool tensor",
        N_("{name} is a mask of bool, and yes and no cannot be subtracted."),
        N_("Write ~{name} for its opposite, or convert it first: {name}.float()"),
        _minus_bool,
    ),
    Cause(
        "device_name",
        r"Expected one of cpu, cuda|[Ii]nvalid device string: '(?P<given>[^']*)'"
        r"|don't know how to restore data location of .*\(tagged with (?P<given2>\w+)\)",
        N_("This text names no device: torch knows cpu, cuda, cuda:0, mps and others, in small letters."),
        N_('Write device = torch.device("cuda" if torch.cuda.is_available() else "cpu").'),
    ),
    Cause(
        "mask_dtype",
        r"only supports bool(?:ean)? masks|expected (?:mask|condition) to be a boolean|[Mm]ask.*must be.*bool",
        N_("A mask says yes or no for each number, so its type is bool; this one is {given}."),
        N_("Convert it: mask.bool(), or compare: mask == 1"),
        _mask,
    ),
    Cause(
        "text_in_tensor",
        r"too many dimensions 'str'|new\(\): invalid data type 'str'|can't convert np\.ndarray of type"
        r" numpy\.(?:object|str)_",
        N_("A tensor holds numbers, and here are texts among them."),
        N_("Give each text a number first: 0 for cat, 1 for dog. Of a table take the columns of numbers."),
    ),
    Cause(
        "no_gpu",
        r"not compiled with CUDA|re-initialize CUDA in forked|No CUDA GPUs|NVIDIA driver"
        r"|CUDA driver|no NVIDIA|CUDA is not available"
        r"|MPS backend|torch\.cuda\.is_available\(\) is False",
        N_("The program asks for a GPU, and there is none here: programs run on the CPU."),
        N_('Write device = torch.device("cuda" if torch.cuda.is_available() else "cpu") and .to(device).'),
    ),
    Cause(
        "register_buffer",
        r"same device|on cpu|same dtype|should be the same|expected scalar type|Expected all tensors|on device",
        N_("{name} is a plain attribute: model.to(…), model.double() and state_dict do not know it."),
        N_('Register it in __init__: self.register_buffer("{attribute}", …)'),
        _buffer,
    ),
    Cause(
        "device",
        r"Expected all tensors to be on the same device|is on cpu, but expected|on the same device"
        r"|Input type \(.*\) and weight type \(.*cuda|Tensor on device|but it is on device"
        r"|is not on the expected device"
        r"|[Uu]nhandled FakeTensor Device|Cannot copy out of meta tensor",
        N_("The tensors of one operation must lie on one device: {name} is on {given}, the other on {wanted}."),
        N_("Move it: x = x.to(device). For a module: model.to(device); a tensor's .to returns a new one."),
        _device,
    ),
    Cause(
        "labels_probabilities",
        r"Expected floating point type for target with class probabilities",
        N_("Labels of the shape of the scores are taken as probabilities, which are floats."),
        N_("Give the numbers of the classes, y.argmax(1), or floats, y.float()."),
        _targets_probabilities,
    ),
    Cause(
        "labels_long",
        r"expected scalar type Long|not implemented for '(?:Float|Int|Double|Short|Byte|Char)'"
        r"|Expected floating point type for target|expected target.*Long",
        N_("Class labels are whole numbers of type int64 (Long); these are {given}."),
        N_("Convert the labels: y.long()"),
        _target_long,
    ),
    Cause(
        "indices_long",
        r"argument #1 'indices'|tensors used as indices must be|Expected dtype int(?:32/int)?64 for index"
        r"|index tensor of type LongTensor",
        N_("What looks up rows of a table is a whole number of type int64."),
        N_("Convert the indices: x.long()"),
        optional(_indices),
    ),
    Cause(
        "float_needed",
        r"could not infer output dtype|Input dtype must be either a floating point"
        r"|can only calculate the mean of floating"
        r"|_softmax.*not implemented for 'Long'|not implemented for 'Long'|only floating-point types are supported",
        N_("This operation needs floats, and gets whole numbers."),
        N_("Convert first: x.float()"),
        optional(_to_float),
    ),
    Cause(
        "grad_needs_float",
        r"[Oo]nly Tensors of floating point and complex dtype can require gradients",
        N_("Gradients are real numbers; a tensor of whole numbers has none."),
        N_("Write floats: torch.tensor([1.0, 2.0], requires_grad=True)"),
    ),
    Cause(
        "float_target",
        r"can't be cast to the desired output type|Found dtype \w+ but expected"
        r"|Subtraction, the `-` operator, with",
        N_("This loss compares number with number, so its target must be of floats; it is {given}."),
        N_("Convert the target: y.float()"),
        _float_target,
    ),
    Cause(
        "cast_result",
        r"result type (?P<given>\w+) can't be cast to the desired output type (?P<wanted>\w+)",
        N_("The result is {given}, and the tensor that is changed in place holds {wanted}."),
        N_("Make the tensor of floats, or write a = a + b, which makes a new one."),
    ),
    Cause(
        "dtype",
        r"same dtype|does not match weight dtype|Input type \([\w ]+\) and \w+ type \([\w ]+\)"
        r"|expected scalar type \w+ but found \w+|Found dtype \w+ but expected"
        r"|expected m1 and m2 to have the same dtype|input must have the type|Expected .* to have the same dtype"
        r"|mixed dtype|input and (?:hidden|parameter)",
        N_(
            "{name} is {given}, and the other side is {wanted}. NumPy's and Python's numbers become"
            " float64 or int64."
        ),
        N_("Convert the data once: x = x.float()"),
        _to_float,
    ),
    Cause(
        "numpy_grad",
        r"Can't call numpy\(\) on Tensor that requires grad",
        N_("NumPy knows no gradients, so torch hands over only a tensor outside of the graph."),
        N_("Write .detach().numpy() in place of .numpy()."),
        optional(lambda failure, _: _as_torch(failure) or _detach(failure)),
    ),
    Cause(
        "numpy_input",
        r"must be Tensor, not (?P<kind>list|float|int|bool)\b",
        N_("A layer takes tensors, and this is a {kind} of Python's."),
        N_("Make a tensor of it: torch.tensor(x)"),
        optional(lambda failure, _: first_argument(failure, "torch.tensor({})")),
    ),
    Cause(
        "numpy_input",
        r"must be Tensor, not numpy\.ndarray|received an invalid combination of arguments - got \(numpy\.ndarray"
        r"|'numpy\.ndarray' object has no attribute",
        N_("A layer takes tensors, and this is a NumPy array."),
        N_("Convert it: torch.from_numpy(x).float()"),
        optional(_numpy_argument),
    ),
    Cause(
        "numpy_input",
        r"'int' object is not callable",
        N_("{name} is a NumPy array: its size is a number, and x.size(0) is a method of tensors."),
        N_("Convert it before the model: torch.from_numpy({name}).float()"),
        lambda failure, _: _array_size(failure),
    ),
    Cause(
        "to_numpy_device",
        r"can't convert (?P<given>[\w:]+) device type tensor to numpy",
        N_("NumPy's arrays lie in the CPU's memory; this tensor is on {given}."),
        N_("Copy it first: x.cpu().numpy()"),
    ),
)


def _as_torch(failure: Failure) -> Details | None:
    """``np.square(x)`` as ``torch.square(x)``, where torch has a function of that name."""
    node = located(failure)
    function = node.func if isinstance(node, ast.Call) else None
    if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Name):
        return None
    if function.value.id not in ("np", "numpy") or not hasattr(torch, function.attr):
        return None
    change = failure.source.with_change(function, f"torch.{function.attr}")
    return {"line": function.lineno, "code": change}


def _detach(failure: Failure) -> Details | None:
    node = located(failure)
    if isinstance(node, ast.Call) and last_name(node.func) == "numpy" and isinstance(node.func, ast.Attribute):
        owner = node.func.value
        text = f"{failure.source.operand(owner)}.detach()"
        return {"line": owner.lineno, "code": failure.source.with_change(owner, text)}
    return first_argument(failure, "{}.detach()")
