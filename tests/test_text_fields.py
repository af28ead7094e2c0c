"""Text fields: a text of any length is kept to what the field takes, and that is said in the reader's language."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.settings import PROJECT

PASTE = "x\n" * 500_000 + "RuntimeError: mat1 and mat2 shapes cannot be multiplied (4x256 and 400x120)"
FIELDS = [
    ("what_goes_wrong", "what_goes_wrong_search", 20_000, "en"),
    ("train", "train_name", 200, "en"),
    ("train", "train_name", 200, "zh"),
    ("operators", "operators_search", 40, "en"),
    ("experiments", "experiments_learning_rate", 1_000, "en"),
    ("experiments", "experiments_hypothesis_learning_rate", 500, "en"),
]
WORDS = {"en": "characters the {end} {most} are kept", "zh": "个字符，只保留了{end} {most} 个"}
ENDS = {"en": {"first": "first", "last": "last"}, "zh": {"first": "前", "last": "最后"}}


@pytest.fixture(autouse=True)
def _runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPWISE_RUNS", str(tmp_path))


@pytest.mark.parametrize(("page", "key", "most", "language"), FIELDS)
def test_a_megabyte_is_cut_to_what_the_field_takes_and_that_is_said(
    page: str, key: str, most: int, language: str
) -> None:
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    app.session_state["lang"] = language
    app.query_params["run"] = "new"
    app.run()
    app.switch_page(f"pages/{page}.py").run()
    field = next(each for each in (*app.text_input, *app.text_area) if each.key == key)
    field.set_value(PASTE).run()
    assert not app.exception
    end = "last" if page == "what_goes_wrong" else "first"
    field = next(each for each in (*app.text_input, *app.text_area) if each.key == key)
    assert field.value == (PASTE[:most] if end == "first" else PASTE[-most:])
    sentence = WORDS[language].format(end=ENDS[language][end], most=f"{most:,}")
    assert sum(sentence in warning.value for warning in app.warning) == 1
    field.set_value("words").run()
    assert not any(sentence in warning.value for warning in app.warning)


def test_the_end_of_a_long_traceback_is_what_is_found() -> None:
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    app.run()
    app.switch_page("pages/what_goes_wrong.py").run()
    app.text_area(key="what_goes_wrong_search").set_value(PASTE).run()
    assert app.session_state["what_goes_wrong_entry"] == "01_in_features"


def test_no_field_drops_what_is_too_long_without_a_word() -> None:
    """The secret of Your code is compared and kept nowhere."""
    pages = (PROJECT / "pages").rglob("*.py")
    texts = {path.relative_to(PROJECT).as_posix(): path.read_text(encoding="utf-8") for path in pages}
    assert [name for name, text in texts.items() if "max_chars=" in text] == []
    calls = [name for name, text in texts.items() if "st.text_input(" in text or "st.text_area(" in text]
    assert calls == ["pages/parts/your_code/no_access.py"]
