"""Inputs that do not fit a layer: Linear, convolutions, norms, recurrent layers, attention."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping

from torch import Tensor, nn

from core.errors import N_
from core.script.causes.table import (
    Cause,
    Details,
    definition,
    first_argument,
    located,
    shapes,
)
from core.script.failure import Failure, value_of
from core.script.kinds import is_a
from core.script.source import last_name, number
from core.trace.torch_internals import AnyBatchNorm, base

Groups = Mapping[str, str]


def _flatten(failure: Failure, _groups: Groups) -> Details | None:
    """A Linear layer gets pictures, and their numbers together are its in_features."""
    x = failure.tensor("input")
    if not is_a(failure.module, nn.Linear) or x is None or x[1].dim() < 3:
        return None
    if math.prod(x[1].shape[1:]) != failure.module.in_features:
        return None
    values = {**shapes(failure), "wanted": failure.module.in_features, "shape": list(x[1].shape)}
    return values | dict(_input(failure, "{}.flatten(1)") or _flatten_before(failure) or {})


def _input(failure: Failure, form: str) -> Details | None:
    """Return the line with the call's input changed, where what fails inside of the call has its shape."""
    node, x = located(failure), failure.tensor("input")
    if x is None or not isinstance(node, ast.Call) or not node.args:
        return None
    is_called_itself = failure.source.segment(node.func) == failure.module_name
    argument = value_of(node.args[0], failure.variables)
    same = is_a(argument, Tensor) and argument.shape == x[1].shape
    return first_argument(failure, form) if is_called_itself or same else None


def _flatten_before(failure: Failure) -> Details | None:
    """Return the line of a Sequential with a Flatten before its Linear layer."""
    size = getattr(failure.module, "in_features", None)
    layers = [
        part for call in failure.source.calls("Sequential") for part in call.args if isinstance(part, ast.Call)
    ]
    linear = [one for one in layers if last_name(one.func) == "Linear" and one.args]
    fits = [one for one in linear if number(one.args[0]) == size] or linear
    if len(fits) != 1:
        return None
    name = failure.source.segment(fits[0].func).removesuffix("Linear")
    text = f"{name}Flatten(), {failure.source.segment(fits[0])}"
    return {"line": fits[0].lineno, "code": failure.source.with_change(fits[0], text)}


def _whole_batch_in_a_row(failure: Failure, _groups: Groups) -> Details | None:
    """The whole batch as one row: ``torch.flatten(x)`` and the like, which start at dimension 0."""
    x, size = failure.tensor("input"), getattr(failure.module, "in_features", None)
    if not is_a(failure.module, nn.Linear) or x is None or x[1].dim() != 1 or x[1].numel() == size:
        return None
    calls = failure.source.calls("flatten", "Flatten", "view", "reshape", "ravel")
    changes = [(call, text) for call in calls if (text := _from_one(failure, call))]
    before = [pair for pair in changes if pair[0].lineno <= failure.line] or changes
    if not before:
        return None
    call, text = before[-1]
    code = failure.source.with_change(call, text)
    return {"given": x[1].numel(), "line": call.lineno, "code": code}


def _from_one(failure: Failure, call: ast.Call) -> str:
    """Return a call that flattens everything as one that keeps the batch; empty for any other call."""
    name, owner = failure.source.segment(call.func), getattr(call.func, "value", None)
    before = failure.source.operand(owner) if owner is not None else ""
    arguments = [failure.source.segment(one) for one in call.args]
    if call.keywords:
        return ""
    match last_name(call.func), arguments:
        case "Flatten", ["0"]:
            return f"{name}()"
        case "flatten" | "ravel", [] if before:
            return f"{before}.flatten(1)"
        case "flatten", [x] if before == "torch" and x != "0":
            return f"torch.flatten({x}, 1)"
        case "flatten", [x, "0"] if before == "torch":
            return f"torch.flatten({x}, 1)"
        case "view" | "reshape", ["-1"] if before not in ("", "torch"):
            return f"{name}({before}.size(0), -1)"
    return ""


def _turned(failure: Failure, _groups: Groups) -> Details | None:
    """The rows and columns of a table have changed places: its other side is as long as the targets."""
    x = failure.tensor("input")
    if not is_a(failure.module, nn.Linear) or x is None or x[1].dim() != 2 or x[1].grad_fn is not None:
        return None
    here = x[1].data_ptr()  # of its views too
    others = [
        one for one in failure.variables.values() if is_a(one, Tensor) and one.dim() and one.data_ptr() != here
    ]
    samples = any(len(one) == x[1].shape[1] for one in others)
    if x[1].shape[0] != failure.module.in_features or not samples:
        return None
    values = {"layer": failure.module_name or "Linear", "wanted": failure.module.in_features}
    return values | {"name": x[0], "shape": list(x[1].shape)} | dict(_input(failure, "{}.T") or {})


def _in_features(failure: Failure, groups: Groups) -> Details | None:
    if not is_a(failure.module, nn.Linear):
        return None
    x = failure.tensor("input")
    expected, actual = failure.module.in_features, x[1].shape[-1] if x else int(groups["given"])
    change = definition(failure, 0, "in_features", expected, actual)
    return {"wanted": expected, "given": actual, "layer": failure.module_name or "Linear"} | dict(change or {})


def _no_channels(failure: Failure, groups: Groups) -> Details | None:
    """A batch of grey pictures without the dimension of the channels."""
    x = failure.tensor("input")
    if x is None or x[1].dim() != (2 if is_a(failure.module, nn.Conv1d) else 3) or groups["wanted"] != "1":
        return None
    return {"shape": list(x[1].shape)} | dict(_input(failure, "{}.unsqueeze(1)") or {})


def _channels_last(failure: Failure, groups: Groups) -> Details | None:
    x = failure.tensor("input")
    if x is None or x[1].dim() not in (3, 4) or x[1].shape[-1] != int(groups["wanted"]):
        return None
    if is_a(failure.module, nn.Conv2d) and x[1].grad_fn is not None:
        return None  # maps of a layer before are as wide as they should be deep by chance
    layout, channels_last, order = "(N, C, H, W)", "(N, H, W, C)", "0, 3, 1, 2"
    if x[1].dim() == 3:
        layout, channels_last, order = "(C, H, W)", "(H, W, C)", "2, 0, 1"
    if is_a(failure.module, nn.Conv1d):
        layout, channels_last, order = "(N, C, L)", "(N, L, C)", "0, 2, 1"
    values = {"shape": list(x[1].shape), "layout": layout, "given": channels_last, "order": order}
    return values | dict(_input(failure, f"{{}}.permute({order})") or {})


def _in_channels(failure: Failure, groups: Groups) -> Details | None:
    expected, actual = int(groups["wanted"]), int(groups["given"])
    return definition(failure, 0, "in_channels", expected, actual) or {}


def _num_features(failure: Failure, groups: Groups) -> Details | None:
    return definition(failure, 0, "num_features", int(groups["wanted"]), int(groups["given"])) or {}


def _missing_dimension(failure: Failure, _groups: Groups) -> Details | None:
    x = failure.tensor("input")
    if x is None:
        return None
    is_transposed = is_a(failure.module, nn.ConvTranspose2d) and x[1].shape[-1] == failure.module.in_channels
    if is_transposed and x[1].dim() == 2:
        values = {"shape": list(x[1].shape), "dims": 2}
        return values | dict(_input(failure, "{}[:, :, None, None]") or {})
    form = "{}.unsqueeze(0)" if x[1].dim() == 3 else "{}[None, None]" if x[1].dim() == 2 else ""
    values = {"shape": list(x[1].shape), "dims": x[1].dim()}
    return values | dict((_input(failure, form) if form else None) or {})


def _input_size(failure: Failure, groups: Groups) -> Details | None:
    return definition(failure, 0, "input_size", int(groups["wanted"]), int(groups["given"])) or {}


def _sequences(failure: Failure, _groups: Groups) -> Details | None:
    """A table of numbers into a recurrent layer that has a first hidden state for batches."""
    x = failure.tensor("input") or next(iter(failure.tensors), None)
    if not is_a(failure.module, nn.RNNBase) or x is None or x[1].dim() != 2:
        return None
    size = failure.module.input_size
    values = {"size": size, "shape": list(x[1].shape)}
    fits = size == 1 or x[1].shape[1] == size
    change = first_argument(failure, "{}.unsqueeze(-1)" if size == 1 else "{}.unsqueeze(0)") if fits else None
    return values | dict(change or {})


def _rows_mixed(failure: Failure, _groups: Groups) -> Details | None:
    """``x.view(-1, 16)`` made other rows than there are samples; with the batch kept the numbers fit."""
    x = failure.tensor("input")
    if not is_a(failure.module, nn.Linear) or x is None or x[1].dim() != 2:
        return None
    size, samples = failure.module.in_features, _samples(x[1])
    if samples in (None, x[1].shape[0]) or samples * size != x[1].numel():
        return None
    for call in reversed(failure.source.calls("view", "reshape")):
        if call.lineno > failure.line or len(call.args) != 2 or not isinstance(call.func, ast.Attribute):
            continue
        owner = failure.source.segment(call.func.value)
        starts_free = failure.source.segment(call.args[0]) == "-1"
        if starts_free and owner.isidentifier() and number(call.args[1]) in (None, x[1].shape[1]):
            code = failure.source.with_change(call, f"{owner}.{call.func.attr}({owner}.size(0), -1)")
            values = {"rows": x[1].shape[0], "given": x[1].shape[1], "samples": samples, "wanted": size}
            return values | {"line": call.lineno, "code": code}
    return None


def _samples(result: Tensor) -> int | None:
    """Return the first size of what ``result`` is a view of; None where it is none."""
    whole = base(result)
    return whole.shape[0] if whole is not None and whole.dim() > 2 else None


CAUSES = (
    Cause(
        "flatten",
        r"mat1 and mat2 shapes cannot be multiplied|size mismatch, m1",
        N_(
            "Linear multiplies the last dimension, {wanted} {wanted:number|numbers}, and gets pictures of shape"
            " {shape}, not flattened."
        ),
        N_("Flatten all dimensions but the batch before the layer: x = x.flatten(1)"),
        _flatten,
    ),
    Cause(
        "flatten",
        r"mat1 and mat2 shapes cannot be multiplied|size mismatch, (?:m1|got input)",
        N_("All samples were flattened into one row of {given} numbers: flatten begins with the batch here."),
        N_("Begin with dimension 1: torch.flatten(x, 1)"),
        _whole_batch_in_a_row,
    ),
    Cause(
        "in_features",
        r"mat1 and mat2 shapes cannot be multiplied",
        N_(
            "-1 as the first size mixes the samples: {rows} rows of {given} in place of {samples} rows of {wanted}."
        ),
        N_("Keep the batch: x.view(x.size(0), -1)"),
        _rows_mixed,
    ),
    Cause(
        "in_features",
        r"mat1 and mat2 shapes cannot be multiplied|size mismatch, m1",
        N_("{layer} takes rows of {wanted} numbers; {name} {shape} has as many columns as there are samples."),
        N_("Let each sample be a row: {name}.T"),
        _turned,
    ),
    Cause(
        "in_features",
        r"mat1 and mat2 shapes cannot be multiplied \(\d+x(?P<given>\d+) and (?P<wanted>\d+)x\d+\)"
        r"|size mismatch, got input \(\d+\), mat \(\d+x(?P<wanted2>\d+)\), vec \((?P<given2>\d+)\)"
        r"|size mismatch, m1: \[\d+ x (?P<given3>\d+)\], m2: \[(?P<wanted3>\d+) x \d+\]",
        N_("{layer} takes rows of {wanted} {wanted:number|numbers} and gets rows of {given}."),
        N_("Set in_features={given} where {layer} is defined."),
        _in_features,
    ),
    Cause(
        "missing_channel",
        r"to have (?P<wanted>\d+) channels, but got (?P<given>\d+) channels",
        N_("The layer takes (N, 1, H, W) and gets {shape}: the batch is taken for the channels."),
        N_("Add the dimension of the channels: x.unsqueeze(1)"),
        _no_channels,
    ),
    Cause(
        "channels_last",
        r"to have (?P<wanted>\d+) channels, but got (?P<given>\d+) channels",
        N_("This layer takes {layout}, and gets {given}: {shape}."),
        N_("Move the channels to the front: x.permute({order})"),
        _channels_last,
    ),
    Cause(
        "in_channels",
        r"to have (?P<wanted>\d+) channels, but got (?P<given>\d+) channels",
        N_("The layer is made for {wanted} {wanted:channel|channels} and gets {given}."),
        N_(
            "Set in_channels={given} where the layer is defined, or give pictures with {wanted} "
            "{wanted:channel|channels}."
        ),
        _in_channels,
    ),
    Cause(
        "missing_batch",
        r"[Ee]xpected .*(?:3D|4D|2D).* (?:but got input of size|\(got|got) ?|[Ee]xpected \d-dimensional input",
        N_(
            "The layer takes a batch of pictures, (N, C, H, W), and gets {dims} {dims:dimension|dimensions}: "
            "{shape}."
        ),
        N_("Add the missing dimensions: x.unsqueeze(0) for the batch, x.unsqueeze(1) for the channels."),
        lambda failure, groups: None if is_a(failure.module, AnyBatchNorm) else _missing_dimension(failure, groups),
    ),
    Cause(
        "norm_dims",
        r"expected (?P<wanted>[\w ]+) input \(got (?P<given>\d)D input\)",
        N_("This batch norm takes {wanted} tensors and gets one of {given} {given:dimension|dimensions}."),
        N_("Use BatchNorm1d after Linear, BatchNorm2d after Conv2d."),
    ),
    Cause(
        "num_features",
        r"running_mean should contain (?P<given>\d+) elements not (?P<wanted>\d+)",
        N_("The batch norm is made for {wanted} {wanted:channel|channels} and gets {given}."),
        N_("Set num_features={given}."),
        _num_features,
    ),
    Cause(
        "batch_of_one",
        r"Expected more than 1 value per channel when training",
        N_("A norm needs the variance of several values and gets one: batch norm in train mode, or group norm."),
        N_(
            "Batch norm: give a batch of two or more (DataLoader(…, drop_last=True)), or call model.eval() before."
            " Group norm: fewer groups."
        ),
    ),
    Cause(
        "normalized_shape",
        r"Given normalized_shape=\[(?P<wanted>[\d, ]+)\], expected input",
        N_("The layer norm is made for the last sizes [{wanted}], and its input ends in others."),
        N_("Set normalized_shape to the last sizes of the input."),
    ),
    Cause(
        "input_size",
        r"input\.size\(-1\) must be equal to input_size\. Expected (?P<wanted>\d+), got (?P<given>\d+)",
        N_("The recurrent layer takes {wanted} {wanted:number|numbers} a step and gets {given}."),
        N_("Set input_size={given}, or move that dimension to the end."),
        _input_size,
    ),
    Cause(
        "missing_batch",
        r"For unbatched 2-D input, hx",
        N_("The layer takes a batch of sequences, (N, L, {size}) with batch_first=True, and gets {shape}."),
        N_("Add the missing dimension: x.unsqueeze(-1) for one number a step, x.unsqueeze(0) for a batch of one."),
        _sequences,
    ),
    Cause(
        "hidden_size",
        r"Expected hidden(?:\[\d\])? size|For (?:un)?batched .* hx|batch_sizes|hx should also be",
        N_("The first hidden state must be (num_layers, batch, hidden_size), also with batch_first=True."),
        N_("Make it of that shape, or leave it out: torch starts with zeros."),
    ),
    Cause(
        "window_too_large",
        r"[Kk]ernel size can't be greater than actual input size|Output size is too small|output size.*too small",
        N_("The window is larger than what is left of the picture."),
        N_("Use a larger input, a smaller kernel, fewer poolings, or padding."),
    ),
    Cause(
        "heads",
        r"embed_dim must be divisible by num_heads",
        N_("Every head gets embed_dim / num_heads numbers, and that is no whole number."),
        N_("Choose num_heads so that it divides embed_dim."),
    ),
    Cause(
        "attention_mask",
        r"attn_mask|key_padding_mask|attention mask",
        N_("The mask has another shape than the scores: (length of queries, length of keys)."),
        N_("Make the mask of that shape; key_padding_mask is (batch, length of keys)."),
    ),
    Cause(
        "embed_dim",
        r"was expecting embedding dimension of (?P<wanted>\d+), but got (?P<given>\d+)",
        N_("The attention is made for {wanted} {wanted:number|numbers} a token and gets {given}."),
        N_("Set embed_dim={given} where the layer is defined, or give tokens of {wanted} {wanted:number|numbers}."),
        lambda failure, groups: (
            definition(failure, 0, "embed_dim", int(groups["wanted"]), int(groups["given"])) or {}
        ),
    ),
)
