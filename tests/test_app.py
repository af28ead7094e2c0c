"""app.py: every page opens in both languages without an exception."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.shared.lessons import LESSONS

ROOT = Path(__file__).resolve().parent.parent
KINDS = (
    "slider",
    "number_input",
    "toggle",
    "checkbox",
    "text_input",
    "text_area",
    "button_group",
    "selectbox",
    "button",
)


@pytest.fixture(autouse=True)
def empty_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPWISE_RUNS", str(tmp_path))


@cache
def open_page(name: str, language: str) -> AppTest:
    """A page as it opens, to be looked at only."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["lang"] = language
    return app.switch_page(f"pages/{name}.py").run()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_a_page_opens_without_an_exception(lesson, language: str) -> None:
    app = open_page(lesson.name, language)
    assert not app.exception, [error.value for error in app.exception]
    titles = [title.value for title in app.title]
    assert titles, "a page says where one is"


def test_a_lesson_has_one_name_in_its_file_its_address_and_its_parts() -> None:
    names = {lesson.name for lesson in LESSONS}
    assert {path.stem for path in (ROOT / "pages").glob("*.py")} - {"__init__"} == names
    assert {lesson.url_path for lesson in LESSONS} == names - {"home"} | {""}
    assert {path.name for path in (ROOT / "pages" / "parts").iterdir() if (path / "__init__.py").exists()} <= names


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_what_a_page_keeps_begins_with_its_name(lesson) -> None:
    app = open_page(lesson.name, "en")
    others = tuple(f"{each.name}_" for each in LESSONS if each is not lesson)
    shared = {"lang", "run", "owner", "projector"}
    keys = {widget.key for kind in KINDS for widget in app.get(kind) if widget.key} - shared
    assert all(key.startswith(f"{lesson.name}_") for key in keys), keys
    assert not [key for key in app.query_params if key.startswith(others)]
