"""The process of one program, as the server speaks to it: lines of JSON, "stop", and the end of the pipe."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.script.call_lines import CallReader
from tests.conftest import ROOT

pytestmark = pytest.mark.heavy
ENDLESS = "n = 0\nprint('begun')\nwhile True:\n    n = n + 1\n"


class Worker:
    """The process and its two pipes."""

    def __init__(self, folder: Path) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "core.script.process.worker"]
        self.process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def send(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n".encode())
        self.process.stdin.flush()

    def start(self, text: str) -> None:
        self.send(json.dumps({"text": text, "seconds": 60.0, "memory_mb": 4_000, "shape": None}))

    def messages(self) -> Iterator[dict[str, Any]]:
        assert self.process.stdout is not None
        yield from map(json.loads, self.process.stdout)

    def end_of_input(self) -> int:
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.process.wait(60)


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    new_worker = Worker(tmp_path)
    yield new_worker
    new_worker.process.kill()
    with new_worker.process:  # closes the pipes and waits
        pass


def test_it_answers_with_the_calls_and_the_record(worker: Worker) -> None:
    messages = worker.messages()
    assert next(messages) == {"kind": "ready"}
    worker.start("import torch\nx = torch.ones(2, 3)\ny = x @ torch.ones(3, 1)\nprint(y.sum().item())\n")
    answers = [message for message in messages if message["kind"] != "progress"]
    *calls, last = answers
    reader = CallReader()
    for message in calls:
        reader.take(message)
    assert [call.name for call in reader.calls.values()] == ["matmul", "sum"]
    assert last["kind"] == "record"
    assert "6.0" in json.dumps(last["record"])
    assert worker.process.wait(60) == 0


def test_a_program_that_is_stopped_is_recorded_up_to_there(worker: Worker) -> None:
    messages = worker.messages()
    next(messages)
    worker.start(ENDLESS)
    progress = next(message for message in messages if message["kind"] == "progress" and message["line"])
    assert progress["line"] in (3, 4) and progress["lines"] > 2 and "begun" in json.dumps(progress["prints"])
    worker.send("stop")
    *_before, last = messages
    assert last["kind"] == "record" and "You stopped the program" in json.dumps(last)
    assert worker.process.wait(60) == 0


def test_it_ends_with_its_server(worker: Worker) -> None:
    messages = worker.messages()
    next(messages)
    worker.start(ENDLESS)
    assert next(messages)["kind"] == "progress"
    assert worker.end_of_input() == 1


def test_without_a_request_it_ends(worker: Worker) -> None:
    assert next(worker.messages()) == {"kind": "ready"}
    assert worker.end_of_input() == 0
