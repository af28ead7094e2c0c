"""The guided journeys: every station opens its page with its settings, and nothing is done before it begins."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.journey import JOURNEYS
from core.journey.station import Station

ROOT = Path(__file__).resolve().parent.parent
TRAINS = "two_layers"  # whenever it opens; tests/test_tutorials.py opens its parts
STATIONS = {station.name: station for journey in JOURNEYS.values() for station in journey.stations}


def open_at(app: AppTest, station: Station) -> None:
    app.query_params.clear()
    for key, value in station.query.items():
        app.query_params[key] = value
    app.switch_page(f"pages/{station.lesson}.py").run()


@pytest.mark.long
def test_every_station_opens_its_page_with_its_settings_and_its_deed_still_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEPWISE_RUNS", str(tmp_path))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state["lang"] = "en"
    with_query = {name: station for name, station in STATIONS.items() if station.query and station.lesson != TRAINS}
    assert len(with_query) > 8
    for name, station in with_query.items():
        open_at(app, station)
        assert not app.exception, name
        assert [each.value for each in app.warning] == [], name
        for key, value in station.query.items():
            assert key == "run" or str(app.session_state[key]).lower() == value.lower(), (name, key)
        key, _, expected = station.address.partition("=")
        shown_value = app.query_params.get(key, [None])[0]
        assert not key or (shown_value is None if expected == "*" else shown_value != expected), name
