"""The gradients of the two-layer network, derived by hand: formula, shapes, line of code, and autograd's answer."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from core.errors import N_
from core.foundations.two_layers import WaysSettings, before_training, lines, program, run


@dataclass(frozen=True)
class Step:
    """One line of the derivation. ``shapes`` names sizes; ``why`` is a sentence to translate."""

    idea: str
    formula: str
    text: str
    shapes: str
    why: str


STEPS = (
    Step(
        "hidden",
        r"h = x\,w_1",
        "h = x w₁",
        "(N, H) = (N, D_in) (D_in, H)",
        N_("each sample times each column of w1"),
    ),
    Step("relu", r"h_{relu} = \max(h, 0)", "h_relu = max(h, 0)", "(N, H)", N_("negative values become 0")),
    Step(
        "predict",
        r"\hat y = h_{relu}\,w_2",
        "ŷ = h_relu w₂",
        "(N, D_out) = (N, H) (H, D_out)",
        N_("the second layer"),
    ),
    Step(
        "loss",
        r"L = \sum_{n,k} (\hat y_{nk} - y_{nk})^2",
        "L = Σ (ŷ − y)²",
        "() ← (N, D_out)",
        N_("one number: the sum of all squared errors"),
    ),
    Step(
        "grad_y_pred",
        r"\frac{\partial L}{\partial \hat y} = 2\,(\hat y - y)",
        "∂L/∂ŷ = 2 (ŷ − y)",
        "(N, D_out)",
        N_("the derivative of a square is twice its root, not the square"),
    ),
    Step(
        "grad_w2",
        r"\frac{\partial L}{\partial w_2} = h_{relu}^{\mathsf T}\,\frac{\partial L}{\partial \hat y}",
        "∂L/∂w₂ = h_reluᵀ ∂L/∂ŷ",
        "(H, D_out) = (H, N) (N, D_out)",
        N_("w2[j, k] meets every sample n: a sum over n, which the transpose makes a matrix product"),
    ),
    Step(
        "grad_h_relu",
        r"\frac{\partial L}{\partial h_{relu}} = \frac{\partial L}{\partial \hat y}\,w_2^{\mathsf T}",
        "∂L/∂h_relu = ∂L/∂ŷ w₂ᵀ",
        "(N, H) = (N, D_out) (D_out, H)",
        N_("h_relu[n, j] reaches every output k: a sum over k"),
    ),
    Step(
        "grad_h",
        r"\frac{\partial L}{\partial h} = \frac{\partial L}{\partial h_{relu}} \odot [h > 0]",
        "∂L/∂h = ∂L/∂h_relu where h > 0, else 0",
        "(N, H)",
        N_("where the maximum chose 0, h had no influence"),
    ),
    Step(
        "grad_w1",
        r"\frac{\partial L}{\partial w_1} = x^{\mathsf T}\,\frac{\partial L}{\partial h}",
        "∂L/∂w₁ = xᵀ ∂L/∂h",
        "(D_in, H) = (D_in, N) (N, H)",
        N_("as for w2, one layer further down"),
    ),
)


@dataclass(frozen=True)
class CheckedStep:
    """One derivation step with the code lines that carry it out, the real shape, and the comparison.

    ``difference`` is the largest deviation from autograd divided by the largest entry of autograd's gradient;
    None for the forward steps.
    """

    step: Step
    code: tuple[str, ...]
    shape: tuple[int, ...]
    difference: float | None


def check(settings: WaysSettings, way: str = "numpy") -> list[CheckedStep]:
    """Run one iteration of a program with hand-derived gradients and compare each of them with autograd's."""
    once = replace(settings, iterations=1)
    names = run(program(way, once)).names
    truth = autograd(once)
    checked = []
    for step in STEPS:
        code = tuple(line.text.strip() for line in lines(way, settings) if line.ideas == (step.idea,))
        name = {"hidden": "h", "relu": "h_relu", "predict": "y_pred"}.get(step.idea, step.idea)
        by_hand = torch.as_tensor(names[name])
        difference = None
        if step.idea.startswith("grad_"):
            expected = truth[step.idea]
            scale = expected.abs().max().item() or 1.0
            difference = (by_hand - expected).abs().max().item() / scale
        checked.append(CheckedStep(step, code, tuple(by_hand.shape), difference))
    return checked


def autograd(settings: WaysSettings) -> dict[str, Tensor]:
    """Return autograd's gradient for every hand-derived one, at the initial weights."""
    start = before_training(program("tensors", settings))
    w1, w2 = start["w1"].requires_grad_(), start["w2"].requires_grad_()
    h = start["x"] @ w1
    h_relu = h.clamp(min=0)
    y_pred = h_relu @ w2
    for tensor in (h, h_relu, y_pred):
        tensor.retain_grad()
    (y_pred - start["y"]).pow(2).sum().backward()
    named = {"w1": w1, "w2": w2, "h": h, "h_relu": h_relu, "y_pred": y_pred}
    return {f"grad_{name}": tensor.grad for name, tensor in named.items()}
