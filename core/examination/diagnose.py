"""From what was seen to what is wrong: each rule looks for one cause and brings the numbers that show it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from statistics import median

from core.errors import N_
from core.examination.examination import ActivationReading, Examination, Finding, Reading, WeightReading

Rule = Callable[[Examination], Iterator[Finding]]

DEAD, NEARLY_ALL_DEAD = 0.6, 0.95  # share of a layer's units: of a network that does not learn, of any
FLAT = 0.6  # share of a layer's values
FALLS = 0.9  # a loss that has fallen to less than this share of its first value is learning
GAP, RISEN = 0.35, 0.2  # a test loss, as a share of the loss of guessing
BELOW_CHANCE = 0.97  # of the loss of guessing
SMALL_UPDATE, LARGE_UPDATE = 3e-5, 0.1  # of a weight's norm in one step
VANISHED, EXPLODED = 1e-4, 50.0
EQUAL = 1e-6  # of a weight's root mean square: a std below it is rounding
RATE_TOO_HIGH = N_(
    "The learning rate is too high: step {step} changed {name} by {ratio:.2g} of its size, and the loss"
    " went from {first:.4g} to {last:.4g}."
)


def diagnose(report: Examination) -> tuple[Finding, ...]:
    """Return what is wrong, what to change first first; () for a training in which nothing stands out."""
    causes = tuple(finding for rule in RULES for finding in rule(report))
    return causes or tuple(finding for rule in SYMPTOMS for finding in rule(report))


def losses(report: Examination) -> list[float]:
    """Return the losses of the examined steps."""
    return [reading.loss for reading in report.readings]


def learns(report: Examination) -> bool:
    """Return whether the median of the last quarter of the losses is clearly below the first and below guessing."""
    values = losses(report)
    if len(values) < 8 or not all(map(math.isfinite, values)):
        return False
    return late(values) < FALLS * values[0] and late(values) < BELOW_CHANCE * chance(report)


def chance(report: Examination) -> float:
    """Return the cross-entropy of guessing, ln(classes); infinity where there are no classes."""
    classes = report.data.classes if report.data else None
    return math.log(classes) if classes is not None and classes > 1 else math.inf


def late(values: list[float]) -> float:
    """Return the median of the last quarter."""
    return median(values[-max(3, len(values) // 4) :])


def trained(reading: Reading) -> list[WeightReading]:
    """Return the readings of weights that an optimizer's step moved or should have: matrices and kernels."""
    return [weight for weight in reading.weights if weight.size > 1 and weight.has_gradient]


def parameters_left_out(report: Examination) -> Iterator[Finding]:
    """A parameter that is frozen, not in the optimizer, or that no gradient reaches."""
    for parameter in report.parameters:
        if not parameter.trains:
            yield Finding(
                "frozen",
                N_("{name} does not train: its requires_grad is False."),
                {"name": parameter.name},
                parameter.name,
            )
        elif not parameter.in_optimizer:
            yield Finding(
                "not_in_optimizer",
                N_("{name} is not among the optimizer's parameters, so no step changes it."),
                {"name": parameter.name},
                parameter.name,
            )
    if not report.readings:
        return
    trains = {parameter.name for parameter in report.parameters if parameter.trains and parameter.in_optimizer}
    for weight in report.readings[-1].weights:
        if weight.name in trains and not any(
            reading.weight(weight.name).has_gradient for reading in report.readings
        ):
            yield Finding(
                "no_gradient",
                N_("No gradient ever reached {name}: the loss does not depend on it."),
                {"name": weight.name},
                weight.name,
            )


def wrong_mode(report: Examination) -> Iterator[Finding]:
    """Layers in eval mode while the network trains, or in training mode while it is tested."""
    for reading in report.readings:
        if reading.frozen_modes:
            yield Finding(
                "eval_while_training",
                N_("{layer} was in eval mode while the network trained (step {step}): call net.train()."),
                {"layer": reading.frozen_modes[0], "step": reading.step},
                reading.frozen_modes[0],
                reading.step,
            )
            break
    for test in report.tests:
        if test.training_modes:
            yield Finding(
                "train_while_testing",
                N_("{layer} was in training mode while the network was tested (step {step}): call net.eval()."),
                {"layer": test.training_modes[0], "step": test.step},
                test.training_modes[0],
                test.step,
            )
            break


def wrong_loss(report: Examination) -> Iterator[Finding]:
    """A loss that was given something else than it takes."""
    for reading in report.readings[:3]:
        if reading.probabilities_into:
            yield Finding(
                "softmax_before_cross_entropy",
                N_(
                    "cross_entropy was given probabilities (each row adds up to 1); it wants logits and applies"
                    " log_softmax itself."
                ),
                {},
                step=reading.step,
            )
            return
        if reading.logits_into:
            yield Finding(
                "nll_without_log_softmax",
                N_("nll_loss was given numbers that are no log-probabilities: apply log_softmax first."),
                {},
                step=reading.step,
            )
            return


def gradients_add_up(report: Examination) -> Iterator[Finding]:
    """Gradients of earlier steps that were never set to zero."""
    late_steps = [reading for reading in report.readings if reading.step > 0]
    mine = {parameter.name for parameter in report.parameters if parameter.in_optimizer}
    leftovers = [
        [each.name for each in reading.weights if each.left_over and each.name in mine] for reading in late_steps
    ]
    if not leftovers or not all(leftovers):
        return
    name = leftovers[0][0]
    yield Finding(
        "no_zero_grad",
        N_("{name} still had the gradient of the step before when the next one came: call optimizer.zero_grad()."),
        {"name": name},
        name,
        late_steps[0].step,
    )


def data(report: Examination) -> Iterator[Finding]:
    """Inputs that are far from mean 0 and standard deviation 1; labels that have nothing to do with them."""
    facts = report.data
    if facts is None:
        return
    if not (math.isfinite(facts.mean) and math.isfinite(facts.std)):
        yield Finding("nan_in_data", N_("The inputs hold nan or infinity."), {})
        return
    if facts.std < 1e-12:
        yield Finding("constant_data", N_("Every input has the same value, {mean:.4g}."), {"mean": facts.mean})
    elif abs(facts.mean) > 3 * facts.std or not 0.02 < facts.std < 10:
        yield Finding(
            "not_normalised",
            N_("The inputs have mean {mean:.4g} and standard deviation {std:.4g}: normalise them to 0 and 1."),
            {"mean": facts.mean, "std": facts.std},
        )
    if facts.alike is None or facts.chance is None or facts.examples < 100:
        return
    spread = math.sqrt(facts.chance * (1 - facts.chance) / facts.examples)
    if facts.alike < facts.chance + 3 * spread and not learns(report):
        yield Finding(
            "labels_shuffled",
            N_(
                "Examples of one class are no more alike than any others ({alike:.0%} named right by the nearest"
                " mean, {chance:.0%} by guessing): are labels and inputs in the same order?"
            ),
            {"alike": facts.alike, "chance": facts.chance},
        )


def not_finite(report: Examination) -> Iterator[Finding]:
    """The first layer and step where nan or infinity began."""
    for reading in report.readings:
        if reading.not_finite is None and math.isfinite(reading.loss):
            steep = next((weight for weight in reading.weights if not math.isfinite(weight.gradient)), None)
            if steep is not None:
                yield Finding(
                    "not_finite",
                    N_(
                        "At step {step} the loss is finite and the gradient of {name} is not: somewhere on the way"
                        " back a slope is infinite, such as that of a square root or a logarithm at 0."
                    ),
                    {"step": reading.step, "name": steep.name},
                    steep.name,
                    reading.step,
                )
                return
            continue
        place = reading.not_finite
        grew = growth(report)
        if grew is not None:
            yield grew
        yield Finding(
            "not_finite",
            N_("At step {step} {operation} of {layer} made nan or infinity of finite numbers.")
            if place is not None and place.operation
            else N_("At step {step} the numbers of {layer} are nan or infinite."),
            {
                "step": reading.step,
                "layer": (place.layer if place else "") or "-",
                "operation": place.operation if place else "",
            },
            place.layer if place else "",
            reading.step,
        )
        return


def growth(report: Examination) -> Finding | None:
    """A rate at which each step made the loss or the weights larger, up to the end."""
    finite = [reading for reading in report.readings if math.isfinite(reading.loss)]
    moved = moves(finite)
    if not moved:
        return None
    ratio, name, step = max(moved)
    if ratio < LARGE_UPDATE and not (finite and finite[-1].loss > 3 * finite[0].loss):
        return None
    return Finding(
        "rate_too_high",
        RATE_TOO_HIGH,
        {"name": name, "ratio": ratio, "step": step, "first": finite[0].loss, "last": finite[-1].loss},
        name,
        step,
    )


def moves(readings: Sequence[Reading]) -> list[tuple[float, str, int]]:
    """Return each finite update against its weight, with the weight's name and the step."""
    return [
        (weight.ratio, weight.name, reading.step)
        for reading in readings
        for weight in trained(reading)
        if math.isfinite(weight.ratio)
    ]


def rate_too_high(report: Examination) -> Iterator[Finding]:
    """Large steps without a falling loss, though every number is finite."""
    values = losses(report)
    if len(values) < 8 or learns(report) or not all(map(math.isfinite, values)):
        return
    if any(reading.not_finite for reading in report.readings):
        return
    moved = moves(report.readings)
    if not moved:
        return
    ratio, name, step = max(moved)
    typical = median(
        [max((weight.ratio for weight in trained(reading)), default=0.0) for reading in report.readings]
    )
    if (typical > LARGE_UPDATE or ratio > 10 * LARGE_UPDATE) and max(values) > 1.05 * values[0]:
        yield Finding(
            "rate_too_high",
            RATE_TOO_HIGH,
            {"name": name, "ratio": ratio, "step": step, "first": values[0], "last": values[-1]},
            name,
            step,
        )


def same_weights(report: Examination) -> Iterator[Finding]:
    """Weights that all begin with one value stay equal: every unit computes the same.

    Not those of the last layer, whose units have targets of their own: it may well begin with zeros.
    """
    if not report.readings:
        return
    matrices = [
        weight
        for weight in report.readings[0].weights
        if weight.name.endswith("weight") and weight.size > 16 and not is_norm(report, weight.name)
    ]
    for weight in matrices[:-1]:
        if weight.std <= EQUAL * weight.norm / math.sqrt(weight.size):
            yield Finding(
                "equal_weights",
                N_(
                    "Every number of {name} begins with the same value, so all its units compute the same:"
                    " initialise it at random."
                ),
                {"name": weight.name},
                weight.name,
                report.readings[0].step,
            )
            return


def is_norm(report: Examination, name: str) -> bool:
    """Return whether ``name`` belongs to a normalisation, whose scales begin with 1."""
    bias = name.removesuffix("weight") + "bias"
    sizes = {weight.name: weight.size for weight in report.readings[0].weights}
    return sizes.get(bias) == sizes[name]


def dead_units(report: Examination) -> Iterator[Finding]:
    """ReLUs that are 0 for every example."""
    worst = lasting(report, lambda activation: activation.dead)
    if worst is not None and worst[0] > (NEARLY_ALL_DEAD if learns(report) else DEAD):
        yield Finding(
            "dead_relu",
            N_(
                "{share:.0%} of the units after {layer} are 0 for every example of the batch: no gradient comes"
                " through them."
            ),
            {"share": worst[0], "layer": worst[1]},
            worst[1],
            report.readings[-1].step,
        )


def saturated_units(report: Examination) -> Iterator[Finding]:
    """Sigmoids and tanhs at the ends of their range."""
    worst = lasting(report, lambda activation: activation.saturated)
    if worst is not None and worst[0] > FLAT and not learns(report):
        yield Finding(
            "saturated",
            N_("{share:.0%} of the values after {layer} are at an end of its range, where the slope is nearly 0."),
            {"share": worst[0], "layer": worst[1]},
            worst[1],
            report.readings[-1].step,
        )


def lasting(report: Examination, share: Callable[[ActivationReading], float]) -> tuple[float, str] | None:
    """Return the largest ``share`` of any activation, in the median over the last half of the steps."""
    shares: dict[str, list[float]] = {}
    for reading in report.readings[len(report.readings) // 2 :]:
        for activation in reading.activations if math.isfinite(reading.loss) else ():
            shares.setdefault(activation.name, []).append(share(activation))
    return max(((median(values), name) for name, values in shares.items()), default=None)


def vanishing_gradients(report: Examination) -> Iterator[Finding]:
    """A first layer whose gradient is next to nothing beside the last one's."""
    ratios = []
    for reading in report.readings:
        kernels = [weight for weight in trained(reading) if weight.name.endswith("weight")]
        if len(kernels) > 2 and per_value(kernels[-1]) > 0:
            ratios.append((per_value(kernels[0]) / per_value(kernels[-1]), kernels[0].name, kernels[-1].name))
    if not ratios or learns(report):
        return
    ratio, first, last = sorted(ratios)[len(ratios) // 2]
    if ratio < VANISHED:
        yield Finding(
            "vanishing_gradient",
            N_("The gradient of {first} is {ratio:.1e} of that of {last}: on its way back it vanishes."),
            {"first": first, "last": last, "ratio": ratio},
            first,
            report.readings[-1].step,
        )


def exploding_gradients(report: Examination) -> Iterator[Finding]:
    """Gradients many times larger than the weights that they belong to, from the first step on."""
    if not report.readings or learns(report):
        return
    first = [weight for weight in trained(report.readings[0]) if weight.name.endswith("weight") and weight.norm > 0]
    worst = max(((weight.gradient / weight.norm, weight.name) for weight in first), default=None)
    if worst is not None and worst[0] > EXPLODED:
        yield Finding(
            "exploding_gradient",
            N_("In the very first step the gradient of {name} is {ratio:.3g} times as large as the weight itself."),
            {"name": worst[1], "ratio": worst[0]},
            worst[1],
            report.readings[0].step,
        )


def per_value(weight: WeightReading) -> float:
    """Return the root mean square of its gradient."""
    return weight.gradient / math.sqrt(weight.size)


def rate_too_low(report: Examination) -> Iterator[Finding]:
    """Steps so small that nothing can change."""
    if len(report.readings) < 8 or learns(report):
        return
    moved = [weight.ratio for reading in report.readings for weight in trained(reading) if weight.norm > 0]
    if moved and median(moved) < SMALL_UPDATE:
        yield Finding(
            "rate_too_low",
            N_("The learning rate is too low: a step changes a weight by {ratio:.1e} of its size."),
            {"ratio": median(moved)},
            step=report.readings[-1].step,
        )


def overfitting(report: Examination) -> Iterator[Finding]:
    """A loss that falls on what is trained and is large, or rises, on what is not."""
    tests = [test for test in report.tests if math.isfinite(test.loss) and math.isfinite(test.training_loss)]
    if len(tests) < 3:
        return
    best, last = min(tests, key=lambda test: test.loss), tests[-1]
    rises = last.loss > 1.5 * best.loss and last.training_loss < min(best.training_loss, 0.5 * last.loss)
    is_far_apart = last.loss > GAP * chance(report) and last.training_loss < last.loss / 10
    if (rises and last.loss > RISEN * chance(report)) or is_far_apart:
        yield Finding(
            "overfitting",
            N_(
                "After {step} {step:step|steps} the test loss is {last:.3g} (at best it was {best:.3g}) and the"
                " training loss {training:.3g}: the network learns the training examples by heart."
            ),
            {"step": last.step, "best": best.loss, "last": last.loss, "training": last.training_loss},
            step=last.step,
        )


def at_chance(report: Examination) -> Iterator[Finding]:
    """A loss that stays at that of guessing."""
    values, guessing = losses(report), chance(report)
    if len(values) < 8 or not math.isfinite(guessing) or not all(map(math.isfinite, values)):
        return
    if late(values) > BELOW_CHANCE * guessing and report.readings[-1].step >= 40:
        yield Finding(
            "at_chance",
            N_(
                "After {step} {step:step|steps} the loss is {loss:.3g}; guessing gives {chance:.3g} (ln of the"
                " classes)."
            ),
            {"loss": late(values), "chance": guessing, "step": report.readings[-1].step},
            step=report.readings[-1].step,
        )


RULES: tuple[Rule, ...] = (
    wrong_loss,
    wrong_mode,
    gradients_add_up,
    parameters_left_out,
    data,
    same_weights,
    not_finite,
    exploding_gradients,
    rate_too_high,
    dead_units,
    saturated_units,
    vanishing_gradients,
    overfitting,
)
SYMPTOMS: tuple[Rule, ...] = (rate_too_low, at_chance)  # what many causes look like: said where none is found
