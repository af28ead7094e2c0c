"""What runs a reader's program, once for all files."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.script import __main__ as command
from core.script.run import Runner


@pytest.fixture(scope="session")
def runner() -> Iterator[Runner]:
    new_runner = Runner()
    yield new_runner
    new_runner.close()


@pytest.fixture
def command_with_runner(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command start its program in ``runner``, not in a process that imports torch for it alone."""
    monkeypatch.setattr(command, "run", runner.run)
