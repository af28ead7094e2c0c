"""pages/shared/imports.py: threads that import at once all get whole modules."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.conftest import ROOT

MODULES = (
    "core.live.lenet",
    "core.live.network",
    "core.live.run",
    "core.live.operators",
    "core.live.examples",
    "core.live.linear_fit",
    "pages.parts.lenet.step",
    "pages.parts.train.live",
    "pages.parts.draw.reading",
    "pages.parts.home.first",
    "pages.parts.your_code.page",
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


CROSSED = """
import sys, threading, types
import core
from pages.shared import imports

core.__path__.append({folder!r})
sys.path.append({folder!r})
gate = sys.modules["gate"] = types.ModuleType("gate")
gate.outside, gate.inside = threading.Event(), threading.Event()
imports.one_at_a_time()
threads = [threading.Thread(target=__import__, args=(name,), daemon=True) for name in ("outside", "core.inside")]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join(30)
print([thread.is_alive() for thread in threads])
"""
OUTSIDE = "import gate; gate.outside.set(); gate.inside.wait(2); import core.other"
INSIDE = "import gate; gate.inside.set(); gate.outside.wait(2); import outside"


def test_a_module_of_others_that_imports_ours_while_ours_import_it_ends_in_no_deadlock(tmp_path: Path) -> None:
    for name, text in {"outside": OUTSIDE, "inside": INSIDE, "other": ""}.items():
        (tmp_path / f"{name}.py").write_text(text)
    command = [sys.executable, "-c", CROSSED.format(folder=str(tmp_path))]
    process = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    assert process.stdout.strip().splitlines()[-1] == "[False, False]", process.stderr


def test_the_app_is_served_before_torch_is_there() -> None:
    command = [sys.executable, "-c", "import sys, app; print('torch' in sys.modules)"]
    process = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    assert process.stdout.split() == ["False"], process.stderr


def test_names_are_made_whole_and_what_is_there_waits_for_nothing() -> None:
    command = [sys.executable, "-c", RELATIVE]
    process = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    assert process.stdout.split() == ["json.decoder", "ModuleNotFoundError", "ImportError", "free"], process.stderr


RELATIVE = """
import importlib, json, threading
from pages.shared import imports
imports.one_at_a_time()
package = {"__package__": "json", "__name__": "json.x"}
print(__import__("decoder", package, {}, ["JSONDecoder"], 1).__name__)
for level, name in ((1, "not_there"), (3, "decoder")):
    try:
        __import__(name, package, {}, ["x"], level)
    except ImportError as error:
        print(type(error).__name__)
imports.alone.acquire()
def use():
    import json.decoder
    importlib.import_module(".decoder", "json")
    print("free")
thread = threading.Thread(target=use, daemon=True)
thread.start()
thread.join(30)
"""


FIRST_PAGE = """
import sys
from streamlit.testing.v1 import AppTest
app = AppTest.from_file({app!r}, default_timeout=60).run()
assert not app.exception
shown = any(each.proto.id.endswith("-home_first") for each in app.get("bidi_component"))
print(shown, [name for name in ("pandas", "scipy", "core.ops.registry") if name in sys.modules])
"""


def test_the_first_page_is_made_without_what_only_later_pages_need(tmp_path: Path) -> None:
    command = [sys.executable, "-c", FIRST_PAGE.format(app=str(ROOT / "app.py"))]
    environment = {**os.environ, "STEPWISE_RUNS": str(tmp_path)}
    process = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=True
    )
    assert process.stdout.strip().splitlines()[-1] == "True []", process.stderr


# Another thread is in the middle of importing pandas.
HALF_IMPORTED = """
import importlib.abc, sys, threading
from pages.shared import imports
imports.one_at_a_time()
middle, is_tried = threading.Event(), threading.Event()
class Pause(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "pandas.core.api":
            middle.set()
            is_tried.wait(2)
def use():
    import pandas
    middle.set()
{imported}
go.Figure(go.Scatter(x=[1.0], y=[1.0]))  # what Plotly imports late is here
sys.meta_path.insert(0, Pause())
thread = threading.Thread(target=use)
thread.start()
middle.wait(60)
try:
    print(len(go.Figure(go.Scatter(x=[1.0, 2.0], y=[3.0, 4.0])).data))
except AttributeError as error:
    print(error)
is_tried.set()
thread.join()
"""


def outcome(imported: str) -> str:
    """Return how a figure comes out with ``go`` imported so, while another thread imports pandas."""
    command = [sys.executable, "-c", HALF_IMPORTED.format(imported=imported)]
    process = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    return process.stdout.strip().splitlines()[-1]


def test_a_figure_waits_for_pandas_which_another_thread_imports() -> None:
    assert "partially initialized module 'pandas'" in outcome("import plotly.graph_objects as go")
    assert outcome("from core.figures.graph_objects import go") == "1"


def test_only_one_module_imports_plotly() -> None:
    modules = [path for folder in ("core", "pages") for path in sorted((ROOT / folder).rglob("*.py"))]
    importing = [path for path in modules if re.search(r"^\s*(import|from) plotly", path.read_text("utf-8"), re.M)]
    assert importing == [ROOT / "core" / "figures" / "graph_objects.py"]
