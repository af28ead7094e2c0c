"""The link from a finding to the experiment that shows whether it is so."""

from __future__ import annotations

from dataclasses import fields

from core.errors import InvalidSetting
from core.experiments.plan import VARIED, Axis, Plan
from core.experiments.proof import QUESTIONS_OF, proof
from core.experiments.questions import by_code
from core.networks import registry
from core.training.config import TrainConfig
from pages.shared import lessons
from pages.shared.language import _

MOST_AXES = 4  # that the form takes
IN_COMMON = ("dataset", "epochs", "learning_rate", "optimizer", "batch_size", "momentum")  # fields of the form


def show(key: str, config: TrainConfig) -> None:
    """Offer the experiment of the finding ``key`` of a run of ``config``, where there is one."""
    try:
        plan = proof(key, config)
    except InvalidSetting:
        return
    if plan is not None:
        title = _(by_code(QUESTIONS_OF[key]).title)
        lessons.link("experiments", _("The experiment that shows it: {title}", title=title), query(key, plan))


def query(key: str, plan: Plan) -> dict[str, str]:
    """Return the settings of the form for ``plan``; what it has no field for is a setting with one value."""
    axes = [*plan.axes, *_apart(plan)][:MOST_AXES]
    return {
        "experiments_shown": "new",
        "experiments_question": QUESTIONS_OF[key],
        "experiments_settings": ",".join(axis.setting for axis in axes),
        **{f"experiments_{axis.setting}": _text(axis) for axis in axes},
        **{f"experiments_base_{name}": _word(getattr(plan.base, name)) for name in IN_COMMON},
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


def _text(axis: Axis) -> str:
    return ",".join(map(_word, axis.values))


def _word(value: object) -> str:
    return (
        str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)
    )
