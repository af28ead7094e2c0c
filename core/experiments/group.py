"""The group: an experiment's record beside the runs, and what is done to all its members together.

The record holds the plan and whether its runs are to "run", "pause" or "stop". Its members are ordinary runs, whose
ids are the experiment's with the member's number: a kill at any moment loses no member and makes none twice. What a
search has tried is read from its runs, too.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from core.errors import N_, InvalidSetting, brief
from core.experiments.plan import Member, Plan
from core.experiments.proposals import FAILED, Past, propose
from core.experiments.run_names import ID, MEMBER, name_of
from core.experiments.search import Search
from core.storage import stores
from core.timestamp import is_timestamp
from core.training import run_folder
from core.training.config import read_object
from core.training.engine import Engine
from core.training.files import replace_file
from core.training.jobs import Jobs
from core.training.run_folder import RunSummary
from core.training.status import FINAL, OVER

ENDING = ".experiment.json"  # no run's folder has a dot in its name
REQUESTS = ("run", "pause", "stop")
PATIENCE = 1.0  # seconds: a worker that ends while it is told is told again
_advancing = threading.Lock()  # two tabs that look at one experiment start each member once
_by_engine: WeakKeyDictionary[Engine, set[str]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Experiment:
    """A group of runs in the folder ``root``; ``created`` is Unix seconds.

    ``begun``: so many members were started, which are not started again where they are gone: they were deleted.
    ``name`` is what the reader calls it, "" for a name made of the plan.
    """

    root: Path
    id: str
    plan: Plan | Search
    created: float
    wanted: str = "run"
    begun: int = 0
    name: str = ""

    def run_id(self, member: Member) -> str:
        """Return the id of the run that ``member`` is."""
        return self._run_id(member.index)

    def _run_id(self, index: int) -> str:
        return f"{self.id}-{index:03d}"

    def runs(self) -> list[tuple[Member, RunSummary | None]]:
        """Return each member with its run; None for one that was not started yet, or was deleted.

        The members of a search are those that were started: nobody knows the others.
        """
        if isinstance(self.plan, Search):
            return list(self._searched(self.plan))
        return [(member, self._run(member.index)) for member in self.plan.members()]

    def _searched(self, search: Search) -> Iterator[tuple[Member, RunSummary]]:
        for index in range(search.count):
            run = self._run(index)
            if run is not None and run.config is not None:
                yield search.member_of(index, run.config), run

    def _run(self, index: int) -> RunSummary | None:
        return run_folder.summarise(self.root / self._run_id(index))


def create(root: Path, plan: Plan | Search) -> Experiment:
    """Make the record of a new experiment; ``advance`` starts its runs."""
    now = time.time()
    experiment = Experiment(root, run_folder.new_id(now), plan, now)
    _write(root, experiment)
    return experiment


@stores(lambda root: root)
def _write(root: Path, experiment: Experiment) -> None:
    root.mkdir(parents=True, exist_ok=True)
    kind = "search" if isinstance(experiment.plan, Search) else "plan"
    facts = {name: getattr(experiment, name) for name in ("created", "wanted", "begun", "name")}
    record = {kind: experiment.plan.to_json(), **facts}
    replace_file(
        root / f"{experiment.id}{ENDING}", json.dumps(record, ensure_ascii=False, allow_nan=False).encode()
    )


def _change(experiment: Experiment, **changes: Any) -> Experiment:
    """Write the record as it is now with ``changes``, and return it."""
    changed = replace(load(experiment.root, experiment.id), **changes)
    _write(experiment.root, changed)
    return changed


def load(root: Path, experiment_id: str) -> Experiment:
    """Return the experiment of that id; ``InvalidSetting`` when there is none or its record cannot be read."""
    if not ID.fullmatch(experiment_id):
        raise InvalidSetting(N_("there is no experiment {name}"), name=brief(experiment_id))
    try:
        values = read_object((root / f"{experiment_id}{ENDING}").read_text(encoding="utf-8"))
        wanted = values["wanted"] if values["wanted"] in REQUESTS else "pause"
        search = values.get("search")
        plan = Plan.from_json(values["plan"]) if search is None else Search.from_json(search)
        begun, name = int(values.get("begun", 0)), str(values.get("name", ""))[: run_folder.NAME_MAX]
        created = values["created"]
        if is_timestamp(created):
            return Experiment(root, experiment_id, plan, float(created), wanted, begun, name)
    except (OSError, KeyError, TypeError, ValueError, OverflowError):
        pass
    raise InvalidSetting(N_("there is no experiment {name}"), name=brief(experiment_id))


def list_experiments(root: Path) -> list[Experiment]:
    """Return all experiments of ``root`` that can be read, the newest first."""
    experiments = []
    for path in sorted(root.glob(f"*{ENDING}"), reverse=True):
        with suppress(InvalidSetting):
            experiments.append(load(root, path.name.removesuffix(ENDING)))
    return experiments


def advance(experiment: Experiment, jobs: Jobs, owner: str = "") -> InvalidSetting | None:
    """Start the members that can start and were not yet started; return what refuses the next one, if anything.

    What a server that is gone left interrupted goes on first.

    In a classroom one user may have few runs at once, and a search waits for results: the others are started by
    later calls.
    """
    with _advancing:
        try:
            experiment = load(experiment.root, experiment.id)
            if experiment.wanted == "run":
                _start(experiment, jobs, owner)
        except InvalidSetting as error:
            return error
    return None


def _start(experiment: Experiment, jobs: Jobs, owner: str) -> None:
    for run_id in _left_behind(experiment, jobs):
        jobs.resume(run_id, owner=owner)
        _runs_of_this_server(jobs).add(run_id)
    for member in _missing(experiment):
        run_id = experiment.run_id(member)
        _runs_of_this_server(jobs).add(run_id)
        jobs.submit(
            member.config, name=name_of(experiment.plan.settings, member.config), owner=owner, run_id=run_id
        )
        _change(experiment, begun=member.index + 1)  # a kill before this finds the run itself


def _runs_of_this_server(jobs: Jobs) -> set[str]:
    """Return the ids of the runs that this server has started or gone on with."""
    return _by_engine.setdefault(jobs.pool, set())


def _left_behind(experiment: Experiment, jobs: Jobs) -> list[str]:
    """Return the runs that a server which is gone left interrupted.

    Each is taken up once: what is interrupted again under this server may be what ends it, and waits for Resume.
    """
    runs = [
        run for _member, run in experiment.runs() if run is not None and run.id not in _runs_of_this_server(jobs)
    ]
    return [run.id for run in runs if run.status.state == "interrupted" and not run.status.problem_message]


def number_of(run_id: str) -> int:
    """Return the number of a member's run in its experiment, from 1; it stays when other runs are deleted."""
    return int(run_id.rpartition("-")[2]) + 1


def is_member(folder: Path) -> bool:
    """Return whether the run in ``folder`` has the name of an experiment's member."""
    return bool(MEMBER.fullmatch(folder.name))


def advance_after(folder: Path, jobs: Jobs) -> None:
    """Start what can start now that the run of ``folder`` has no worker any more, with or without a page."""
    if is_member(folder):
        experiment_id = folder.name.rpartition("-")[0]
        with suppress(InvalidSetting, OSError):
            advance(load(folder.parent, experiment_id), jobs, owner=experiment_id)  # nobody asks


def _missing(experiment: Experiment) -> Iterator[Member]:
    """Yield the members that can start; those of a search are proposed one by one, each once the last has begun."""
    if isinstance(experiment.plan, Plan):
        yield from (each for each, run in experiment.runs() if run is None and each.index >= experiment.begun)
        return
    while (member := _next(experiment, experiment.plan)) is not None:
        yield member


def _next(experiment: Experiment, search: Search) -> Member | None:
    """Return the next run of a search; None while results are missing that it needs, and when all were started."""
    begun = load(experiment.root, experiment.id).begun
    runs = [(member, run) for member, run in experiment.runs() if run is not None]
    number = max([begun, *(member.index + 1 for member, _run in runs)])
    if number >= search.count:
        return None
    settled = search.results_needed(number)
    if any(run.status.state not in FINAL for member, run in runs if member.index < settled):
        return None
    past = [_past(member, run, member.index < settled) for member, run in runs]
    return search.member(number, propose(search, number, past))


def _past(member: Member, run: RunSummary, settled: bool) -> Past:
    """Return what a search learns from a run; only its values while its result may not be used."""
    if not settled:
        return member.values, None
    finished, accuracy = run.status.state == "finished", run.status.accuracy
    return member.values, accuracy if finished and accuracy is not None else FAILED


def pause(experiment: Experiment, jobs: Jobs) -> Experiment:
    """Pause every member that trains or waits; those that wait come first, as they would start otherwise."""
    return _all(experiment, jobs, "pause", ("waiting", "running"))


def stop(experiment: Experiment, jobs: Jobs) -> Experiment:
    """Stop every member that is not over; none is started any more."""
    return _all(experiment, jobs, "stop", ("waiting", "running", "paused", "interrupted"))


def _all(experiment: Experiment, jobs: Jobs, do: str, states: tuple[str, ...]) -> Experiment:
    end = time.monotonic() + PATIENCE
    with _advancing:
        changed = _change(experiment, wanted=do)
        while _tell(experiment, jobs, do, states) and time.monotonic() < end:
            time.sleep(0.05)
    return changed


def _tell(experiment: Experiment, jobs: Jobs, do: str, states: tuple[str, ...]) -> bool:
    """Tell every member in one of ``states`` what to do; return whether there was one."""
    has_sent = False
    for state in states:
        for _member, run in experiment.runs():
            if run is not None and run.status.state == state:
                has_sent = True
                with suppress(InvalidSetting):  # it has just ended
                    jobs.command(run.id, do)
    return has_sent


def resume(experiment: Experiment, jobs: Jobs, owner: str = "") -> InvalidSetting | None:
    """Go on with every member that is paused, stopped or interrupted, and start the others; see ``advance``."""
    with _advancing:
        _change(experiment, wanted="run")
    reason = None
    for _member, run in experiment.runs():
        if run is not None and run.status.state in ("paused", "stopped", "interrupted"):
            _runs_of_this_server(jobs).add(run.id)
            try:
                jobs.resume(run.id, owner=owner)
            except InvalidSetting as error:
                reason = error
    return reason or advance(experiment, jobs, owner)


def is_over(experiment: Experiment) -> bool:
    """Return whether no member will change any more by itself; one that was deleted will not."""
    experiment = load(experiment.root, experiment.id)
    runs = {member.index: run.status.state for member, run in experiment.runs() if run is not None}
    begun = range(experiment.begun)
    return all(runs.get(n, "finished" if n in begun else "") in OVER for n in range(experiment.plan.count))


def rename(experiment: Experiment, name: str) -> None:
    """Give the experiment another name: plain text, as that of a run."""
    with _advancing:
        _change(experiment, name=run_folder.clean_name(name))


def size(experiment: Experiment) -> int:
    """Return how many bytes of the disk its runs take."""
    folders = (experiment.root / run.id for _member, run in experiment.runs() if run is not None)
    return sum(path.stat().st_size for folder in folders for path in folder.rglob("*") if path.is_file())


@stores(lambda experiment, *_: experiment.root)
def delete(experiment: Experiment, jobs: Jobs | None = None) -> None:
    """Delete the record; with ``jobs`` its runs before it, those that train are ended. Without, they stay.

    Nothing of it is started meanwhile. Where a run cannot be deleted, ``InvalidSetting`` says why, and what is left
    can be deleted again.
    """
    with _advancing:
        experiment = _change(experiment, wanted="stop")
        if jobs is not None:
            for run in [run for _member, run in experiment.runs() if run is not None]:
                jobs.delete(run.id)
        (experiment.root / f"{experiment.id}{ENDING}").unlink(missing_ok=True)
