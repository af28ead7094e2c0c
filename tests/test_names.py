"""A name says what the thing is, in Python and in JavaScript: no bare participle (docs/glossary.md)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.source import nodes, nodes_of

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
ONE_WORD = re.compile(r"(?i:[a-z])[a-z]+ed")
NOUNS = frozenset(["bed", "embed", "feed", "need", "seed", "speed"])
CLASS = re.compile(r"^(?:export (?:default )?)?class (\w+)", re.MULTILINE)
# What is no code in a script: comments, texts, and regular expressions, which stand after one of these characters.
NO_CODE = re.compile(
    r"//[^\n]*|/\*.*?\*/|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|(?<=[(=,!|&?:\s])/(?![/* ])(?:\\.|[^/\\\n])+/",
    re.DOTALL,
)
# A name by itself: no property that is read, no key of an object or of a type; or a field that an object gets.
OWN_NAME = re.compile(r"\bthis\.#?(\w+) = |(?<![\w$.-])(?<!\.#)#?([A-Za-z_$]\w*)\b(?!\s*:)")
EXPORT = re.compile(r"^export (?:async )?(?:const|let|function\*?) (\w+)", re.MULTILINE)
FOLDERS = ("core", "pages", "tests", "tools", "benchmarks")
ANY = re.compile(r"(?:[{<|(,]|\w:|=>|=)\s*any\s*(?:[}>|),;=]|\[\])")  # as a type, in JSDoc or TypeScript
# What happened to a run is an event, as in ignite; the names are in the files of runs.
CLASSES_KEPT = {"core/training/events.py"}
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
    "tests/script/programs/healthy/policy_actor_critic.py": {"done"},
}


class Name(NamedTuple):
    """A name that a program declares, and where."""

    line: int
    name: str
    is_class: bool = False


def names_of(nodes_there: Iterable[ast.AST]) -> Iterator[Name]:
    """Yield each variable, parameter, field, function, class and attribute of a program.

    Those that it declares: what is stored, not what is read.
    """
    for node in nodes_there:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield Name(node.lineno, node.id)
        elif isinstance(node, ast.arg):
            yield Name(node.lineno, node.arg)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield Name(node.lineno, node.name, isinstance(node, ast.ClassDef))
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield Name(node.lineno, node.attr)


@cache
def names_in(path: Path) -> tuple[Name, ...]:
    return tuple(names_of(nodes(path)))


def python_files() -> list[Path]:
    return [
        *(path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))),
        *sorted(ROOT.glob("*.py")),
    ]


def scripts() -> list[Path]:
    return [path for folder in ("static/js", "tests/js") for path in sorted((ROOT / folder).rglob("*.js"))]


def is_participle(name: str) -> bool:
    """Return whether a whole name is one: of the list, or one word in -ed, as "Loaded", "unreached"."""
    word = name.strip("_")
    return word.lower() in PARTICIPLES | {"begun", "left", "lost", "ran"} or (
        ONE_WORD.fullmatch(word) is not None and word.lower() not in NOUNS
    )


def participles(names: Iterable[Name]) -> list[tuple[int, str]]:
    """Return those that are a bare participle, with or without underscores around it."""
    return [
        (line, name)
        for line, name, _is_class in names
        if name.strip("_").lower() in PARTICIPLES and not name.isupper()
    ]


def test_no_name_is_a_bare_participle() -> None:
    paths = python_files()
    assert len(paths) > 700
    places = [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in paths
        for line, name in participles(names_in(path))
        if name not in KEPT.get(path.relative_to(ROOT).as_posix(), ())
    ]
    assert places == []


def test_a_name_that_is_kept_is_there() -> None:
    for path, names in KEPT.items():
        assert names <= {name for _line, name in participles(names_in(ROOT / path))}, path


def test_a_participle_is_noticed_in_each_place_where_a_name_is_declared() -> None:
    text = "def opened(given): pass\nfor seen in (): pass\nseen_ids = found_at = _told = 0\nclass A:\n    kept: int"
    assert [name for _line, name in participles(names_of(nodes_of(text)))] == [
        "opened",
        "seen",
        "_told",
        "given",
        "kept",
    ]
    text = "class Found: pass\nself.made = self._held = other.taken\nclass FoundFile: pass\nKEPT = 1"
    assert [name for _line, name in participles(names_of(nodes_of(text)))] == ["Found", "made", "_held"]


def test_no_class_is_named_by_a_participle() -> None:
    classes = [
        (path.relative_to(ROOT).as_posix(), each.name)
        for path in python_files()
        for each in names_in(path)
        if each.is_class
    ]
    classes += [
        (path.relative_to(ROOT).as_posix(), name)
        for path in scripts()
        for name in CLASS.findall(path.read_text(encoding="utf-8"))
    ]
    assert len(classes) > 500
    wrong = [f"{path}: {name}" for path, name in classes if is_participle(name) and path not in CLASSES_KEPT]
    assert wrong == []


def test_no_module_is_named_by_a_participle() -> None:
    stems = {path.relative_to(ROOT): path.name.split(".")[0] for path in (*python_files(), *scripts())}
    assert [str(path) for path, stem in stems.items() if is_participle(stem)] == []


@pytest.mark.parametrize(
    "stem", ["choice", "choices", "chooser", "facts", "frame", "moment", "picture", "pictures", "record", "records"]
)
def test_one_role_has_one_word_and_two_modules_have_two_names(stem: str) -> None:
    paths = [path.relative_to(ROOT).as_posix() for path in python_files() if path.stem == stem]
    assert len(paths) <= (stem in {"frame", "moment", "record", "picture", "pictures"}), paths


def test_no_module_is_called_words() -> None:
    """It is named for what it says: sentences, labels, display names."""
    assert [str(path) for path in (*python_files(), *scripts()) if path.name.split(".")[0] == "words"] == []


def test_no_script_exports_a_participle() -> None:
    exports = [(path.name, name) for path in scripts() for name in EXPORT.findall(path.read_text(encoding="utf-8"))]
    assert len(exports) > 150
    assert [f"{path}: {name}" for path, name in exports if is_participle(name)] == []


def script_participles(text: str) -> list[tuple[int, str]]:
    """Return line and name of those that a script declares: variables, parameters, functions, methods, fields."""
    code = NO_CODE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    return [
        (code.count("\n", 0, match.start()) + 1, match[1] or match[2])
        for match in OWN_NAME.finditer(code)
        if (match[1] or match[2]).strip("_$") in PARTICIPLES
    ]


def test_no_script_declares_a_participle() -> None:
    places = [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in scripts()
        for line, name in script_participles(path.read_text(encoding="utf-8"))
    ]
    assert places == []


@pytest.mark.parametrize(
    "text",
    [
        "const found = 1;",
        "let a, found;",
        "for (const found of all) {",
        "const { at, of: found, ...rest } = this;",
        "const [first, found = 2] = pair;",
        "function draw(at, found) {}",
        "const f = (found) => 1;",
        "const f = found => 1;",
        "  found() {\n  }",
        "  found = '';",
        "  #found = '';",
        "    this.found = null;",
    ],
)
def test_a_participle_is_noticed_in_each_place_where_a_script_declares_a_name(text: str) -> None:
    assert script_participles(f"// a comment\n{text}") == [(2, "found")]


def test_a_participle_that_a_script_reads_or_says_is_no_name() -> None:
    text = (
        "data.found; { found: 1 }; 'found'; /* found */ `found ${x}`; /found/; isFound; data.found = 1; 'a-found'"
    )
    assert script_participles(text) == []


def test_a_participle_is_told_from_other_words() -> None:
    assert all(map(is_participle, ["Loaded", "unreached", "_Filled", "shown", "Ran", "Left"]))
    assert not any(map(is_participle, ["seed", "LoadedCheckpoint", "is_loaded", "linear_fit", "Edge"]))


@pytest.mark.parametrize(
    "text", ["/** @type {any} */", "{(...what: any[]) => void}", "Record<string, any>", "x: any;"]
)
def test_no_script_has_a_value_of_any_type(text: str) -> None:
    assert ANY.search(text)
    paths = [*scripts(), *(ROOT / "static").rglob("*.d.ts"), *(ROOT / "tests" / "js").rglob("*.d.ts")]
    assert len(paths) > 150
    assert [str(path) for path in paths if ANY.search(path.read_text(encoding="utf-8"))] == []


def test_any_in_a_sentence_is_no_type() -> None:
    assert not ANY.search("// of a reading: any layer, or any[where] else\nel('input', { step: 'any' })")
