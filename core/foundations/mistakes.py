"""Mistakes that such programs really contain: each one is put into a program, which is then really run."""

from __future__ import annotations

import math
import traceback
from dataclasses import dataclass

from core.errors import N_
from core.foundations.two_layers import WaysSettings, program, run
from core.warning_filters import recorded_warnings


@dataclass(frozen=True)
class Mistake:
    """The line ``right`` of the program ``way`` replaced by ``wrong``; ``why`` explains what then happens."""

    way: str
    right: str
    wrong: str
    why: str


MISTAKES: dict[str, Mistake] = {
    "x of shape (D_in, H)": Mistake(
        "numpy",
        "x = rng.standard_normal((N, D_in))",
        "x = rng.standard_normal((D_in, H))",
        N_(
            "x holds N samples of D_in numbers, so it is (N, D_in). A matrix product needs the inner sizes to be"
            " equal: (D_in, H) times (D_in, H) does not fit unless H happens to equal D_in."
        ),
    ),
    "(y_pred - y).pow(2)": Mistake(
        "tensors",
        "grad_y_pred = 2.0 * (y_pred - y)",
        "grad_y_pred = (y_pred - y).pow(2)",
        N_(
            "The square is the loss, not its derivative. A square is never negative, so every output is pushed down"
            " only, whichever side its error is on: no error message, only a wrong curve."
        ),
    ),
    "np.square, manual": Mistake(
        "tensors",
        "loss = (y_pred - y).pow(2).sum().item()",
        "loss = np.square(y_pred - y).sum().item()",
        N_(
            "On a CPU tensor outside autograd NumPy converts the tensor, and the losses are right. The same line "
            "fails as soon as the tensor requires gradients (the next mistake) or lies on a GPU."
        ),
    ),
    "np.square, autograd": Mistake(
        "sequential",
        "loss = loss_fn(y_pred, y)",
        "loss = np.square(y_pred - y).sum()",
        N_("NumPy cannot record gradients, so PyTorch refuses to hand over a tensor that needs them. Use .pow(2)."),
    ),
    "return indent": Mistake(
        "module",
        "        return self.linear2(h_relu)",
        "    return self.linear2(h_relu)",
        N_("One indent less, and the return stands in the class, not in forward: Python does not even start."),
    ),
    "no return": Mistake(
        "module",
        "        return self.linear2(h_relu)",
        "        self.linear2(h_relu)",
        N_("A Python function without return gives None, so the loss is asked to compare None with y."),
    ),
    "grad_y_perd": Mistake(
        "numpy",
        "grad_h_relu = grad_y_pred.dot(w2.T)",
        "grad_h_relu = grad_y_perd.dot(w2.T)",
        N_("A misspelt name is found only when its line runs. Several programs on the web carry this one."),
    ),
    "no zero_grad": Mistake(
        "sequential",
        "    model.zero_grad()",
        "    pass",
        N_("backward() adds to .grad, so each step goes along the sum of all gradients so far and overshoots."),
    ),
    "TwoLayreNet": Mistake(
        "module",
        "model = TwoLayerNet(D_in, H, D_out)",
        "model = TwoLayreNet(D_in, H, D_out)",
        N_("The class is called TwoLayerNet. Python looks a name up when the line runs, so it fails only here."),
    ),
}


@dataclass(frozen=True)
class Outcome:
    """What really happened: ``kind`` is "error", "curve" (it ran, with other losses) or "same" (nothing changed).

    ``error`` is the last line of Python's own traceback, ``line`` the number of the program's line that raised it.
    ``warnings`` are what Python and the libraries warned of while it ran.
    """

    kind: str
    program: str
    losses: tuple[float, ...]
    right_losses: tuple[float, ...]
    error: str = ""
    line: int | None = None
    warnings: tuple[str, ...] = ()


def mistaken(mistake: Mistake, settings: WaysSettings) -> str:
    """Return the program with the mistake in it."""
    text = program(mistake.way, settings)
    assert text.count(mistake.right) == 1, mistake.right
    return text.replace(mistake.right, mistake.wrong)


def wrong_lines(mistake: Mistake, settings: WaysSettings) -> range:
    """Return the numbers of the program's lines that are wrong, from 1 on."""
    before, _right, _after = program(mistake.way, settings).partition(mistake.right)
    first = before.count("\n") + 1
    return range(first, first + mistake.wrong.rstrip("\n").count("\n") + 1)


def make(mistake: Mistake, settings: WaysSettings) -> Outcome:
    """Run the program with the mistake, and without it, and tell what happened."""
    text = mistaken(mistake, settings)
    right = run(program(mistake.way, settings)).losses
    try:
        with recorded_warnings() as warned:
            losses = run(text).losses
    except SyntaxError as error:
        return Outcome("error", text, (), right, _last_line(error), error.lineno)
    except Exception as error:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<program>"]
        return Outcome("error", text, (), right, _last_line(error), frames[0].lineno)
    same = all(math.isclose(a, b, rel_tol=1e-9) for a, b in zip(losses, right, strict=True))
    return Outcome("same" if same else "curve", text, losses, right, warnings=tuple(warned))


def _last_line(error: BaseException) -> str:
    return traceback.format_exception_only(error)[-1].strip()
