"""Each lesson names the next one: every lesson is on the way from the first page and back to it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urljoin

import pytest
from streamlit.testing.v1 import AppTest

from core import i18n
from pages.shared import lesson_texts
from pages.shared.lessons import LESSONS

ROOT = Path(__file__).resolve().parent.parent


def test_the_way_goes_through_every_lesson_once_and_back_to_the_first_page() -> None:
    way, at = [], "home"
    while at not in way:
        way.append(at)
        at = lesson_texts.TEXTS[at].next
    assert at == "home"
    beside = {"tutorials"}  # a list of screens in the lessons
    assert way == [each.name for each in LESSONS if each.name not in beside]
    assert set(lesson_texts.TEXTS) == {*way, *beside}


def test_what_it_says_is_short_enough_to_leave_the_picture_its_place() -> None:
    for name, lesson in lesson_texts.TEXTS.items():
        assert lesson.question.endswith("?")
        for first in (lesson.first, *lesson.first_in.values()):
            assert len(lesson.question) + len(first) < 120, name
            assert len(i18n.translate("zh", lesson.question) + i18n.translate("zh", first)) < 60, name


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_lesson_opens_with_its_question_and_ends_with_the_next_one(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEPWISE_RUNS", str(tmp_path))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["lang"] = language
    app.switch_page("pages/runs.py").run()
    texts = [each.value for each in app.markdown]
    lesson = lesson_texts.TEXTS["runs"]
    assert any(i18n.translate(language, lesson.question) in each for each in texts)
    assert i18n.translate(language, lesson.conclusion) in texts[-1]


@pytest.mark.parametrize(
    ("name", "part"), [("convolution", "stack"), ("convolution", "practice"), ("two_layers", "mistakes")]
)
def test_a_part_of_a_lesson_asks_for_what_can_be_done_there(name: str, part: str) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params[f"{name}_part"] = part
    app.switch_page(f"pages/{name}.py").run()
    lesson = lesson_texts.TEXTS[name]
    texts = " ".join(each.value for each in app.markdown)
    assert f"**{lesson.question}** First: {lesson.first_in[part]}" in texts
    assert lesson.first not in texts


@pytest.mark.parametrize("name", [lesson.name for lesson in LESSONS if lesson.name != "home"])
def test_the_link_to_the_next_lesson_has_an_address_that_leads_there(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEPWISE_RUNS", str(tmp_path))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.switch_page(f"pages/{name}.py").run()
    addresses = [urljoin(f"https://x/base/{name}", link.proto.page) for link in app.get("page_link")]
    next_lesson = lesson_texts.TEXTS[name].next
    assert all(link.proto.page for link in app.get("page_link")), "an empty address is the page itself"
    if lesson_texts.TEXTS[name].conclusion:
        assert addresses[-1] == f"https://x/base/{'' if next_lesson == 'home' else next_lesson}"
