"""core/storage.py: what cannot be written is a sentence, leaves nothing behind, and the rest goes on."""

from __future__ import annotations

import errno
import io
import os
import shutil
import sqlite3
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import serve
from benchmarks.growth import record
from core.classroom.expiry import Expiry, ObservedClock
from core.errors import InvalidSetting
from core.file_kind import NamedFile
from core.storage import CannotStore, storing
from core.training import archive, files, run_folder
from core.training.config import TrainConfig
from core.training.jobs import Jobs
from core.training.store import Reader
from tests.conftest import ROOT

SMALL = TrainConfig(dataset="digits", epochs=1, threads=1)
WHY = {errno.ENOSPC: "the disk with .* is full: .*STEPWISE_RUNS", errno.EROFS: "cannot be written .*STEPWISE_RUNS"}


def failing(number: int) -> Callable[..., Any]:
    def fail(*_arguments: object, **_named: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


@pytest.fixture
def jobs(tmp_path: Path) -> Jobs:
    new_jobs = Jobs(tmp_path / "runs", limit=1, standby=False)
    yield new_jobs
    new_jobs.close()


@pytest.mark.parametrize("number", WHY)
@pytest.mark.parametrize("place", ["mkdir", "content", "rename"])
def test_a_run_that_cannot_be_stored_is_a_sentence_and_leaves_nothing(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch, number: int, place: str
) -> None:
    jobs.root.mkdir()
    with monkeypatch.context() as broken:
        if place == "content":
            broken.setattr(files, "write_synced", failing(number))
        else:
            broken.setattr(Path, place, failing(number))
        with pytest.raises(CannotStore, match=WHY[number]):
            jobs.submit(SMALL)
    assert list(jobs.root.iterdir()) == []


def test_a_run_that_is_made_but_cannot_begin_goes_away_again(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files.Lock, "acquire", failing(errno.ENOSPC))
    with pytest.raises(CannotStore, match="is full"):
        jobs.submit(SMALL)
    assert list(jobs.root.iterdir()) == []


def test_rename_delete_and_commands_are_sentences_too(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    run = run_folder.create(jobs.root, SMALL, "one")
    monkeypatch.setattr(Path, "replace", failing(errno.EROFS))
    monkeypatch.setattr(Path, "rename", failing(errno.EROFS))
    monkeypatch.setattr(files.Lock, "acquire", failing(errno.EROFS))
    for act in (
        lambda: run.rename("another"),
        lambda: run_folder.delete(jobs.root, run.id),
        lambda: jobs.delete(run.id),
        lambda: jobs.resume(run.id),
        lambda: jobs.command(run.id, "stop"),
    ):
        with pytest.raises(CannotStore, match="cannot be written"):
            act()


@pytest.mark.parametrize("number", WHY)
def test_a_run_that_cannot_be_imported_is_not_called_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    run = run_folder.RunFolder(tmp_path, record(tmp_path, 5))
    content = archive.export_run(run)
    for place in (Path, "mkdir"), (shutil, "move"), (archive, "write_status"), (Path, "write_bytes"):
        with monkeypatch.context() as broken:
            broken.setattr(*place, failing(number))
            with_checkpoint = _with_a_checkpoint(content) if place[1] in ("move", "write_bytes") else content
            with pytest.raises(CannotStore, match=WHY[number]):
                archive.import_run(tmp_path / "other", NamedFile("run.zip", with_checkpoint))
        assert not list((tmp_path / "other").glob("*")), place


def _with_a_checkpoint(content: bytes) -> bytes:
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a") as changed:
        changed.writestr("checkpoints/epoch-1/model.pth", b"x")
    return buffer.getvalue()


def test_who_may_only_read_sees_the_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = record(tmp_path, 5)
    (tmp_path / run_id / "worker.lock").touch()
    real = Path.open

    def read_only(path: Path, mode: str = "r", *arguments: Any, **named: Any) -> Any:
        if set(mode) & set("wax+"):
            failing(errno.EROFS)()
        return real(path, mode, *arguments, **named)

    monkeypatch.setattr(Path, "open", read_only)
    assert [run.id for run in run_folder.list_runs(tmp_path)] == [run_id]


def test_a_history_is_read_where_nothing_can_be_written_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite's WAL wants a file of its own beside the history, and says so where it may not make it."""
    run = run_folder.RunFolder(tmp_path, record(tmp_path, 5))
    before, connect, paths = run.events(), sqlite3.connect, []

    class Refusing:
        def execute(self, *_arguments: object) -> None:
            raise sqlite3.OperationalError("unable to open database file")

        def close(self) -> None:
            pass

    def read_only(address: str, **named: Any) -> Any:
        paths.append(address)
        return connect(address, **named) if "immutable=1" in address else Refusing()

    monkeypatch.setattr(sqlite3, "connect", read_only)
    assert Reader(tmp_path / run.id / run_folder.HISTORY, 64, 1).events(-1, 100) == before[:100]
    assert len(paths) == 2


def test_a_workspace_is_looked_at_though_its_visit_cannot_be_marked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expiry, workspace = Expiry(tmp_path, 60, ObservedClock(tmp_path / "clock.json")), "a" * 40
    folder = expiry.enter(workspace, create=True)
    monkeypatch.setattr(Path, "replace", failing(errno.ENOSPC))
    monkeypatch.setattr(Path, "write_bytes", failing(errno.ENOSPC))
    again = Expiry(tmp_path, 60, ObservedClock(tmp_path / "clock.json"))
    assert again.enter(workspace) == folder
    monkeypatch.setattr(Path, "mkdir", failing(errno.EROFS))
    with pytest.raises(CannotStore):
        again.enter("b" * 40, create=True)


def test_a_classroom_that_cannot_write_says_so_and_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STEPWISE_RUNS", str(tmp_path / "nowhere"))
    monkeypatch.setenv("STEPWISE_CLASSROOM", "0")  # what main() sets is taken back
    monkeypatch.setattr(serve, "classroom", failing(errno.EROFS))
    assert serve.main() == 2
    assert "nowhere cannot be written" in capsys.readouterr().err


def test_an_error_inside_stays_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(InvalidSetting, match="no"), storing(tmp_path):
        raise InvalidSetting("no")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_start_on_a_full_disk_is_a_sentence_on_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("STEPWISE_RUNS", str(tmp_path))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["lang"] = language
    app.switch_page("pages/train.py").run()
    monkeypatch.setattr(files, "write_synced", failing(errno.ENOSPC))
    app.button(key="train_go").click().run()
    assert not app.exception
    assert any(
        "STEPWISE" in error.value and str(tmp_path.name) in error.value.replace("\\", "") for error in app.error
    )


@pytest.mark.skipif(sys.platform == "win32", reason="the app's own folder is looked at")
def test_no_page_writes_into_the_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the pages need of plotly is served out of its package."""
    monkeypatch.setenv("STEPWISE_RUNS", str(tmp_path))
    before = set((ROOT / "static").rglob("*"))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params |= {
        "two_layers_N": "4",
        "two_layers_D_in": "3",
        "two_layers_H": "2",
        "two_layers_D_out": "2",
        "two_layers_iterations": "2",
    }
    app.switch_page("pages/two_layers.py").run()
    assert not app.exception
    assert set((ROOT / "static").rglob("*")) == before
