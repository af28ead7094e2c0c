"""What entries of the Operators page share: dimensions that are named, a second tensor, a loss against a target."""

from __future__ import annotations

from collections.abc import Callable

from core.errors import N_, InvalidSetting
from core.ops.explanation import Call
from core.ops.operator import (
    Argument,
    Formula,
    Operator,
    Shape,
    Surprise,
    Values,
    dimension,
    random,
    shape_text,
)

SHAPE = Argument("shape", "shape", "2, 3", examples=("4", "2, 2, 3"))


def arrow(input_shape: Shape, output: Shape, *others: Shape) -> str:
    """Write which shapes give which, in LaTeX."""
    shapes = r",\,".join(shape_text(shape) for shape in (input_shape, *others))
    return rf"{shapes} \to {shape_text(output)}"


def dimensions(values: Values, name: str, count: int) -> list[int]:
    """Return the dimensions that ``values[name]`` names, all for None, counted from the front; each only once."""
    value = values[name]
    entries = range(count) if value is None else value if isinstance(value, tuple) else (value,)
    if any(not isinstance(dim, int) for dim in entries):
        raise InvalidSetting(N_("dim is a dimension, several, or none, not {dim}"), dim=value)
    dims = [dimension({name: dim}, name, count) for dim in entries]
    if len(set(dims)) < len(dims):
        raise InvalidSetting(N_("one dimension is named twice in {dims}"), dims=value)
    return dims


def of_several(
    name: str,
    signature: str,
    description: str,
    dim: Argument,
    output: Callable[[Values], tuple[str, Shape]],
    surprise: Surprise | None = None,
    keywords: str = "",
) -> Operator:
    """Return an operator that puts x and other together along ``dim``; ``output`` gives rule and shape."""

    def formula(values: Values) -> Formula:
        rule, shape = output(values)
        return Formula((rule, arrow(values["shape"], shape, values["other"])), shape)

    return Operator(
        name,
        f"torch.{name}",
        "shapes",
        signature,
        description,
        f"torch.{name}",
        (SHAPE, Argument("other", "shape", "2, 3", examples=("1, 3", "2, 1", "4")), dim),
        lambda values: [
            random("x", values["shape"]),
            random("other", values["other"]),
            f"y = torch.{name}((x, other), dim={values['dim']})",
        ],
        formula,
        lambda names, values: Call(
            name, {"input": names["x"], "other": names["other"]}, {"dim": values["dim"]}, names["y"]
        ),
        surprise,
        keywords=keywords,
    )


def of_target(
    name: str, description: str, x: Callable[[Shape], str], surprise: Surprise | None = None, keywords: str = ""
) -> Operator:
    """Return a loss between x, which ``x(shape)`` makes, and targets of the same shape that are 0 or 1."""

    def formula(values: Values) -> Formula:
        shape = values["shape"]
        output = shape if values["reduction"] == "none" else ()
        return Formula((r"(*) \to ()", r"\texttt{reduction='none'}:\; (*) \to (*)", arrow(shape, output)), output)

    return Operator(
        name,
        f"torch.nn.functional.{name}",
        "losses",
        f"F.{name}(input, target, reduction='mean')",
        description,
        f"torch.nn.functional.{name}",
        (
            SHAPE,
            Argument("target", "word", "random", options=("random", "zeros", "ones")),
            Argument("reduction", "word", "mean", options=("mean", "sum", "none")),
        ),
        lambda values: [
            x(values["shape"]),
            {
                "random": "target = torch.rand(x.shape).round()",
                "zeros": "target = torch.zeros(x.shape)",
                "ones": "target = torch.ones(x.shape)",
            }[values["target"]],
            f"y = F.{name}(x, target, reduction={values['reduction']!r})",
        ],
        formula,
        lambda names, values: Call(
            name, {"input": names["x"], "target": names["target"]}, {"reduction": values["reduction"]}, names["y"]
        ),
        surprise,
        loss=True,
        keywords=f"loss 损失 {keywords}",
    )
