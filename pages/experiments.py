"""Experiments: one question, many runs, and what their answer is worth."""

from __future__ import annotations

from pages.parts.experiments import choice, one_experiment, plan_form
from pages.shared import frame


def page() -> None:
    """Show the experiment in the address, or prepare a new one."""
    frame.opening("experiments")
    experiment = choice.current()
    if experiment is None:
        plan_form.show()
    else:
        one_experiment.show(experiment)


with frame.error_boundary():
    page()
