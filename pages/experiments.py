"""Experiments: one question, many runs, and what their answer is worth."""

from __future__ import annotations

from pages.parts.experiments import one_experiment, plan_form, selection, start_button
from pages.shared import frame, press


def page() -> None:
    """Show the experiment in the address, or prepare a new one."""
    frame.opening("experiments")
    experiment = selection.current()
    if experiment is None:
        plan_form.show()
    else:
        press.forget(start_button.START_PRESSED)  # of a second press of Start: its experiment is there
        one_experiment.show(experiment)


with frame.error_boundary():
    page()
