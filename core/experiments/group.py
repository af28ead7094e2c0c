"""The group: an experiment's record beside the runs, and what is done to all its members together.

The record holds the plan and what is wanted ("run", "pause", "stop"). Its members are ordinary runs, found by their
id, which is the experiment's with the member's number: a kill at any moment loses no member and makes none twice.
"""

from __future__ import annotations

import json
import re
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from core.errors import N_, InvalidSetting, brief
from core.experiments.plan import Member, Plan
from core.storage import stores
from core.training import run_folder
from core.training.config import read_object
from core.training.files import replace_file
from core.training.jobs import Jobs
from core.training.run_folder import RunSummary
from core.training.status import OVER

ID = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{8}")
ENDING = ".experiment.json"  # no run's folder has a dot in its name
WANTED = ("run", "pause", "stop")
PATIENCE = 1.0  # seconds: a worker that ends while it is told is told again
_advancing = threading.Lock()  # two tabs that look at one experiment start each member once


@dataclass(frozen=True)
class Experiment:
    """A group of runs in the folder ``root``; ``created`` is Unix seconds."""

    root: Path
    id: str
    plan: Plan
    created: float
    wanted: str = "run"

    def run_id(self, member: Member) -> str:
        """Return the id of the run that ``member`` is."""
        return f"{self.id}-{member.index:03d}"

    def runs(self) -> list[tuple[Member, RunSummary | None]]:
        """Return each member with its run; None for one that was not started yet, or was deleted."""
        return [(member, run_folder.summarise(self.root / self.run_id(member))) for member in self.plan.members()]


def create(root: Path, plan: Plan) -> Experiment:
    """Make the record of a new experiment; ``advance`` starts its runs."""
    now = time.time()
    experiment = Experiment(root, run_folder.new_id(now), plan, now)
    _write(root, experiment)
    return experiment


@stores(lambda root: root)
def _write(root: Path, experiment: Experiment) -> None:
    root.mkdir(parents=True, exist_ok=True)
    record = {"plan": experiment.plan.to_json(), "created": experiment.created, "wanted": experiment.wanted}
    replace_file(
        root / f"{experiment.id}{ENDING}", json.dumps(record, ensure_ascii=False, allow_nan=False).encode()
    )


def load(root: Path, name: str) -> Experiment:
    """Return the experiment of that id; ``InvalidSetting`` when there is none or its record cannot be read."""
    if not ID.fullmatch(name):
        raise InvalidSetting(N_("there is no experiment {name}"), name=brief(name))
    try:
        values = read_object((root / f"{name}{ENDING}").read_text(encoding="utf-8"))
        wanted = values["wanted"] if values["wanted"] in WANTED else "pause"
        return Experiment(root, name, Plan.from_json(values["plan"]), float(values["created"]), wanted)
    except (OSError, KeyError, TypeError, ValueError, UnicodeDecodeError):
        raise InvalidSetting(N_("there is no experiment {name}"), name=brief(name)) from None


def list_experiments(root: Path) -> list[Experiment]:
    """Return all experiments of ``root`` that can be read, the newest first."""
    found = []
    for path in sorted(root.glob(f"*{ENDING}"), reverse=True):
        with suppress(InvalidSetting):
            found.append(load(root, path.name.removesuffix(ENDING)))
    return found


def advance(experiment: Experiment, jobs: Jobs, owner: str = "") -> InvalidSetting | None:
    """Start the members that are not there yet, through the queue; return what refuses the next one, if anything.

    In a classroom one user may have few runs at once: the others are started by later calls.
    """
    with _advancing:
        if load(experiment.root, experiment.id).wanted != "run":
            return None
        for member, run in experiment.runs():
            if run is None:
                try:
                    jobs.submit(
                        member.config, name=_name(experiment, member), owner=owner, run_id=experiment.run_id(member)
                    )
                except InvalidSetting as error:
                    return error
    return None


def _name(experiment: Experiment, member: Member) -> str:
    values = (
        f"{axis.setting} {_text(value)}" for axis, value in zip(experiment.plan.axes, member.values, strict=True)
    )
    return ", ".join([*values, f"seed {member.config.seed}"])[: run_folder.NAME_MAX]


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def pause(experiment: Experiment, jobs: Jobs) -> Experiment:
    """Pause every member that trains or waits; those that wait come first, as they would start otherwise."""
    return _all(experiment, jobs, "pause", ("waiting", "running"))


def stop(experiment: Experiment, jobs: Jobs) -> Experiment:
    """Stop every member that is not over; none is started any more."""
    return _all(experiment, jobs, "stop", ("waiting", "running", "paused", "interrupted"))


def _all(experiment: Experiment, jobs: Jobs, do: str, states: tuple[str, ...]) -> Experiment:
    changed = replace(experiment, wanted=do)
    _write(experiment.root, changed)
    end = time.monotonic() + PATIENCE
    with _advancing:
        while _tell(experiment, jobs, do, states) and time.monotonic() < end:
            time.sleep(0.05)
    return changed


def _tell(experiment: Experiment, jobs: Jobs, do: str, states: tuple[str, ...]) -> bool:
    """Tell every member in one of ``states`` what to do; return whether there was one."""
    told = False
    for state in states:
        for _member, run in experiment.runs():
            if run is not None and run.status.state == state:
                told = True
                with suppress(InvalidSetting):  # it has just ended
                    jobs.command(run.id, do)
    return told


def resume(experiment: Experiment, jobs: Jobs, owner: str = "") -> InvalidSetting | None:
    """Go on with every member that is paused, stopped or interrupted, and start the others; see ``advance``."""
    _write(experiment.root, replace(experiment, wanted="run"))
    reason = None
    for _member, run in experiment.runs():
        if run is not None and run.status.state in ("paused", "stopped", "interrupted"):
            try:
                jobs.resume(run.id, owner=owner)
            except InvalidSetting as error:
                reason = error
    return reason or advance(experiment, jobs, owner)


def is_over(experiment: Experiment) -> bool:
    """Return whether no member will change any more by itself."""
    return all(run is not None and run.status.state in OVER for _member, run in experiment.runs())


@stores(lambda root: root)
def delete(root: Path, name: str) -> None:
    """Delete the record; the runs stay, as ordinary ones."""
    if ID.fullmatch(name):
        (root / f"{name}{ENDING}").unlink(missing_ok=True)
