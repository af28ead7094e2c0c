"""``torch.bmm``: many matrix products at once."""

from __future__ import annotations

from core.errors import N_, InvalidSetting
from core.ops.operator import (
    Argument,
    Formula,
    Operator,
    Surprise,
    Values,
    random,
    shape_text,
    small,
)
from core.ops.records import Call


def _lines(values: Values) -> list[str]:
    out = ", out=out" if values["out"] else ""
    lines = [random("x", values["shape"]), random("mat2", values["mat2"])]
    if values["out"]:
        sizes = (values["shape"][0], values["shape"][-2] if len(values["shape"]) > 1 else 1, values["mat2"][-1])
        lines.append(f"out = torch.empty{sizes}")
    return [*lines, f"y = torch.bmm(x, mat2{out})"]


def _formula(values: Values) -> Formula:
    first, second = values["shape"], values["mat2"]
    if len(first) != 3 or len(second) != 3:
        raise InvalidSetting(N_("bmm takes two tensors of three dimensions, not {first} and {second}"),
                      first=len(first), second=len(second))  # fmt: skip
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
    _lines,
    _formula,
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
