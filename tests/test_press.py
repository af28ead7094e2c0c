"""A press has its effect once, wherever the run of the page that does it is ended by a newer one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st
from streamlit.runtime.scriptrunner import StopException
from streamlit.runtime.state import SafeSessionState
from streamlit.testing.v1 import AppTest

from core.experiments import group
from core.experiments.estimate import Probe
from core.settings import PROJECT
from core.training import run_folder
from core.training.config import TrainConfig
from core.training.jobs import Jobs
from core.training.status import Status, write_status
from pages.shared import press
from pages.shared.press import Press

TOUCHES = ("__getitem__", "__setitem__", "__delitem__", "__contains__")
MOST = 60  # touches of the session while a press is done, a bound


def test_two_that_overlap_do_it_once_and_get_the_same() -> None:
    press_of_both, begin, go_on, results = Press(), threading.Event(), threading.Event(), []

    def effect() -> object:
        begin.set()
        assert go_on.wait(10)
        return object()

    threads = [threading.Thread(target=lambda: results.append(press_of_both.once(effect))) for _ in range(2)]
    threads[0].start()
    assert begin.wait(10)
    threads[1].start()
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert len(results) == 2 and results[0] is results[1]


def test_what_raises_is_not_done() -> None:
    raising = Press()
    with pytest.raises(ZeroDivisionError):
        raising.once(lambda: 1 // 0)
    assert raising.once(lambda: 1) == 1


CONFIG = TrainConfig(dataset="digits", epochs=1, threads=1)
UPLOAD = SimpleNamespace(name="run.zip", getvalue=lambda: b"")


def import_run(root: Path) -> str:
    return run_folder.create(root, CONFIG, "imported").id


class CountedJobs(Jobs):
    """Makes the runs that it is asked for, and trains none."""

    def __init__(self, root: Path) -> None:
        super().__init__(root, standby=False)

    def submit(self, config: Any, name: str = "", *_rest: Any, run_id: str = "", **_options: Any) -> str:
        run = run_folder.create(self.root, config, name, run_id)
        write_status(run.path, Status(state="paused"))
        return run.id


def ended_at(touch: int, monkeypatch: pytest.MonkeyPatch) -> Callable[[], bool]:
    """End the run of a page that does a press at its touch of the session of that number, once.

    Return what tells whether that was reached.
    """
    left: list[int] = []
    reached = threading.Event()
    find, forget = press.pending, press.forget

    def pending(key: str) -> Press | None:
        pending_press = find(key)
        if pending_press is not None and not reached.is_set():
            left[:] = [touch]
        return pending_press

    def forget_and_end(key: str) -> None:
        forget(key)
        left.clear()

    def counting(name: str) -> Callable[..., Any]:
        real = getattr(SafeSessionState, name)

        def touch_session(self: SafeSessionState, *values: Any) -> Any:
            if left:
                left[0] -= 1
                if left[0] < 0:
                    left.clear()
                    reached.set()
                    raise StopException
            return real(self, *values)

        return touch_session

    monkeypatch.setattr(press, "pending", pending)
    monkeypatch.setattr(press, "forget", forget_and_end)
    for name in TOUCHES:
        monkeypatch.setattr(SafeSessionState, name, counting(name))
    return reached.is_set


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STEPWISE_RUNS", str(tmp_path))
    monkeypatch.setattr("pages.shared.jobs.Jobs", lambda root, **_options: CountedJobs(root))
    monkeypatch.setattr(
        "pages.parts.experiments.start_button.measure",
        lambda configs: [Probe(1e-4, 2e-4, 0.1, 90_000, 1437)] * len(configs),
    )
    monkeypatch.setattr(st, "file_uploader", lambda *_label, **_how: UPLOAD)
    monkeypatch.setattr("core.training.archive.import_run", lambda root, _file: import_run(root))
    run_folder.create(tmp_path, CONFIG, "here already")
    st.cache_resource.clear()
    return tmp_path


def page(name: str, key: str) -> AppTest:
    """Open the page where something new is prepared, whatever there is already."""
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    app.session_state["lang"] = "en"
    app.query_params[key] = "new"
    app.run()
    app.switch_page(f"pages/{name}.py").run()
    assert not app.exception, app.exception
    return app


def experiments(root: Path) -> list[str]:
    return [each.id for each in group.list_experiments(root)]


# page -> the button, what holds the id of what is shown, and the ids of what is there
CASES: dict[str, tuple[str, str, Callable[[Path], list[str]]]] = {
    "train": ("train_go", "run", run_folder.run_ids),
    "experiments": ("experiments_start", "experiments_shown", experiments),
    "runs": ("runs_import", "runs_brought", run_folder.run_ids),
}


@pytest.mark.parametrize("name", CASES)
def test_a_press_is_done_and_shown_once_wherever_a_newer_run_of_the_page_comes_between(
    name: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    button, key, ids = CASES[name]
    for touch in range(MOST):
        before = set(ids(root))
        app = page(name, key)
        with monkeypatch.context() as patch:
            was_ended = ended_at(touch, patch)
            app.button(key=button).click().run()
            app.run()
        assert not app.exception, app.exception
        (new,) = set(ids(root)) - before
        assert app.session_state[key] == new, touch
        if not was_ended():
            assert touch, "the press was not found, and no run of the page was ended"
            return
    raise AssertionError("the end of the press was not reached")
