"""app.py: every page opens in both languages without an exception."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.shared.lessons import LESSONS

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def empty_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPWISE_RUNS", str(tmp_path))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.file)
def test_a_page_opens_without_an_exception(lesson, language: str) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["lang"] = language
    app.switch_page(f"pages/{lesson.file}.py").run()
    assert not app.exception, [error.value for error in app.exception]
    titles = [title.value for title in app.title]
    assert titles, "a page says where one is"


def test_no_address_equals_a_file_stem() -> None:
    """Streamlit would run such a page alone, without the frame, on a fresh server's first request."""
    stems = {path.stem for path in (ROOT / "pages").glob("*.py")} - {"__init__"}
    assert stems == {lesson.file for lesson in LESSONS}
    assert not stems & {lesson.url_path for lesson in LESSONS}
