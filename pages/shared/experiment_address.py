"""What the form of Experiments is called in the address: for its fields, and for links to it."""

from __future__ import annotations

from dataclasses import fields

from core.experiments.plan import VARIED, Axis, Plan
from core.networks import registry
from core.training.config import TrainConfig

PREFIX = "experiments_"  # of the values of a setting, too
SHOWN, NEW = PREFIX + "shown", "new"
QUESTION = PREFIX + "question"
SETTINGS = PREFIX + "settings"  # those with several values
BASE = PREFIX + "base_"  # of what all runs have in common
IN_COMMON = ("dataset", "epochs", "learning_rate", "optimizer", "batch_size", "momentum")  # fields of the form
MOST_AXES = 4


def code_of(value: object) -> str:
    """Return a value as its field and the address hold it."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def of_plan(question: str, plan: Plan) -> dict[str, str]:
    """Return what fills the form with ``plan``; what it has no field for is a setting with one value."""
    axes = [*plan.axes, *_apart(plan)][:MOST_AXES]
    return {
        SHOWN: NEW,
        QUESTION: question,
        SETTINGS: ",".join(axis.setting for axis in axes),
        **{PREFIX + axis.setting: ",".join(map(code_of, axis.values)) for axis in axes},
        **{BASE + name: code_of(getattr(plan.base, name)) for name in IN_COMMON},
    }


def _apart(plan: Plan) -> list[Axis]:
    """Return the base's settings that the form has no field for and that are not as they are by default."""
    usual = TrainConfig(threads=plan.base.threads)
    names = [field.name for field in fields(TrainConfig) if field.name in VARIED]
    apart = [name for name in names if name not in (*IN_COMMON, *plan.settings, "threads", "test_batch_size")]
    differing = [name for name in apart if getattr(plan.base, name) != getattr(usual, name)]
    return [
        Axis(name, (getattr(plan.base, name),))
        for name in differing
        if name != "network" or plan.base.network in registry.DIGIT_NETS
    ]
