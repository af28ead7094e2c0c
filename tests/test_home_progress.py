"""Progress on the first page: what was answered on other pages is counted there, and forgotten when one is sure."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import progress

ROOT = Path(__file__).resolve().parent.parent


def test_answers_are_kept_shown_on_the_first_page_and_reset_after_a_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEPWISE_RUNS", str(tmp_path))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state["lang"] = "en"
    app.query_params["convolution_part"] = "practice"
    app.switch_page("pages/convolution.py").run()
    app.number_input[-1].set_value(99_999).run()
    app.query_params.clear()
    app.query_params["operators_name"] = "Softmax"
    app.switch_page("pages/operators.py").run()
    app.radio[-1].set_value(app.radio[-1].options[0]).run()
    kinds = [(entry.kind, entry.right) for entry in progress.read(tmp_path)]
    assert kinds[0] == ("exercise", False)
    assert [kind for kind, _right in kinds] == ["exercise", "prediction"]
    app.query_params.clear()
    app.switch_page("pages/home.py").run()
    right = kinds[1][1]
    assert any(f"right at once: {int(bool(right))} of 1; exercises: 0 of 1" in each.value for each in app.markdown)
    app.button(key="home_reset").click().run()
    assert (tmp_path / progress.FILE).exists()
    app.button(key="home_reset_do").click().run()
    assert not (tmp_path / progress.FILE).exists()
    assert not any("Your progress" in each.value for each in app.markdown)


def test_a_journey_is_resumed_where_it_was_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPWISE_RUNS", str(tmp_path))
    for name in ("draw", "look", "start"):
        progress.note(tmp_path, progress.Entry("step", f"one_hour/{name}", "done"))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state["lang"] = "en"
    app.run()
    assert "resume at step 4 of" in app.button(key="home_resume_one_hour").label
    assert app.button(key="home_begin_five_minutes").label == "Five minutes"
    app.button(key="home_resume_one_hour").click().run()
    assert app.session_state["journey_at"] == ("one_hour", 3)
