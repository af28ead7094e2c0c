"""What the losses of the Operators page share: their reduction, with the two old arguments, and numbers as code."""

from __future__ import annotations

from core.ops.operator import Argument, Values

CHOICES = ("None", "True", "False")
LEGACY = (
    Argument("size_average", "choice", "None", options=CHOICES),
    Argument("reduce", "choice", "None", options=CHOICES),
)
NOT_REDUCED = r"\texttt{reduction='none'}:"
REDUCTION = Argument("reduction", "word", "mean", options=("mean", "sum", "none"))


def reduction(values: Values) -> str:
    """Return the reduction that counts: the two old arguments win over ``reduction`` when one of them is given."""
    average, reduce = values["size_average"], values["reduce"]
    if average == reduce == "None":
        return str(values["reduction"])
    if reduce == "False":
        return "none"
    return "sum" if average == "False" else "mean"


def tensor_text(values: tuple[float, ...] | None) -> str:
    """Return the numbers of a list as the tensor that the program makes, or None."""
    return "None" if values is None else f"torch.tensor({list(map(float, values))})"
