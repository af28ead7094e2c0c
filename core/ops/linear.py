"""``linear``: y = x Wᵀ + b."""

from __future__ import annotations

from core.errors import N_, InvalidSetting
from core.ops.explanation import Call
from core.ops.index_rule import Cells, IndexRule, Product, each, operation
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
    shape_text,
)


def rule(call: Call) -> IndexRule:
    """y[..., j] = Σ_k x[..., k] W[j, k] + b[j]"""
    x, weight = call.tensors["input"], call.tensors["weight"]
    lead = tuple(each(f"n_{k}", size) for k, size in enumerate(x.shape[:-1]))  # every row by itself
    j, k = each("j", weight.shape[0]), each("k", weight.shape[1])
    products = [Product((*lead, j), (Cells("input", "x", (*lead, k)), Cells("weight", "w", (j, k))))]
    if "bias" in call.tensors:
        products.append(Product((*lead, j), (Cells("bias", "b", (j,)),)))
    return IndexRule(tuple(products))


SIZES = (
    Argument("shape", "shape", "2, 3", examples=("3", "2, 2, 3", "2, 4")),
    Argument("in_features", "int", 3, 1, 8),
    Argument("out_features", "int", 2, 1, 8),
)


def _lines(values: Values) -> list[str]:
    layer = (
        f"layer = nn.Linear(in_features={values['in_features']}, out_features={values['out_features']},"
        f" bias={values['bias']}, device={values['device']}, dtype={values['dtype']})"
    )
    return [random("x", values["shape"]), layer, "y = layer(x)"]


def _formula(values: Values) -> Formula:
    *lead, last = values["shape"]
    if last != values["in_features"]:
        raise InvalidSetting(
            N_("the last dimension of x is {last}, but in_features is {features}: the two must be equal"),
            last=last,
            features=values["in_features"],
        )
    check_factory(values)
    output = (*lead, values["out_features"])
    numbers = rf"{shape_text(values['shape'])} \to {shape_text(output)}"
    return Formula((r"(*, \text{in\_features}) \to (*, \text{out\_features})", numbers), output)


def _call(names: Values, _values: Values) -> Call:
    """Read the call of ``layer`` out of a program's names."""
    tensors = {"input": names["x"], "weight": names["layer"].weight}
    if names["layer"].bias is not None:
        tensors["bias"] = names["layer"].bias
    return Call("linear", tensors, {}, names["y"])


LINEAR = Operator(
    "Linear",
    "torch.nn.Linear",
    "layers",
    "nn.Linear(in_features, out_features, bias=True, device=None, dtype=None)",
    N_("Each output is a weighted sum of all inputs, plus a bias: y = x Wᵀ + b."),
    "torch.nn.Linear",
    (*SIZES, Argument("bias", "bool", True), DEVICE, DTYPE),
    _lines,
    _formula,
    _call,
    Surprise(
        N_("nn.Linear(3, 2): which shape does its weight have?"),
        {"(2, 3)": "(2, 3)", "(3, 2)": "(3, 2)"},
        "(2, 3)",
        "import torch\nfrom torch import nn\n\nlayer = nn.Linear(3, 2)\nprint(layer.weight.shape)\n"
        "x = torch.ones(5, 3)\nprint(torch.equal(layer(x), x @ layer.weight.t() + layer.bias))\n",
        N_("The weight is held as (out_features, in_features), one row per output, and used transposed."),
    ),
)


def _forward_lines(values: Values) -> list[str]:
    return [
        random("x", values["shape"]),
        f"layer = nn.Linear({values['in_features']}, {values['out_features']})",
        "seen = []",
        "layer.register_forward_hook(lambda module, inputs, output: seen.append(output.shape))",
        f"y = {values['call']}",
        'print("the hook saw", seen)',
    ]


FORWARD = Operator(
    "forward",
    "torch.nn.Module.forward",
    "layers",
    "def forward(self, x): ...  # called as module(x)",
    N_("forward defines what a module computes. Call the module itself: it runs forward and the hooks around it."),
    "torch.nn.Module",
    (*SIZES, Argument("call", "choice", "layer(x)", options=("layer(x)", "layer.forward(x)"))),
    _forward_lines,
    lambda values: _formula({**values, "device": "None", "dtype": "None"}),
    _call,
    Surprise(
        N_("A hook is registered on a layer. Does it run when you call layer.forward(x)?"),
        {"yes": N_("yes, forward is forward"), "no": N_("no, only layer(x) runs hooks")},
        "no",
        "import torch\nfrom torch import nn\n\nlayer = nn.Linear(3, 2)\n"
        'layer.register_forward_hook(lambda module, inputs, output: print("  the hook runs"))\n'
        "x = torch.ones(1, 3)\n"
        'print("layer(x):")\na = layer(x)\nprint("layer.forward(x):")\nb = layer.forward(x)\n'
        'print("same numbers:", torch.equal(a, b))\n',
        N_("layer(x) goes through Module.__call__, which runs forward and, before and after it, the hooks."),
    ),
)


OPERATIONS = (
    operation(
        "linear",
        rule=rule,
        operators=(LINEAR, FORWARD),
        meaning=N_("Every output is a weighted sum of all inputs plus a bias: x·Wᵀ + b."),
        nodes={
            "AddmmBackward": N_(
                "addmm is b + x·Wᵀ: what nn.Linear does to a batch. Sends the sum of g over the batch to b, "
                "g·W to x, and xᵀ·g to Wᵀ."
            ),
            "LinearBackward": N_(
                "x·Wᵀ, with b if there is one. Sends g·W to x, gᵀ·x to W, and the sum of g over the batch to b."
            ),
        },
    ),
)
