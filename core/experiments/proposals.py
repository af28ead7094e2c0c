"""Proposals: which settings a search tries next. Only this module knows Optuna, which may not be installed.

The sampler is TPE: of the results so far the better ones and the others are two densities, and the next settings
are those at which the first is large against the second.
Source: J. Bergstra et al., "Algorithms for Hyper-Parameter Optimization" (2011); ``optuna.samplers.TPESampler``.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from typing import Any

from core.errors import N_, InvalidSetting
from core.experiments.plan import Axis
from core.experiments.search import Range, Search
from core.training.config import SettingValue

FAILED = 0.0  # the accuracy that counts for a run that diverged: its region is to be avoided, not unknown
# The values of a run and its accuracy; None: it may still train.
Past = tuple[tuple[SettingValue, ...], float | None]


def is_installed() -> bool:
    """Return whether Optuna is there."""
    return importlib.util.find_spec("optuna") is not None


def check_installed() -> None:
    """Raise ``InvalidSetting`` where Optuna is not installed; says how to install it."""
    if not is_installed():
        raise InvalidSetting(N_("a search needs Optuna: pip install -r requirements-search.txt"))


def propose(search: Search, number: int, past: Sequence[Past]) -> tuple[SettingValue, ...]:
    """Return the values of run ``number`` from those before it, ``past``.

    The study is made for each run from the runs that are there and has a seed of its own: the same results give
    the same values, in whatever process. Of a run that may still train only the values are used.
    """
    check_installed()
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    space = {each.setting: _distribution(each) for each in search.space}
    sampler = optuna.samplers.TPESampler(seed=(search.base.seed + number) % 2**32, constant_liar=True)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    for values, accuracy in past:
        state = optuna.trial.TrialState.RUNNING if accuracy is None else optuna.trial.TrialState.COMPLETE
        params = {each.setting: _as_offered(each, value) for each, value in zip(search.space, values, strict=True)}
        trial = optuna.trial.create_trial(params=params, distributions=space, value=accuracy, state=state)
        study.add_trial(trial)
    values = study.ask(space).params
    return tuple(
        each.of(values[each.setting]) if isinstance(each, Range) else values[each.setting] for each in search.space
    )


def _distribution(dimension: Range | Axis) -> Any:
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    if isinstance(dimension, Axis):
        return CategoricalDistribution(dimension.values)
    if dimension.whole:
        return IntDistribution(int(dimension.low), int(dimension.high), log=dimension.log)
    return FloatDistribution(dimension.low, dimension.high, log=dimension.log)


def _as_offered(dimension: Range | Axis, value: SettingValue) -> SettingValue:
    """Return a value as its distribution has it: 1 is True where a choice is between switches."""
    if isinstance(dimension, Axis):
        return next(each for each in dimension.values if each == value)
    return value
