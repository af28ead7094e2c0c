"""What a reader commands a run over the channel, and when each command means something."""

from __future__ import annotations

from core.errors import N_, InvalidSetting, Phrase
from core.live.request import Command
from core.live.run.open_run import find_open_run

MEANS = {  # command of ``core.training.jobs`` -> the states of a run in which it changes something
    "resume": ("paused", "interrupted", "stopped"),
    "pause": ("running",),
    "batch": ("paused",),
    "epoch": ("paused",),
    "stop": ("running", "paused", "waiting"),
    "learning_rate": ("running", "paused"),
}
NAMES = {"learning_rate": Phrase(N_("Learning rate"))}  # of settings, as the pages call them


def possible(state: str) -> list[str]:
    """Return the commands that mean something while a run is in ``state``."""
    return [command for command, states in MEANS.items() if state in states]


def obey(command: Command, user: str) -> None:
    """Do what ``command`` says with the run that its page shows; ``InvalidSetting`` says why not.

    Only the user whose page it is may command, and only where the page lets it: the name of the run alone does not.
    """
    now = find_open_run(command.run)
    if now.steering is None or now.steering.user != user:
        raise InvalidSetting(N_("from here this run can only be watched: open it on the page Train"))
    if command.do not in MEANS:
        raise InvalidSetting(N_("there is no command {command}"), command=command.do[:40])
    value = command.value if command.do == "learning_rate" else None
    try:
        now.jobs.command(now.run, command.do, value, now.steering.owner)
    except InvalidSetting as error:
        setting = str(error.values.get("setting"))
        if setting not in NAMES:
            raise
        raise InvalidSetting(error.message, **{**error.values, "setting": NAMES[setting]}) from error
