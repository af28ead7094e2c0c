"""docs/glossary.md: one term for each concept; what it lists as not written occurs nowhere."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
GLOSSARY = ROOT / "docs" / "glossary.md"
FOLDERS = ("core", "pages", "static", "tools", "tests", "benchmarks", "docs", "pretrained")
KINDS = {".py", ".js", ".ts", ".md", ".po", ".toml", ".css"}
PROGRAMS = ROOT / "tests" / "script" / "programs"  # as learners write them


def rows() -> list[list[str]]:
    lines = [line for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines[2:]]


def forbidden() -> list[str]:
    return [term.replace(r"\|", "|") for row in rows() for term in re.findall(r"`([^`]+)`", row[3])]


def files() -> list[Path]:
    paths = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.suffix in KINDS]
    paths += [path for path in ROOT.iterdir() if path.suffix in KINDS]
    mine = {GLOSSARY, Path(__file__).resolve()}
    return sorted(path for path in paths if path not in mine and PROGRAMS not in path.parents)


@cache
def texts() -> dict[Path, str]:
    return {path.relative_to(ROOT): path.read_text(encoding="utf-8") for path in files()}


@cache
def spoken() -> dict[Path, str]:
    """Return the lines with names, their words apart: ``is_left`` as "is left"; an empty line for any other."""
    between = re.compile(r"(?<=[a-z])_(?=[a-z])")
    return {
        path: "\n".join(between.sub(" ", line) if "_" in line else "" for line in text.splitlines())
        for path, text in texts().items()
    }


WORD = re.compile(r"[A-Za-z]+")
WORDS_ALONE = re.compile(r"\(\?i\)\\b([a-z ]+)\\b")  # of a term that is no more than words


@cache
def words() -> set[str]:
    both = (*texts().values(), *spoken().values())
    return {word.lower() for text in both for word in WORD.findall(text)}


def places(term: str) -> list[str]:
    """Where ``term`` is written, line by line."""
    alone = WORDS_ALONE.fullmatch(term)
    if alone and not words().issuperset(alone[1].split()):
        return []
    pattern = re.compile(term, re.MULTILINE)
    return [
        f"{path}:{number}: {line.strip()[:100]}"
        for path, text in (*texts().items(), *spoken().items())
        if pattern.search(text)
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_each_term_stands_once_and_says_what_it_means() -> None:
    english = [row[0] for row in rows()]
    assert len(english) > 20 and len(set(english)) == len(english)
    assert all(len(row) == 4 for row in rows())


@pytest.mark.parametrize("term", forbidden())
def test_what_the_glossary_rules_out_is_not_written(term: str) -> None:
    assert places(term) == []


def test_the_search_finds_what_is_there() -> None:
    assert places(r"\btest confidence by hand\b")
    assert places(r"\bdef translate_error\(")
    assert places(r"(?i)\btranslate error\b")
    assert len(files()) > 300
