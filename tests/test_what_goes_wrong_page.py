"""The library's page: a pasted message chooses the entry, a guess runs it, and the repaired program is shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.script.library import entries

APP = Path(__file__).resolve().parent.parent / "app.py"


def open_page() -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=200).run()
    return app.switch_page("pages/what_goes_wrong.py").run()


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("mat1 and mat2 shapes cannot be multiplied (4x256 and 400x120)", "01_in_features"),
        ("total += loss keeps the graph, graph_kept", "22_graph_kept"),
    ],
)
def test_a_message_leads_to_the_run_and_to_the_repaired_program(message: str, name: str) -> None:
    app = open_page()
    app.text_area(key="what_goes_wrong_search").set_value(message).run()
    entry = entries()[app.radio(key="what_goes_wrong_entry").value]
    assert entry.key == entries()[name].key
    assert app.query_params["what_goes_wrong_entry"] == entry.name  # however the list is sorted
    assert [code.value for code in app.code] == [entry.program.rstrip()]  # nothing ran before the guess
    app.radio(key=f"what_goes_wrong_guess_{entry.name}").set_value("error").run()
    assert not app.exception
    assert app.code[-1].value == entry.repaired.rstrip()
    assert len(app.code) > 2


def test_a_topic_lists_its_mistakes_and_an_address_opens_one() -> None:
    app = AppTest.from_file(str(APP), default_timeout=200)
    app.query_params["what_goes_wrong_entry"] = "35_recursion"
    app.run().switch_page("pages/what_goes_wrong.py").run()
    assert app.radio(key="what_goes_wrong_entry").value == "35_recursion"
    assert app.selectbox(key="what_goes_wrong_topic").value == 35
    names = [entry.name for entry in entries().values() if entry.topic == 36]
    app.selectbox(key="what_goes_wrong_topic").set_value(36).run()
    assert app.radio(key="what_goes_wrong_entry").value == names[0]
    assert len(app.radio(key="what_goes_wrong_entry").options) == len(names)
    assert app.query_params["what_goes_wrong_entry"] == names[0]
    assert sum(int(option.rpartition("(")[2][:-1]) for option in app.selectbox[-1].options) == len(entries())


def test_words_that_no_entry_has_are_said_to_find_nothing() -> None:
    app = open_page()
    app.text_area(key="what_goes_wrong_search").set_value("xyzzy").run()
    assert not app.exception
    assert "No entry" in app.info[0].value
    assert app.selectbox(key="what_goes_wrong_topic").value == 1
