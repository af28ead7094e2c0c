"""A name says what the value is: no bare participle (docs/glossary.md)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PARTICIPLES = frozenset(
    [
        "asked",
        "brought",
        "built",
        "chosen",
        "done",
        "drawn",
        "found",
        "given",
        "gone",
        "held",
        "kept",
        "known",
        "made",
        "opened",
        "said",
        "seen",
        "sent",
        "shown",
        "taken",
        "told",
        "wanted",
        "written",
    ]
)
FOLDERS = ("core", "pages", "tests", "tools")
KEPT = {  # in files that people have, in messages to the browser, or a variable of a program that is shown
    "core/claims/linear_fit.py": {"shown"},
    "core/experiments/group.py": {"wanted"},
    "core/script/examples/programs/linear_fit.py": {"known"},
    "core/script/library/programs/broken/20_index_dims.py": {"chosen"},
    "core/script/library/programs/repaired/20_index_dims.py": {"chosen"},
    "core/script/payload.py": {"gone"},
    "core/training/config.py": {"seen"},
    "core/training/events.py": {"seen"},
    "core/training/run_folder.py": {"seen"},
    "core/training/status.py": {"seen"},
    "core/training/store.py": {"seen"},
    "pages/parts/operators/one_operator.py": {"opened"},
    "pages/parts/two_layers/mistakes.py": {"chosen"},
    "pages/parts/your_code/data.py": {"opened"},
    "tests/script/programs/healthy/policy_actor_critic.py": {"done"},
}


def names_of(text: str) -> Iterator[tuple[int, str]]:
    """Return the line and the name of each variable, parameter, field, function, class and attribute in ``text``.

    Those that it declares: what is stored, not what is read.
    """
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr


def participles(text: str) -> list[tuple[int, str]]:
    """Return those that are a bare participle, with or without underscores around it."""
    return [
        (line, name)
        for line, name in names_of(text)
        if name.strip("_").lower() in PARTICIPLES and not name.isupper()
    ]


def test_no_name_is_a_bare_participle() -> None:
    paths = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
    assert len(paths) > 700
    places = [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in paths
        for line, name in participles(path.read_text(encoding="utf-8"))
        if name not in KEPT.get(path.relative_to(ROOT).as_posix(), ())
    ]
    assert places == []


def test_a_name_that_is_kept_is_there() -> None:
    for path, names in KEPT.items():
        assert names <= {name for _line, name in participles((ROOT / path).read_text(encoding="utf-8"))}, path


def test_a_participle_is_noticed_in_each_place_where_a_name_is_declared() -> None:
    text = "def opened(given): pass\nfor seen in (): pass\nseen_ids = found_at = _told = 0\nclass A:\n    kept: int"
    assert [name for _line, name in participles(text)] == ["opened", "seen", "_told", "given", "kept"]
    text = "class Found: pass\nself.made = self._held = other.taken\nclass FoundFile: pass\nKEPT = 1"
    assert [name for _line, name in participles(text)] == ["Found", "made", "_held"]
