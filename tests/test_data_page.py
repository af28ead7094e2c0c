"""The page of the digits with every tab, in both languages, and with nonsense in its address."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parent.parent
TABS = ("normalise", "epoch", "surprises", "browse")


def opened(language: str = "en", **address: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.session_state["lang"] = language
    for name, value in ({"data_set": "digits"} | address).items():
        app.query_params[name] = value
    return app.switch_page("pages/data.py").run()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("tab", TABS)
def test_every_tab_shows_without_an_error(tab: str, language: str) -> None:
    app = opened(language, data_tab=tab)
    assert not app.exception and not app.error
    if language == "zh":
        assert re.search("[\u4e00-\u9fff]", app.title[0].value)


@pytest.mark.parametrize(
    "address",
    [
        {"data_index": "99999999", "data_batch": "-3", "data_seed": "x"},
        {"data_part": "none", "data_set": "none", "data_tab": "none"},
        {"data_batch": "1000", "data_drop": "true", "data_part": "test", "data_tab": "epoch"},
        {"data_batch": "1", "data_shuffle": "false", "data_index": "nan", "data_tab": "epoch"},
        {"data_tab": "browse", "data_page": "1e9", "data_digit": "11"},
    ],
)
def test_no_address_leads_to_a_traceback(address: dict[str, str]) -> None:
    app = opened(**address)
    assert not app.exception


def test_a_batch_that_cannot_be_is_a_sentence_and_the_controls_stay() -> None:
    app = opened(data_batch="1000", data_drop="true", data_part="test")
    assert "turn drop\\_last off" in app.error[0].value
    app.toggle(key="data_drop").set_value(False).run()
    assert not app.error and not app.exception


def test_the_number_of_the_image_fits_the_part() -> None:
    app = opened(data_index="1400")
    assert app.number_input(key="data_index").value == 1400
    app.segmented_control(key="data_part").set_value("test").run()
    assert not app.exception and not app.error
    assert app.number_input(key="data_index").value == 359
