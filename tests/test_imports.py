"""pages/shared/imports.py: threads that import at once all get whole modules."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

from tests.conftest import ROOT

MODULES = (
    "core.live.lenet",
    "core.live.network",
    "core.live.run",
    "core.live.operators",
    "core.live.examples",
    "core.live.linear_fit",
    "pages.parts.lenet.stage",
    "pages.parts.train.live",
    "pages.parts.draw.reading",
    "pages.parts.home.first",
    "pages.parts.your_code.workshop",
    "pages.parts.operators.one_operator",
)
PROGRAM = """
import importlib, sys, threading
import streamlit, streamlit.components.v2
from pages.shared import imports

sys.setswitchinterval(0.0005)
{prepare}
together, failures = threading.Barrier({count}), []
def bring(name):
    together.wait()
    try:
        importlib.import_module(name)
    except Exception as error:
        failures.append(f"{{name}}: {{type(error).__name__}}: {{error}}")
threads = [threading.Thread(target=bring, args=(name,)) for name in {names!r}]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(failures)
"""


def failures(prepare: str, names: tuple[str, ...] = MODULES) -> str:
    """Return what fails when as many threads as ``names`` import one each, in a process of its own."""
    program = textwrap.dedent(PROGRAM).format(prepare=prepare, count=len(names), names=names)
    command = [sys.executable, "-c", program]
    process = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    return process.stdout.strip().splitlines()[-1]


@pytest.mark.parametrize("names", [MODULES, MODULES[::-1]], ids=["one order", "the other"])
def test_threads_that_import_at_once_get_whole_modules(names: tuple[str, ...]) -> None:
    assert failures("imports.one_at_a_time(); imports.one_at_a_time()", names) == "[]"
