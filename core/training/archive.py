"""A run as one file: a zip of plain JSON, numbers and checkpoints, and the way back in, which trusts nothing.

The history travels as events, not as a database: what comes in is read event by event and written into a
database of our own.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import stat
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from core import file_kind
from core.errors import N_, InvalidSetting, Phrase, brief
from core.file_kind import NamedFile
from core.storage import is_of_the_disk, stores
from core.timestamp import LATEST, is_timestamp
from core.training import events as facts
from core.training import manifest, run_folder
from core.training.config import TrainConfig, read_object
from core.training.deletion import invalid_if_deleted
from core.training.events import Batch, History, Life
from core.training.run_folder import CHECKPOINTS, CONFIG, HISTORY, NAME, RunFolder
from core.training.schedule import Schedule
from core.training.status import FILE as STATUS
from core.training.status import OVER, Status, write_status
from core.training.store import Writer, sequence

LARGEST = 300_000_000  # bytes, unpacked
MEMBERS = 40_000
READ = frozenset({file_kind.RUN, file_kind.ZIP})  # a zip without a run's files says itself what is wrong
SMALL = 100_000  # bytes of a file of settings
LINES = 200_000  # of rare events
MEMBER = re.compile(
    r"config\.json|name\.json|status\.json|run\.json|events\.jsonl|losses\.f64"
    r"|checkpoints/((epoch|step|auto)-[0-9]{1,12}|start)/(model\.pth|optimizer\.pth|rng\.bin|manifest\.json)"
)


def export_run(run: RunFolder) -> bytes:
    """Return the whole run as a zip file; raises ``InvalidSetting`` for one that is deleted meanwhile."""
    buffer = io.BytesIO()
    with invalid_if_deleted(run.path), zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for file in (CONFIG, NAME, STATUS):
            if (run.path / file).exists():
                archive.write(run.path / file, file)
        rare = [event for _, event in run.events(limit=2**62) if not isinstance(event, Batch)]
        archive.writestr("events.jsonl", "".join(facts.to_json(event) + "\n" for event in rare))
        archive.writestr("losses.f64", run.losses().astype("<f8").tobytes())
        life = [[at, facts.to_json(event)] for at, event in run.life()]
        about = {"examples": run.examples(), "commands": list(run.commands().items()), "life": life}
        archive.writestr("run.json", json.dumps(about))
        for point in run.all_checkpoints():
            for path in sorted(point.path.iterdir()):
                archive.write(path, f"{CHECKPOINTS}/{point.name}/{path.name}")
    return buffer.getvalue()


@stores(lambda root: root)
def import_run(root: Path, file: NamedFile) -> str:
    """Make a run of an archive and return its new id. Raises ``InvalidSetting`` that says what is wrong with the
    archive.

    Nothing appears among the runs before all of it was read and found right.
    """
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".import-", suffix=".tmp", dir=root) as partial:
        folder = Path(partial) / "run"
        folder.mkdir()
        files = read_members(file, folder)
        try:
            config, name, created = read_settings(files)
            run = run_folder.create(Path(partial), config, name)
            run_folder.write_name(run.path, run.name, created)
            write_history(run.path / HISTORY, config, files)
            if (folder / CHECKPOINTS).exists():
                shutil.move(folder / CHECKPOINTS, run.path / CHECKPOINTS)
                for path in (run.path / CHECKPOINTS).iterdir():
                    manifest.read(path)
            write_status(run.path, imported_status(run, files))
        except InvalidSetting:
            raise
        except Exception as error:  # whatever a stranger's file makes Python raise
            if is_of_the_disk(error):
                raise
            raise InvalidSetting(N_("this is not a run that was exported here ({why})"), why=brief(error)) from None
        run.path.rename(root / run.id)
        return run.id


def read_members(file: NamedFile, folder: Path) -> dict[str, bytes]:
    """Write the checkpoints in the archive into ``folder`` and return the other files.

    Only the names that ``export_run`` writes are known, so no path, link or device can be among them.
    """
    content, name = file.content, file.name
    if len(content) > LARGEST:
        raise InvalidSetting(N_("{file} is larger than {most} MB"), file=name, most=LARGEST // 1_000_000)
    problem = file_kind.problem(file, N_("a run that was exported here"), READ)
    if problem is not None:
        raise problem
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_members(archive.infolist(), len(content), name)
            files = {}
            for member in archive.infolist():
                part = archive.read(member)  # checks the CRC
                if member.filename.startswith(CHECKPOINTS):
                    target = folder / member.filename
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(part)
                else:
                    files[member.filename] = part
            return files
    except InvalidSetting:
        raise
    except Exception as error:  # zipfile raises many kinds on damaged archives
        if is_of_the_disk(error):
            raise
        raise InvalidSetting(
            N_("{file} is cut off or damaged: get it again")
            if content.startswith(b"PK")
            else N_("{file} is not a run that was exported here"),
            file=name,
        ) from None


def check_members(members: list[zipfile.ZipInfo], size: int, name: str | Phrase) -> None:
    """Raise ``InvalidSetting`` for names that an export does not have, for links, for what unpacks to more than it
    is.
    """
    names = [member.filename for member in members]
    strange = next((name for name in names if not MEMBER.fullmatch(name)), None)
    if strange is not None:
        raise InvalidSetting(N_("the archive holds {name}, which no exported run has"), name=brief(strange))
    if len(names) > MEMBERS or len(set(names)) != len(names):
        raise InvalidSetting(N_("{file} holds too many parts, or two of one name"), file=name)
    if any(stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG) for member in members):
        raise InvalidSetting(N_("the archive holds a link or a device"))
    if any(member.compress_type != zipfile.ZIP_STORED or member.flag_bits & 1 for member in members):
        raise InvalidSetting(N_("the archive is compressed or encrypted inside; an exported run is not"))
    if sum(member.file_size for member in members) > size:
        raise InvalidSetting(N_("{file} claims to hold more than its own size"), file=name)


def read_settings(files: dict[str, bytes]) -> tuple[TrainConfig, str, float]:
    """Return configuration, name and time of creation."""
    config = TrainConfig.from_json(files[CONFIG][:SMALL].decode())
    about = read_object(files[NAME][:SMALL].decode())
    created = about["created"]
    if not is_timestamp(created):
        raise InvalidSetting(
            N_("{setting} must be {allowed}, not {value}"),
            setting="created",
            allowed=f"0…{LATEST:.0e}",
            value=brief(created),
        )
    return config, run_folder.clean_name(str(about["name"])), float(created)


def write_history(path: Path, config: TrainConfig, files: dict[str, bytes]) -> None:
    """Write the history in ``files`` into a database of our own, every event rebuilt from its fields."""
    about: dict[str, Any] = json.loads(files["run.json"])
    examples = int(about["examples"])
    if not 0 < examples < 10**9:
        return
    times = Schedule.of(config, examples)
    losses = np.frombuffer(files["losses.f64"], dtype="<f8")
    if len(losses) > times.steps or not np.isfinite(losses).all():
        raise InvalidSetting(N_("the archive holds losses that no run of these settings has"))
    lines = files["events.jsonl"].decode().splitlines()
    if len(lines) > LINES:
        raise InvalidSetting(N_("the archive holds losses that no run of these settings has"))
    events: list[History] = [
        Batch(step, times.epoch(step), times.examples_at(step), float(loss))
        for step, loss in enumerate(losses, start=1)
    ]
    for line in lines:
        event = facts.from_json(line)
        if isinstance(event, Batch) or not isinstance(event, History) or not facts.is_sound(event, times.steps):
            raise InvalidSetting(N_("the archive holds losses that no run of these settings has"))
        events.append(event)
    writer = Writer(path, examples)
    try:
        writer.add(sorted(events, key=sequence))
        for step, rate in about["commands"]:
            writer.add_change(int(step), float(rate))
        for at, text in about["life"]:
            event = facts.from_json(text)
            if isinstance(event, Life):
                writer.add_life(float(at), event)
    finally:
        writer.close()


def imported_status(run: RunFolder, files: dict[str, bytes]) -> Status:
    """Return where the run stands by its own history; one that was active elsewhere is an interrupted one here."""
    claimed = read_object(files.get(STATUS, b"{}")[:SMALL].decode()).get("state")
    tests, losses = run.tests(), run.losses()
    if not run.examples():
        return Status()
    times = Schedule.of(run.config, run.examples())
    return Status(
        state=claimed if claimed in (*OVER, "paused") else "interrupted",
        step=len(losses),
        steps=times.steps,
        epoch=times.epoch(len(losses)),
        seen=times.examples_at(len(losses)),
        examples=times.epochs * times.examples,
        learning_rate=run.changes()[-1].learning_rate if run.changes() else run.config.learning_rate,
        loss=float(losses[-1]) if len(losses) else None,
        test_loss=tests[-1].loss if tests else None,
        accuracy=tests[-1].accuracy if tests else None,
        best_accuracy=max((test.accuracy for test in tests), default=None),
    )
