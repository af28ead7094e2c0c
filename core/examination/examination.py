"""What an examination holds: plain numbers, so that it can be stored beside a run and read again."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

BINS = 24  # of a histogram


@dataclass(frozen=True)
class Histogram:
    """Counts of equal bins from ``low`` to ``high``."""

    low: float
    high: float
    counts: tuple[int, ...]


@dataclass(frozen=True)
class WeightReading:
    """One parameter at one step.

    ``norm`` and ``gradient`` are the 2-norms of its values and of its gradient (0.0 without one), ``update`` is the
    norm of what the optimizer's step added, ``size`` its number of values, ``std`` their standard deviation.
    ``left_over`` says whether a gradient of an earlier step was still there before the backward pass.
    """

    name: str
    size: int
    norm: float
    std: float
    gradient: float
    update: float
    has_gradient: bool
    left_over: bool
    histogram: Histogram

    @property
    def ratio(self) -> float:
        """The update against the weight, without unit; 0 for a weight of norm 0."""
        return self.update / self.norm if self.norm else 0.0


@dataclass(frozen=True)
class ActivationReading:
    """What one activation function returned at one step, named after the layer before it.

    ``dead`` is the share of units that are 0 for every example of the batch, ``saturated`` the share of values near
    an end of the function's range, where its slope is under a tenth of the steepest.
    """

    name: str
    kind: str
    mean: float
    std: float
    dead: float
    saturated: float
    histogram: Histogram


@dataclass(frozen=True)
class NotFinite:
    """The first operation of a step that made nan or infinity of finite numbers, or the weight that holds them."""

    layer: str
    operation: str


@dataclass(frozen=True)
class Reading:
    """One examined step: ``loss`` is that of its batch, ``frozen_modes`` are layers that trained in eval mode."""

    step: int
    loss: float
    weights: tuple[WeightReading, ...]
    activations: tuple[ActivationReading, ...]
    not_finite: NotFinite | None = None
    frozen_modes: tuple[str, ...] = ()
    probabilities_into: str = ""  # a loss that wants logits and was given probabilities
    logits_into: str = ""  # a loss that wants log-probabilities and was given something else

    def weight(self, name: str) -> WeightReading:
        """Return what was read of parameter ``name``."""
        return next(each for each in self.weights if each.name == name)

    def activation(self, name: str) -> ActivationReading | None:
        """Return what was read of activation ``name``; None in a step that did not come so far."""
        return next((each for each in self.activations if each.name == name), None)


@dataclass(frozen=True)
class Data:
    """What goes in, measured on one sample of examples.

    ``mean`` and ``std`` are over all values. ``alike`` is how often the nearest mean of a class, taken from one
    half of the sample, names the class of an example of the other half, ``chance`` what guessing gives, and
    ``examples`` how many were guessed. None where there are no classes.
    """

    mean: float
    std: float
    classes: int | None = None
    alike: float | None = None
    chance: float | None = None
    examples: int = 0


@dataclass(frozen=True)
class Parameter:
    """One parameter as the program set it up."""

    name: str
    trains: bool  # requires_grad
    in_optimizer: bool


@dataclass(frozen=True)
class Test:
    """The loss after some steps on examples that are not trained on, and on examples that are; accuracies 0…1.

    ``training_modes`` are layers that were in training mode while it was measured.
    """

    step: int
    loss: float
    training_loss: float
    training_modes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Examination:
    """Everything that was seen of one training."""

    parameters: tuple[Parameter, ...]
    readings: tuple[Reading, ...] = ()
    tests: tuple[Test, ...] = ()
    data: Data | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return plain lists, dicts and numbers."""
        return asdict(self)


@dataclass(frozen=True)
class Finding:
    """One cause in words: ``message`` is a sentence to translate, with ``values``; ``key`` names the kind.

    ``layer`` and ``step`` say where it shows. Findings are sorted: the first is what to change first.
    """

    key: str
    message: str
    values: dict[str, Any] = field(default_factory=dict)
    layer: str = ""
    step: int | None = None
