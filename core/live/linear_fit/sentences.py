"""Why a fit goes as it goes: where it ended, how steep the loss is, and what that allows."""

from __future__ import annotations

import math

from core.errors import N_
from core.foundations.fit_surface import Curvature, curvature
from core.foundations.linear_fit import TITLES, FitSettings, Stretch, true_matrix
from core.live.instrument import Ask
from core.numerals import fixed

LEAST_SHARE = 1e-4  # below, a share in percent would be rounded to nothing


def limit(ask: Ask, settings: FitSettings, steep: Curvature) -> str:
    """Say which learning rates the loss allows."""
    lr = f"{settings.learning_rate:g}"
    if steep.limit is None or steep.batch_limit is None:
        return ask.say(
            N_("Learning rate {lr}. The limit 2/λ holds for plain SGD and with momentum, not for {optimizer}."),
            lr=lr,
            optimizer=TITLES.get(settings.optimizer, settings.optimizer),
        )
    return ask.say(
        N_(
            "Learning rate {lr}. The limit is {limit} with all samples in each batch, and {batch_limit} for the"
            " steepest of 300 random mini-batches."
        ),
        lr=lr,
        limit=f"{steep.limit:.2f}",
        batch_limit=f"{steep.batch_limit:.2f}",
    )


def end(ask: Ask, settings: FitSettings, last: Stretch) -> str:
    """Say where the fit ended, or why it did not."""
    iterations = last.first + len(last.losses)
    if last.diverged:
        return _diverged(ask, settings, iterations)
    return ask.say(
        N_("After {n} {n:iteration|iterations} the learned matrix is within {difference} of W in every entry."),
        n=iterations,
        difference=f"{(last.weights[-1] - true_matrix(settings)).abs().max():.2g}",
    )


def _diverged(ask: Ask, settings: FitSettings, iterations: int) -> str:
    sentence = ask.say(N_("The training diverged in iteration {at}."), at=iterations) + " "
    steep = curvature(settings)
    if steep.limit is None or settings.optimizer != "SGD":
        return sentence + ask.say(
            N_("Each step overshoots by more than it corrects: choose a smaller learning rate.")
        )
    lr, largest = settings.learning_rate, steep.eigenvalues[-1]
    return sentence + ask.say(
        N_(
            "Along its steepest direction the loss has curvature λ = {largest}, and a step multiplies the error"
            " there by 1 − lr·λ = 1 − {lr}·{largest} = {factor}. When that is below −1, each step overshoots by"
            " more than it corrects. All samples together allow lr up to 2/λ = {limit}; the steepest mini-batch"
            " only {batch_limit}."
        ),
        largest=f"{largest:.3f}",
        lr=f"{lr:g}",
        factor=fixed(1 - lr * largest, 2),
        limit=f"{steep.limit:.2f}",
        batch_limit=f"{steep.batch_limit:.2f}",
    )


def reasons(ask: Ask, settings: FitSettings, steep: Curvature) -> list[str]:
    """Explain why the fit is as fast as it is, and not faster."""
    sentences = [
        ask.say(
            N_(
                "For each output the loss is a parabola in three weights. Its curvatures (eigenvalues λ of H,"
                " measured on these samples) are {eigenvalues}: the steepest is {condition} times the flattest."
            ),
            eigenvalues=", ".join(f"{value:.3f}" if value else "0" for value in steep.eigenvalues),
            condition=f"{steep.condition:.1f}" if steep.condition < math.inf else "∞",
        )
    ]
    if steep.left_over is None:
        rule = N_("This rule holds for plain SGD; other optimizers, or a rate above the limit, behave otherwise.")
        return [*sentences, ask.say(rule)]
    if not steep.eigenvalues[0]:
        flat = N_(
            "With fewer than three samples the loss is the same all along the flattest direction (λ = 0): its"
            " gradient there is 0, no step goes that way, and the error in that direction stays as it was at the"
            " start. That is why a loss of 0 does not mean that the weights are right."
        )
        return [*sentences, ask.say(flat)]
    flattest = ask.say(
        N_(
            "The flattest one takes the time: after {n} {n:step|steps} (1 − {lr}·{flattest})^{n} = {left} of "
            "the error in"
            " that direction is left. That is why the loss is tiny long before the weights are right, and why some"
            " seeds end further from W than others: they start further out in that direction."
        ),
        n=settings.iterations,
        lr=f"{settings.learning_rate:g}",
        flattest=f"{steep.eigenvalues[0]:.4f}",
        left=f"{steep.left_over:.2%}" if steep.left_over >= LEAST_SHARE else f"{steep.left_over:.1e}",
    )
    return [*sentences, flattest]
