"""The README says what is there, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core import i18n
from pages.shared.lessons import LESSONS

ROOT = Path(__file__).resolve().parent.parent
READMES = {"en": ROOT / "README.md", "zh": ROOT / "README.zh.md"}


def read(language: str) -> str:
    return READMES[language].read_text(encoding="utf-8")


@pytest.mark.parametrize("language", READMES)
def test_every_make_target_that_it_names_exists(language: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"`?make ([a-z]+)", read(language))) <= targets


@pytest.mark.parametrize("language", READMES)
def test_every_module_that_it_tells_one_to_run_exists(language: str) -> None:
    for module in re.findall(r"python -m ((?:core|benchmarks|tools)[\w.]*)", read(language)):
        path = ROOT / module.replace(".", "/")
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), module


@pytest.mark.parametrize("language", READMES)
def test_every_file_and_picture_that_it_links_exists(language: str) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", read(language)):
        assert (ROOT / target).exists(), target


@pytest.mark.parametrize("language", READMES)
def test_the_tour_names_every_lesson(language: str) -> None:
    for lesson in LESSONS:
        if lesson.url_path:
            assert i18n.translate(language, lesson.title) in read(language), lesson.title


def test_both_readmes_have_the_same_sections() -> None:
    def levels(language: str) -> list[int]:
        return [len(marks) for marks in re.findall(r"^(#+) ", read(language), re.MULTILINE)]

    assert levels("en") == levels("zh")


def test_both_readmes_run_the_same_commands() -> None:
    def commands(language: str) -> list[str]:
        every_command = re.findall(r"python -m [\w.]+(?: --[\w-]+(?: \d+)?)*|make [a-z]+", read(language))
        return sorted(set(every_command))

    assert commands("en") == commands("zh")
