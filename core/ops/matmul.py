"""``matmul``, the @: rows times columns, for vectors, matrices and batches of them."""

from __future__ import annotations

from core.errors import N_, InvalidSetting
from core.ops.dims import broadcast, leading
from core.ops.explanation import Call
from core.ops.index_rule import Cells, IndexRule, Product, each, operation
from core.ops.operator import Argument, Formula, Operator, Surprise, Values, random, shape_text, small


def rule(call: Call) -> IndexRule:
    """y[..., i, j] = Σ_k a[..., i, k] b[..., k, j]; a vector on the left lacks i, one on the right lacks j.

    The dimensions before the last two are broadcast.
    """
    second = next(name for name in call.tensors if name != "input")
    a, b = call.tensors["input"], call.tensors[second]
    rows = (each("i", a.shape[-2]),) if a.dim() > 1 else ()
    columns = (each("j", b.shape[-1]),) if b.dim() > 1 else ()
    k = each("k", a.shape[-1])
    lead = leading(call.output.shape[: call.output.dim() - len(rows) - len(columns)])
    left = Cells("input", "a", (*broadcast(a.shape[:-2], lead), *rows, k))
    right = Cells(second, "b", (*broadcast(b.shape[:-2], lead), k, *columns))
    return IndexRule((Product((*lead, *rows, *columns), (left, right)),))


def _formula(values: Values) -> Formula:
    first, second = values["shape"], values["other"]
    inner = second[-2] if len(second) > 1 else second[0]
    if first[-1] != inner:
        raise InvalidSetting(
            N_("x ends with {last} and other starts with {inner}: {first} @ {second} needs them to be equal"),
            last=first[-1],
            inner=inner,
            first=first,
            second=second,
        )
    lead = [1] * (max(len(first), len(second), 2) - 2)
    for shape in (first[:-2], second[:-2]):
        for k, size in enumerate(shape, len(lead) - len(shape)):
            if size != lead[k] and 1 not in (size, lead[k]):
                raise InvalidSetting(
                    N_("{first} and {second} cannot be broadcast: a dimension must be equal, or 1 in one of them"),
                    first=first[:-2],
                    second=second[:-2],
                )
            lead[k] = max(size, lead[k])
    output = (*lead, *first[-2:-1], *(second[-1:] if len(second) > 1 else ()))
    numbers = rf"{shape_text(first)}\,{shape_text(second)} \to {shape_text(output)}"
    return Formula((r"(*, n, m)\,(*, m, p) \to (*, n, p)", numbers), small(output) if output else output)


OPERATOR = Operator(
    "matmul",
    "torch.matmul",
    "layers",
    "torch.matmul(input, other)  # input @ other",
    N_("Rows times columns, for vectors, matrices and batches of them; the dimensions before are broadcast."),
    "torch.matmul",
    (
        Argument("shape", "shape", "2, 3", examples=("3", "2, 2, 3", "1, 2, 3")),
        Argument("other", "shape", "3, 2", examples=("3", "2, 3, 2", "2, 3")),
    ),
    lambda values: [random("x", values["shape"]), random("other", values["other"]), "y = torch.matmul(x, other)"],
    _formula,
    lambda names, _: Call("matmul", {"input": names["x"], "other": names["other"]}, {}, names["y"]),
    Surprise(
        N_("What is the shape of the product of a (2, 3, 4) and a (4,)?"),
        {"(2, 3)": "(2, 3)", "(2, 3, 1)": "(2, 3, 1)", "error": N_("none, it is an error")},
        "(2, 3)",
        "import torch\n\na, b = torch.ones(2, 3, 4), torch.ones(4)\nprint((a @ b).shape)\n"
        "print((a @ b.unsqueeze(1)).shape)\nprint((b @ torch.ones(4, 3)).shape)\n",
        N_("A vector is a column on the right and a row on the left, and that dimension is dropped again."),
    ),
)


def _bmm_lines(values: Values) -> list[str]:
    out = ", out=out" if values["out"] else ""
    lines = [random("x", values["shape"]), random("mat2", values["mat2"])]
    if values["out"]:
        sizes = (values["shape"][0], values["shape"][-2] if len(values["shape"]) > 1 else 1, values["mat2"][-1])
        lines.append(f"out = torch.empty{sizes}")
    return [*lines, f"y = torch.bmm(x, mat2{out})"]


def _bmm_formula(values: Values) -> Formula:
    first, second = values["shape"], values["mat2"]
    if len(first) != 3 or len(second) != 3:
        raise InvalidSetting(
            N_("bmm takes two tensors of three dimensions, not {first} and {second}"),
            first=len(first),
            second=len(second),
        )
    if first[0] != second[0] or first[2] != second[1]:
        raise InvalidSetting(
            N_("(b, n, m) times (b, m, p) needs equal b and equal m: {first} times {second} does not fit"),
            first=first,
            second=second,
        )
    if values["out"]:
        raise InvalidSetting(N_("out= writes into a given tensor, which autograd cannot follow"))
    output = small((first[0], first[1], second[2]))
    numbers = rf"{shape_text(first)}\,{shape_text(second)} \to {shape_text(output)}"
    return Formula((r"(b, n, m)\,(b, m, p) \to (b, n, p)", numbers), output)


BMM = Operator(
    "bmm",
    "torch.bmm",
    "layers",
    "torch.bmm(input, mat2, *, out=None)",
    N_("One matrix product for each entry of the batch."),
    "torch.bmm",
    (
        Argument("shape", "shape", "2, 2, 3", examples=("1, 2, 3", "2, 3")),
        Argument("mat2", "shape", "2, 3, 2", examples=("1, 3, 2", "2, 2, 3", "3, 2")),
        Argument("out", "bool", False),
    ),
    _bmm_lines,
    _bmm_formula,
    lambda names, _: Call("bmm", {"input": names["x"], "mat2": names["mat2"]}, {}, names["y"]),
    Surprise(
        N_("bmm of (2, 3, 4) and (1, 4, 5): does the single matrix serve both entries?"),
        {"yes": N_("yes, it is broadcast"), "no": N_("no, an error")},
        "no",
        "import torch\n\na, b = torch.ones(2, 3, 4), torch.ones(1, 4, 5)\ntry:\n    torch.bmm(a, b)\n"
        "except RuntimeError as error:\n    print('bmm:', error)\nprint('matmul:', (a @ b).shape)\n",
        N_("bmm does not broadcast. torch.matmul, the @, does."),
    ),
)


OPERATIONS = (
    operation(
        "matmul",
        "mm",
        "mv",
        "dot",
        "bmm",
        rule=rule,
        operators=(BMM, OPERATOR),
        meaning=N_("Each output is a row of the first times a column of the second, multiplied and added up."),
        nodes={
            "MmBackward": N_("A matrix product. Each factor's gradient is g times the other factor."),
            "BmmBackward": N_("A matrix product for each entry of the batch. Each factor gets g times the other."),
            "MvBackward": N_("A matrix times a vector. Each factor's gradient is g times the other factor."),
            "DotBackward": N_("A sum of products. Each factor's gradient is g times the other factor."),
        },
    ),
)
