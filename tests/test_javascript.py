"""The models in static/js agree with Python's: Node runs tests/js against what tests/js_fixtures.py writes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from core.settings import PROJECT
from tests.js_fixtures import fixtures
from tools import js_types

NODE = shutil.which("node")
WIDTH = 120  # characters: Biome breaks code, but no style, comment or text
LIGHT = True  # what it starts ends within a second or two


def node() -> str:
    """Return Node; without it the test skips and says so, except in CI, where it must run."""
    if NODE is None:
        if os.environ.get("CI") == "true":
            raise RuntimeError("no Node.js on this machine")
        pytest.skip("no Node.js on this machine")
    return NODE


def test_the_models_in_javascript_agree_with_python(tmp_path: Path) -> None:
    file = tmp_path / "fixtures.json"
    file.write_text(json.dumps(fixtures(), allow_nan=False), encoding="utf-8")
    tests = sorted(str(path) for path in (PROJECT / "tests" / "js").glob("*.test.js"))
    assert tests
    ran = subprocess.run(
        [node(), "--test", *tests],
        env=os.environ | {"STEPWISE_FIXTURES": str(file)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_types_of_what_crosses_are_those_of_python() -> None:
    stale = [path.name for path, text in js_types.files().items() if path.read_text(encoding="utf-8") != text]
    assert not stale, "python -m tools.js_types writes them"


def test_every_module_is_checked_fits_its_width_and_imports_what_is_there() -> None:
    for path in sorted((PROJECT / "static" / "js").rglob("*.js")):
        text = path.read_text(encoding="utf-8")
        assert text.startswith("// @ts-check\n// "), path
        for line in text.splitlines():
            assert len(line) <= WIDTH, (path, line)
            if line.startswith("import ") and " from " in line:
                assert (path.parent / line.split("'")[1]).is_file(), (path, line)


def test_every_export_is_read_by_another_module() -> None:
    folders = [PROJECT / "static" / "js", PROJECT / "tests" / "js"]
    texts = {path: path.read_text(encoding="utf-8") for folder in folders for path in folder.rglob("*.js")}
    unread = []
    for path, text in texts.items():
        importers = " ".join(other for at, other in texts.items() if at != path and f"/{path.name}'" in other)
        words = set(re.findall(r"\w+", importers))
        names = re.findall(r"^export (?:async )?(?:const|let|function\*?|class) (\w+)", text, re.MULTILINE)
        unread += [(path.name, name) for name in names if name not in words]
    assert not unread, "leave out `export`, or the whole of it"
