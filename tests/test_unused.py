"""Every function, class and constant of a module is read by the project, not by its tests alone."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from core.settings import PROJECT

LIGHT = True  # it reads files
FOLDERS = ("core", "pages", "tools", "benchmarks")
TOP = re.compile(r"^(?:async def|def|class) (\w+)|^(\w+)(?:: [^=\n]+)? = ", re.MULTILINE)
ELSEWHERE = {
    "DARK_NEUTRAL": "the style of the frame has it, and a test that it is the same",
    "OPERATIONS": "the registry reads it of every module of core/ops",
    "VALUES": "the tests of messages draw hostile ones from it",
    "is_over": "an experiment ends by itself: only a test waits for it",
}


def test_every_name_of_a_module_is_read_by_the_project() -> None:
    paths = [PROJECT / "app.py", PROJECT / "serve.py"]
    for folder in FOLDERS:
        paths += [path for path in (PROJECT / folder).rglob("*.py") if "programs" not in path.parts]
    texts = {path: path.read_text(encoding="utf-8") for path in paths}
    words = {path: Counter(re.findall(r"\w+", text)) for path, text in texts.items()}
    unread = set()
    for path, text in texts.items():
        names = {function or constant for function, constant in TOP.findall(text)}
        alone = [name for name in names if words[path][name] == 1 and not name.startswith("__")]
        readers = [words[other] for other in paths if alone and other != path and module(path) in words[other]]
        unread |= {f"{path.name}: {name}" for name in alone if not any(name in reader for reader in readers)}
    assert {each for each in unread if each.split()[1] not in ELSEWHERE} == set()


def module(path: Path) -> str:
    """Return the name by which other files import a module."""
    return path.parent.name if path.stem == "__init__" else path.stem
