"""Where a run trained: one line a machine, in both languages, and none for a run that never left the server."""

from __future__ import annotations

from pathlib import Path

from core.i18n import translate
from core.training import run_folder
from core.training.events import Life, Resumed, Started
from core.training.run_folder import HISTORY
from core.training.run_machines import machines
from core.training.store import Writer
from pages.shared import machine_sentences
from tests.training.data import SMALL

A = {"node": "lab-1", "torch": "2.12.0", "processor": "Xeon"}
B = {"node": "lab-2", "torch": "2.12.0", "processor": "EPYC"}
FIRST, AGAIN, MOVED, HOME = Started(0, **A), Started(20, "step-20", **A), Started(40, "auto-40", **B), Started(60)
LIFE: list[Life] = [FIRST, Resumed(10), AGAIN, MOVED, HOME]


def test_a_machine_that_takes_a_run_up_again_is_one_place() -> None:
    assert machines(enumerate(LIFE)) == [FIRST, MOVED, HOME]
    assert machines(enumerate([Started(0), Started(9)])) == []


def test_each_place_is_a_sentence_and_another_processor_is_said(tmp_path: Path) -> None:
    run = run_folder.create(tmp_path, SMALL)
    assert machine_sentences.lines(run) == []
    writer = Writer(run.path / HISTORY, 100)
    for at, event in enumerate(LIFE):
        writer.add_life(float(at), event)
    writer.close()
    assert machine_sentences.lines(run) == [
        "It began on node lab-1, torch 2.12.0.",
        "From batch 41 on it trained on node lab-2, torch 2.12.0."
        " Another torch or processor: from there the last bits may differ.",
        "From batch 61 on it trained on this server."
        " Another torch or processor: from there the last bits may differ.",
    ]
    for sentence in ("It began on {node}.", "From batch {step} on it trained on {node}."):
        assert translate("zh", sentence) != sentence
