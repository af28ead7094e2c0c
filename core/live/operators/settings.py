"""What an operator can be set to: its arguments, the seed, the numbers of x that were changed, the opened cell."""

from __future__ import annotations

from core.live.settings import Choice, Flag, Number, Setting, Text
from core.ops.operator import Argument, Operator

FAMILY = "operators"
FIRST = "output.0"  # the cell that is open at first: a tensor's name, and the cell's place in row-major order
MOST_SEED = 2**31 - 1
FINE, COARSE = 1e-6, 0.05  # steps of a number: one that is typed, one that is dragged


def settings_of(operator: Operator) -> tuple[Setting, ...]:
    """Return the settings of ``operator``; what belongs to it alone has its name before it, as in the address."""
    arguments = tuple(_setting(f"{operator.name}_{each.name}", each) for each in operator.arguments)
    return (
        *arguments,
        Number("seed", 0, MOST_SEED, 0),
        Text(cells_name(operator), 3000),
        Text("cell", 60, FIRST),
        Flag("ask"),
        Text(guess_name(operator), 40, when=({"ask": (True,)},)),
    )


def cells_name(operator: Operator) -> str:
    """Return the setting that holds the changed numbers of x: "place:number, place:number"."""
    return f"{operator.name}_cells"


def guess_name(operator: Operator) -> str:
    """Return the setting that holds the reader's guess of the shape; it is not in the address."""
    return f"{operator.name}_guess"


def _setting(name: str, argument: Argument) -> Setting:
    """Return the declaration of one argument."""
    if argument.kind == "bool":
        return Flag(name, bool(argument.default))
    if argument.kind == "int":
        return Number(name, int(argument.low), int(argument.high), int(argument.default))
    if argument.kind == "float":
        start = float(argument.default)
        on_the_way = abs((start - argument.low) / COARSE - round((start - argument.low) / COARSE)) < FINE
        return Number(name, float(argument.low), float(argument.high), start, COARSE if on_the_way else FINE)
    if argument.kind in ("choice", "word"):
        return Choice(name, (argument.default, *(each for each in argument.options if each != argument.default)))
    return Text(name, 40, str(argument.default))
