"""The page of the digits with every tab, in both languages, and with nonsense in its address."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sklearn.datasets import load_digits
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parent.parent
TABS = ("normalise", "epoch", "surprises", "browse")


def open_page(language: str = "en", **address: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.session_state["lang"] = language
    for name, value in ({"digits_set": "digits"} | address).items():
        app.query_params[name] = value
    return app.switch_page("pages/digits.py").run()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("tab", TABS)
def test_every_tab_shows_without_an_error(tab: str, language: str) -> None:
    app = open_page(language, digits_tab=tab)
    assert not app.exception and not app.error
    if language == "zh":
        assert re.search("[\u4e00-\u9fff]", app.title[0].value)


@pytest.mark.parametrize(
    "address",
    [
        {"digits_index": "99999999", "digits_batch": "-3", "digits_seed": "x"},
        {"digits_part": "none", "digits_set": "none", "digits_tab": "none"},
        {"digits_batch": "1000", "digits_drop": "true", "digits_part": "test", "digits_tab": "epoch"},
        {"digits_batch": "1", "digits_shuffle": "false", "digits_index": "nan", "digits_tab": "epoch"},
        {"digits_tab": "browse", "digits_page": "1e9", "digits_digit": "11"},
    ],
)
def test_no_address_leads_to_a_traceback(address: dict[str, str]) -> None:
    app = open_page(**address)
    assert not app.exception


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_built_in_digits_are_by_as_many_people_as_their_own_description_says(language: str) -> None:
    bunch = load_digits()
    people = re.search(r"different\s+(\d+)\s+to the\s+test set", bunch.DESCR)
    assert people and "copy of the test set" in bunch.DESCR
    (about,) = (each.value for each in open_page(language).caption if "scikit-learn" in each.value)
    count, height, width = bunch.images.shape
    numbers = [int(each.replace(",", "")) for each in re.findall(r"\d[\d,]*", about)]
    assert sorted(numbers) == sorted([count, int(people[1]), height, width, 28, 28])


def test_a_batch_that_cannot_be_is_a_sentence_and_the_controls_stay() -> None:
    app = open_page(digits_batch="1000", digits_drop="true", digits_part="test")
    assert "turn drop\\_last off" in app.error[0].value
    app.toggle(key="digits_drop").set_value(False).run()
    assert not app.error and not app.exception


def test_the_number_of_the_image_fits_the_part() -> None:
    app = open_page(digits_index="1400")
    assert app.number_input(key="digits_index").value == 1400
    app.segmented_control(key="digits_part").set_value("test").run()
    assert not app.exception and not app.error
    assert app.number_input(key="digits_index").value == 359
