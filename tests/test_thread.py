"""The thread through the lessons: every one is on it, from the first page and back to it."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import i18n
from pages.shared import thread
from pages.shared.lessons import LESSONS

ROOT = Path(__file__).resolve().parent.parent


def test_the_thread_goes_through_every_lesson_once_and_back_to_the_first_page() -> None:
    way, at = [], "home"
    while at not in way:
        way.append(at)
        at = thread.PARTS[at].next
    assert at == "home"
    beside = {"tutorials"}  # a list of screens in the lessons
    assert way == [lesson.name for lesson in LESSONS if lesson.name not in beside]
    assert set(thread.PARTS) == {*way, *beside}


def test_what_it_says_is_short_enough_to_leave_the_picture_its_place() -> None:
    for name, part in thread.PARTS.items():
        assert part.question.endswith("?")
        assert len(part.question) + len(part.first) < 120, name
        assert len(i18n.translate("zh", part.question) + i18n.translate("zh", part.first)) < 60, name


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_lesson_opens_with_its_question_and_ends_with_the_next_one(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEPWISE_RUNS", str(tmp_path))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["lang"] = language
    app.switch_page("pages/runs.py").run()
    texts = [each.value for each in app.markdown]
    part = thread.PARTS["runs"]
    assert any(i18n.translate(language, part.question) in each for each in texts)
    assert i18n.translate(language, part.conclusion) in texts[-1]
