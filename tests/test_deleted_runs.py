"""A run that is deleted while a page reads it, at any moment: a sentence on every page, and never a traceback."""

from __future__ import annotations

import queue
import sys
import traceback
from collections.abc import Iterator
from functools import partial

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.errors import InvalidSetting
from core.settings import PROJECT
from core.training import archive, checkpoint, run_folder
from core.training.config import TrainConfig
from core.training.jobs import Jobs
from core.training.run_controller import RunController
from core.training.run_folder import RunFolder

READS = frozenset({"open", "sqlite3.connect", "os.scandir", "os.listdir"})
PAGES = [
    ("train", {"run": "{run}", "train_tab": "tests"}),
    ("train", {"run": "{run}", "train_tab": "checkpoints"}),
    ("runs", {"runs_compare": "{run}", "runs_one": "{run}"}),
    ("draw", {"draw_net": "{run}:epoch-1"}),
    ("lenet", {"lenet_weights": "{run}:epoch-1", "lenet_network": "mnist"}),
    ("convolution", {"convolution_network": "{run}:epoch-1", "convolution_weights": "trained"}),
]


class RunMover:
    """Takes a run's folder away right before its read number ``at``, and notes which code reads what."""

    def __init__(self, run: RunFolder) -> None:
        self.run, self.away = run.path, run.path.parent.with_name("away")
        self.at, self.notes_reads = 0, False
        self.readers: list[tuple[str, ...]] = []

    def hook(self, event: str, arguments: tuple[object, ...]) -> None:
        """Be told of a read, by ``sys.addaudithook``."""
        if self.notes_reads and event in READS and self.run.name in str(arguments[0]):
            ours = [f"{f.filename}:{f.lineno}" for f in traceback.extract_stack() if str(PROJECT) in f.filename]
            self.readers.append((event, *ours[-3:]))
            if len(self.readers) == self.at:
                self.notes_reads = False
                self.run.rename(self.away)

    def begin(self, at: int = 0) -> None:
        """Count the reads from here on; ``at`` 0 takes nothing away."""
        self.at, self.readers, self.notes_reads = at, [], True

    def end(self) -> bool:
        """Put the run back, and return whether it was away."""
        self.notes_reads = False
        if was_away := self.away.exists():
            self.away.rename(self.run)
        return was_away


@pytest.fixture(scope="module")
def mover(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunMover]:
    root = tmp_path_factory.mktemp("deleted") / "runs"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STEPWISE_RUNS", str(root))
        patch.setattr("pages.shared.jobs.Jobs", partial(Jobs, standby=False))  # no process for these tests
        run = run_folder.create(root, TrainConfig(dataset="digits", epochs=1, threads=1, batch_size=512), "one")
        RunController(run.path, queue.Queue(), lambda **_message: None).run()
        mover = RunMover(run)
        sys.addaudithook(mover.hook)
        yield mover
        mover.end()


def open_page(name: str, query: dict[str, str], mover: RunMover, at: int) -> AppTest:
    """Open a page; its own reads begin where the first page is left."""
    st.cache_data.clear()
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    app.session_state["lang"] = "en"
    app.run()
    for key, value in query.items():
        app.query_params[key] = value.format(run=mover.run.name)
    mover.begin(at)
    return app.switch_page(f"pages/{name}.py").run()


@pytest.mark.parametrize(("name", "query"), PAGES)
def test_wherever_a_page_is_when_the_run_goes_it_says_so(name: str, query: dict[str, str], mover: RunMover) -> None:
    assert not open_page(name, query, mover, at=0).exception
    readers = list(mover.readers)
    moments = [place + 1 for place, reader in enumerate(readers) if reader not in readers[:place]]
    assert len(moments) > 4
    sentences = set()
    for at in moments:
        app = open_page(name, query, mover, at)
        assert not app.exception, (at, readers[at - 1])
        sentences.update(each.value for each in (*app.error, *app.warning))
        app.run()
        was_away = mover.end()
        assert was_away and not app.exception, (at, readers[at - 1])
        sentences.update(each.value for each in (*app.error, *app.warning))
    assert sentences or name == "runs", "its table without the run is enough"
    assert not any("damaged" in sentence or "unexpected error" in sentence for sentence in sentences)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "A run that was shown here is not there any more"), ("zh", "这里显示过的一次训练已经不在了")],
)
@pytest.mark.parametrize("button", ["runs_rename", "runs_delete"])
def test_a_button_of_a_run_that_was_deleted_elsewhere_says_so(
    language: str, sentence: str, button: str, mover: RunMover
) -> None:
    app = open_page("runs", PAGES[2][1], mover, at=0)
    assert not app.warning
    app.session_state["lang"] = language
    mover.run.rename(mover.away)
    app.button(button).click().run()
    assert mover.end() and not app.exception
    assert [sentence in warning.value for warning in app.warning] == [True]


def test_start_begins_nothing_where_the_checkpoint_to_continue_from_was_deleted_meanwhile(mover: RunMover) -> None:
    app = open_page("train", {"run": "new", "train_from": "{run}:epoch-1"}, mover, at=0)
    mover.run.rename(mover.away)
    app.button("train_go").click().run()
    assert list(mover.run.parent.iterdir()) == [], "new weights are not what was chosen"
    assert mover.end() and not app.exception
    assert "The checkpoint to continue from is not there any more" in app.warning[0].value


def test_what_reads_a_run_says_that_it_is_gone_and_not_that_it_is_damaged(mover: RunMover) -> None:
    run = RunFolder(mover.run.parent, mover.run.name)
    folder = run.checkpoint("epoch-1").path
    for read in (partial(checkpoint.load, folder), partial(checkpoint.load_model, folder)):
        mover.begin()
        read()
        for at in range(1, len(mover.readers) + 1):
            mover.begin(at)
            with pytest.raises(InvalidSetting, match="there is no run"):
                read()
            assert mover.end()
    mover.begin(2)
    with pytest.raises(InvalidSetting, match="there is no run"):
        archive.export_run(run)
    assert mover.end()
