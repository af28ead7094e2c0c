"""What the training page teaches is true in PyTorch."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F

from core import datasets
from core.i18n import LANGUAGES, prose_sections
from core.networks import registry


def losses(learning_rate: float, momentum: float) -> torch.Tensor:
    """The losses of 300 steps down a bowl that is ten times steeper in one direction than in the other."""
    weight = torch.tensor([3.0, -2.0], requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=learning_rate, momentum=momentum)
    sentences = []
    for _ in range(300):
        optimizer.zero_grad()
        loss = (torch.tensor([0.1, 1.0]) * weight**2).sum()
        loss.backward()
        optimizer.step()
        sentences.append(loss.detach())
    return torch.stack(sentences)


def test_momentum_a_half_is_nearly_twice_the_rate_without_momentum() -> None:
    half, doubled, none = losses(0.01, 0.5), losses(0.02, 0.0), losses(0.01, 0.0)
    assert (half - doubled).abs().mean() < 0.1 * (half - none).abs().mean()


def test_the_gradient_counts_in_full_and_dampening_halves_it() -> None:
    for dampening, first_step in ((0.0, -0.1), (0.5, -0.1)):
        weight = torch.zeros(1, requires_grad=True)
        optimizer = torch.optim.SGD([weight], lr=0.1, momentum=0.5, dampening=dampening)
        steps = []
        for _ in range(30):
            before = weight.item()
            weight.grad = torch.ones(1)
            optimizer.step()
            steps.append(weight.item() - before)
        assert math.isclose(steps[0], first_step, rel_tol=1e-6)
        limit = -0.1 * (1 - dampening) / (1 - 0.5)
        assert math.isclose(steps[-1], limit, rel_tol=1e-4)


def test_a_network_that_knows_nothing_begins_near_2_303() -> None:
    digits = datasets.load("digits")
    network = registry.build("mnist", seed=1).eval()
    with torch.no_grad():
        output = network(datasets.normalise(digits.test_images))
    assert abs(F.nll_loss(output, digits.test_labels).item() - math.log(10)) < 0.05


def test_938_batches_and_the_last_one_has_32() -> None:
    assert (-(-60_000 // 64), 60_000 - 937 * 64) == (938, 32)


def test_both_languages_explain_the_same_things() -> None:
    keys = {language: set(prose_sections(language, "train")) for language in LANGUAGES}
    assert keys["en"] == keys["zh"] >= {"epoch", "curve", "momentum", "dropout", "checkpoint", "diverged"}
