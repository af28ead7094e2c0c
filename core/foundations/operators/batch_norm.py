"""``nn.BatchNorm2d`` in both modes, with its running statistics."""

from __future__ import annotations

import inspect
import math

from torch import nn

from core.errors import N_, InvalidSetting
from core.ops.operator import (
    DEVICE,
    DTYPE,
    Argument,
    Formula,
    Operator,
    Surprise,
    Values,
    check_factory,
    random,
    same,
)
from core.ops.records import Call

# Older releases of torch have no ``bias`` here.
TAKES_BIAS = "bias" in inspect.signature(nn.BatchNorm2d).parameters
PASSED = (
    "num_features",
    "eps",
    "momentum",
    "affine",
    "track_running_stats",
    "device",
    "dtype",
    *TAKES_BIAS * ("bias",),
)


def _lines(values: Values) -> list[str]:
    given = ", ".join(f"{name}={values[name]}" for name in PASSED)
    lines = [random("x", values["shape"]), f"layer = nn.BatchNorm2d({given}).{values['mode']}()"]
    if values["track_running_stats"]:
        lines.append("before = layer.running_mean.clone(), layer.running_var.clone()")
    lines.append("y = layer(x)")
    if values["track_running_stats"]:
        lines.append('print("running_mean", before[0], "->", layer.running_mean)')
        lines.append('print("running_var ", before[1], "->", layer.running_var)')
    return lines


def uses_batch(values: Values) -> bool:
    """Say whether the batch's own statistics are used: in training, and in eval when none were tracked."""
    return bool(values["mode"] == "train" or not values["track_running_stats"])


def _formula(values: Values) -> Formula:
    shape, tracked = values["shape"], values["track_running_stats"]
    if len(shape) != 4:
        raise InvalidSetting(N_("BatchNorm2d takes four dimensions (N, C, H, W), not {dims}"), dims=len(shape))
    if uses_batch(values) and math.prod(shape) == shape[1]:
        raise InvalidSetting(N_("one value a channel has no variance: training needs at least two"))
    holds = values["affine"] or tracked
    if holds and shape[1] != values["num_features"]:
        raise InvalidSetting(
            N_("x has {have} channels, but num_features is {channels}: the two must be equal"),
            have=shape[1],
            channels=values["num_features"],
        )
    if values["eps"] <= 0 and uses_batch(values):
        raise InvalidSetting(
            N_("eps keeps the square root away from 0 and must be above 0, not {eps}"), eps=values["eps"]
        )
    if values["eps"] < 0:
        raise InvalidSetting(N_("eps is added to a variance and must be 0 or more, not {eps}"), eps=values["eps"])
    check_factory(values, holds)
    return same(values)


def _call(names: Values, values: Values) -> Call:
    layer, tensors = names["layer"], {"input": names["x"]}
    for name in ("weight", "bias"):
        if getattr(layer, name) is not None:
            tensors[name] = getattr(layer, name)
    if not uses_batch(values):
        tensors |= {"running_mean": layer.running_mean, "running_var": layer.running_var}
    return Call("batch_norm", tensors, {"training": uses_batch(values), "eps": values["eps"]}, names["y"])


BATCH_NORM = Operator(
    "BatchNorm2d",
    "torch.nn.BatchNorm2d",
    "regularisation",
    "nn.BatchNorm2d(num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None,"
    f" dtype=None{TAKES_BIAS * ', *, bias=True'})",
    N_("Shifts and scales each channel to mean 0 and variance 1, then by its own γ and β."),
    "torch.nn.BatchNorm2d",
    (
        Argument("shape", "shape", "2, 2, 2, 3", examples=("1, 2, 1, 1", "3, 2", "2, 3, 2, 2")),
        Argument("num_features", "int", 2, 1, 6),
        Argument("eps", "float", 1e-5, -0.1, 10.0),
        Argument("momentum", "choice", "0.1", options=("0.1", "0.5", "1.0", "0.0", "None")),
        Argument("affine", "bool", True),
        Argument("track_running_stats", "bool", True),
        DEVICE,
        DTYPE,
        *TAKES_BIAS * (Argument("bias", "bool", True),),
        Argument("mode", "word", "train", options=("train", "eval")),
    ),
    _lines,
    _formula,
    _call,
    Surprise(
        N_("A new BatchNorm2d in eval mode gets numbers around 10. Its output is around…"),
        {"0": N_("0: it normalises"), "10": N_("10: it hardly changes them")},
        "10",
        "import torch\nfrom torch import nn\n\ntorch.manual_seed(0)\nx = 10 + torch.randn(8, 1, 4, 4)\n"
        "layer = nn.BatchNorm2d(1).eval()\nprint('eval, new:      mean', layer(x).mean().item())\nlayer.train()\n"
        "for k in range(1, 31):\n    y = layer(x)\n    if k in (1, 10, 30):\n"
        "        print('train, batch', k, ': mean', round(y.mean().item(), 4), ' running_mean',"
        " layer.running_mean.item())\nlayer.eval()\nprint('eval, now:      mean', layer(x).mean().item())\n",
        N_(
            "In eval the stored running statistics are used, which start at mean 0 and variance 1. Training"
            " moves them"
            " a tenth (momentum=0.1) of the way with each batch; the running variance divides by n − 1, the"
            " normalisation itself by n."
        ),
    ),
)
