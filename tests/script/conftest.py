"""What runs a reader's program, once for all tests of a file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.script.run import Runner


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    new_runner = Runner()
    yield new_runner
    new_runner.close()
