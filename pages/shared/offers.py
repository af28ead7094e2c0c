"""Runs and checkpoints as choices: what each is called, so that no two have the same name, and by which id it goes.

Streamlit's select boxes know an option by its label alone: two options with the same label are one to them.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import streamlit as st

from core.errors import InvalidSetting
from core.training.checkpoint_id import CheckpointId
from core.training.run_folder import HISTORY, Checkpoint, RunFolder, RunSummary
from pages.shared import workspace
from pages.shared.language import _

MOST_RUNS = 60  # the newest; what the address asks for is offered beside them
NAME_MOST = 60  # characters of a run's name in a label


@dataclass(frozen=True)
class Offer:
    """A checkpoint that can be chosen: its label, unique among those offered, and its folder."""

    label: str
    path: Path


def run_labels(runs: Sequence[RunSummary]) -> dict[str, str]:
    """Return, by id, the label of each run: name, test accuracy and start, no two alike."""
    return distinct({run.id: _variants(run, _percent(run.status.accuracy)) for run in runs})


def short_names(runs: Sequence[RunSummary]) -> dict[str, str]:
    """Return, by id, the name of each run; with its start where two have the same name."""
    return distinct({run.id: [workspace.run_name(run), *_variants(run, "")[1:]] for run in runs})


def checkpoints(*keys: str, network: str = "") -> dict[str, Offer]:
    """Return the checkpoints of the newest runs, the newest first, by "<run>:<checkpoint>".

    ``keys`` are the widgets that offer them: what one of them holds, or the address asks for, is always among
    them. With ``network`` only those that hold weights of that network.
    """
    in_address = {_in_address(key) for key in keys} - {None}
    in_session = {str(st.session_state.get(key, "")) for key in keys}
    runs_wanted = {code.partition(":")[0] for code in (*in_address, *in_session) if code}
    runs = [run for run in workspace.summaries() if run.config and network in ("", run.config.network)]
    offered = [run for place, run in enumerate(runs) if place < MOST_RUNS or run.id in runs_wanted]
    variants: dict[str, list[str]] = {}
    paths: dict[str, Path] = {}
    for summary in offered:
        saved_ones, accuracy = _checkpoints_of(summary.id)
        for saved in reversed(saved_ones):
            code = str(CheckpointId(summary.id, saved.name))
            variants[code] = _variants(summary, saved.name, _percent(accuracy.get(saved.step)))
            paths[code] = saved.path
    labels = distinct(variants)
    return {code: Offer(labels[code], path) for code, path in paths.items()}


def _checkpoints_of(run_id: str) -> tuple[list[Checkpoint], dict[int, float]]:
    """Return what a run offers to look at, the oldest first, and the accuracy by step; none of one that is gone."""
    try:
        run = RunFolder(workspace.root(), run_id)
        return run.viewable(), _accuracies(run)
    except InvalidSetting:
        return [], {}


def say_missing(key: str) -> None:
    """Say so when the checkpoint that was chosen under ``key`` is gone, as another tab may have deleted its run."""
    code = str(st.session_state.get(key, ""))
    if ":" in code and not _exists(code):
        st.warning(_("The checkpoint that was chosen is not there any more; another network is shown."))


def _exists(code: str) -> bool:
    try:
        checkpoint_id = CheckpointId.parse(code)
        RunFolder(workspace.root(), checkpoint_id.run).weights(checkpoint_id.checkpoint)
    except InvalidSetting:
        return False
    return True


def distinct(variants: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return one label for each id: the first of its variants, or a later one where two ids would have the same.

    The last variant of an id must be its own.
    """
    level = dict.fromkeys(variants, 0)
    while True:
        labels = {code: variants[code][level[code]] for code in variants}
        counts = Counter(labels.values())
        alike = [code for code, label in labels.items() if counts[label] > 1]
        again = [code for code in alike if level[code] < len(variants[code]) - 1]
        if not again:
            return labels
        for code in again:
            level[code] += 1


def _variants(run: RunSummary, *facts: str) -> list[str]:
    """Return name, ``facts`` and start of a run; then to the second, with the end of its id, with all of it."""
    whole = workspace.run_name(run)
    name = whole if len(whole) <= NAME_MOST else whole[: NAME_MOST - 1] + "…"
    begun = workspace.local(run.created)
    day = "" if begun.date() == datetime.datetime.now(begun.tzinfo).date() else f"{begun:%Y-%m-%d} "
    seconds = f"{day}{begun:%H:%M:%S}"
    ends = (f"{day}{begun:%H:%M}", seconds, f"{seconds} · {run.id[-4:]}", run.id)
    return [" · ".join(filter(None, (name, *facts, end))) for end in ends]


def _percent(accuracy: float | None) -> str:
    return "" if accuracy is None else f"{accuracy:.2%}"


def _in_address(key: str) -> str | None:
    """Return the checkpoint that the address asks for under ``key``; an older way to write it becomes today's."""
    code = st.query_params.get(key)
    if code is None:
        return None
    now = as_written_now(code)
    if now != code:
        st.query_params[key] = now
    return now


def as_written_now(code: str) -> str:
    """Return what an older address means: "<run>/<checkpoint>", or a run alone for its newest checkpoint."""
    with suppress(InvalidSetting):
        return str(CheckpointId.parse(code))
    with suppress(InvalidSetting):  # of a run that is gone nothing is known
        for newest in RunFolder(workspace.root(), code).checkpoints()[-1:]:
            return str(CheckpointId(code, newest.name))
    return code


def _accuracies(run: RunFolder) -> dict[int, float]:
    """Return the test accuracy by step."""
    return _read_accuracies(run.path, *(_changed(run.path / name) for name in (HISTORY, f"{HISTORY}-wal")))


def _changed(path: Path) -> tuple[int, int]:
    try:
        stat = path.stat()
    except OSError:
        return 0, 0
    return stat.st_mtime_ns, stat.st_size


@lru_cache(maxsize=2048)  # a history that has not changed is read once
def _read_accuracies(path: Path, *_changed: tuple[int, int]) -> dict[int, float]:
    return {test.step: test.accuracy for test in RunFolder(path.parent, path.name).tests()}
