"""The guided journeys: every step opens its page with its settings, and nothing is done before it begins."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.journey import JOURNEYS
from core.journey.step import Step

ROOT = Path(__file__).resolve().parent.parent
TRAINS = "two_layers"  # whenever it opens; tests/test_tutorials.py opens its parts
STEPS = {step.name: step for journey in JOURNEYS.values() for step in journey.steps}


def open_at(app: AppTest, step: Step) -> None:
    app.query_params.clear()
    for key, value in step.query.items():
        app.query_params[key] = value
    app.switch_page(f"pages/{step.lesson}.py").run()


@pytest.mark.long
def test_every_step_opens_its_page_with_its_settings_and_is_still_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEPWISE_RUNS", str(tmp_path))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state["lang"] = "en"
    with_query = {name: step for name, step in STEPS.items() if step.query and step.lesson != TRAINS}
    assert len(with_query) > 8
    for name, step in with_query.items():
        open_at(app, step)
        assert not app.exception, name
        assert [each.value for each in app.warning] == [], name
        for key, value in step.query.items():
            assert key == "run" or str(app.session_state[key]).lower() == value.lower(), (name, key)
        key, _, expected = step.address.partition("=")
        shown_value = app.query_params.get(key, [None])[0]
        assert not key or (shown_value is None if expected == "*" else shown_value != expected), name
