"""Small tensors in and out as grids; any cell of output and gradients opened into its terms."""

from __future__ import annotations

import math
from typing import Any

import streamlit as st
import torch
from torch import Tensor

from core.foundations.run_operator import Ran, open_gradient, open_value
from core.ops.operator import Operator
from core.ops.places import cell as place_of
from core.ops.places import place
from core.ops.records import Explanation
from core.ops.written import arithmetic
from pages.shared import address
from pages.shared.component import component
from pages.shared.language import _

CELL, FIRST = (
    "operators_cell",
    "output.0",
)  # in the address: a tensor's name and the cell's place in row-major order
TITLES = {"input": "x", "output": "y", "grad_output": "∂L/∂y"}


def show(operator: Operator, ran: Ran, seed: int) -> None:
    """Mount the grid and, below it, the opened cell."""
    revision = f"{operator.name} {ran.program} {seed}"
    tensors = _tensors(ran)
    cell = _cell(tensors)
    data = {
        "revision": revision,
        "tensors": [_packed(ran, tensors, name) for name in tensors],
        "cell": cell,
        "labels": {
            "rows": [_("Forward: from the inputs to y"), _("Backward: from ∂L/∂y to the gradients")],
            "hint": _("Point at a cell of y or of a gradient to see what it was computed from. Click to open it."),
        },
    }
    component("operators/small_grid")(
        data=data, key="operators_grid", on_cell_change=_chosen, default={"cell": None}
    )
    _opened(ran, cell["tensor"], place_of(cell["at"], tensors[cell["tensor"]].shape))
    if ran.printed:
        with st.expander(_("What the program prints")):
            st.code(ran.printed, language=None)


def _tensors(ran: Ran) -> dict[str, Tensor]:
    """Every tensor of the call by name: inputs, output, and with "grad " before it each gradient."""
    assert ran.call is not None and ran.grad_output is not None
    found = {**ran.call.tensors, **ran.call.saved, "output": ran.call.output, "grad_output": ran.grad_output}
    return {**found, **{f"grad {name}": grad for name, grad in ran.grads.items()}}


def _cell(tensors: dict[str, Tensor]) -> dict[str, Any]:
    """Return the cell that the reader chose, else the address's, else the first of y."""
    every = {f"{name}.{at}": (name, at) for name, tensor in tensors.items() for at in range(tensor.numel())}
    name, at = every.get(address.kept(CELL, FIRST), ("output", 0))
    st.session_state[CELL] = f"{name}.{at}"
    address.remember(CELL, f"{name}.{at}", FIRST)
    return {"tensor": name, "at": at}


def _chosen() -> None:
    """Keep the cell that the browser reports."""
    cell = st.session_state["operators_grid"].get("cell")
    if isinstance(cell, dict):
        st.session_state[CELL] = f"{cell.get('tensor')}.{cell.get('at')}"


def _open(ran: Ran, name: str, index: tuple[int, ...]) -> Explanation | None:
    if name == "output":
        return open_value(ran, index)
    return open_gradient(ran, name.removeprefix("grad "), index) if name.startswith("grad ") else None


def _packed(ran: Ran, tensors: dict[str, Tensor], name: str) -> dict[str, Any]:
    tensor = tensors[name].detach()
    title = TITLES.get(name, name)
    if name.startswith("grad "):
        which = name.removeprefix("grad ")
        title = f"∂L/∂{TITLES.get(which, which)}"
    openable = name == "output" or name.startswith("grad ")
    return {
        "name": name,
        "title": title,
        "shape": list(tensor.shape),
        "values": [value if math.isfinite(value) else str(value) for value in tensor.double().flatten().tolist()],
        "row": 1 if name.startswith("grad") else 0,
        "sources": _sources(ran, tensors, name) if openable else None,
    }


def _sources(ran: Ran, tensors: dict[str, Tensor], name: str) -> list[list[tuple[int, int]]]:
    """For each cell of ``name``: (number of the tensor, place in it) of every cell that it was made of."""
    numbers = {tensor: number for number, tensor in enumerate(tensors)}
    every = []
    for at in range(tensors[name].numel()):
        opened = _open(ran, name, place_of(at, tensors[name].shape))
        factors = [factor for term in (opened.terms if opened else ()) for factor in term.factors]
        cells = {
            (numbers[factor.tensor], place(factor.index, tensors[factor.tensor].shape))
            for factor in factors
            if factor.tensor in numbers and factor.index is not None
        }
        every.append(sorted(cells))
    return every


def _opened(ran: Ran, name: str, index: tuple[int, ...]) -> None:
    """Show the arithmetic of one cell and torch's number beside it."""
    which = TITLES.get(name.removeprefix("grad "), name.removeprefix("grad "))
    title = f"∂L/∂{which}" if name.startswith("grad ") else which
    with st.container(border=True):
        st.markdown(_("**Opened: {cell}**", cell=f"`{title}[{', '.join(map(str, index))}]`"))
        opened = _open(ran, name, index)
        if opened is None:
            st.caption(_("The arithmetic of this call is not written out here (a rarely used option is set)."))
            return
        st.latex(opened.symbolic)
        for line in arithmetic(opened):
            st.latex(line)
        st.caption(
            _(
                "By hand {result}, torch {torch_value}; difference {difference} (torch computes in {dtype}).",
                result=f"{opened.result:.8g}",
                torch_value=f"{opened.torch_value:.8g}",
                difference=f"{opened.difference:.1e}",
                dtype=str(torch.get_default_dtype()).removeprefix("torch."),
            )
        )
