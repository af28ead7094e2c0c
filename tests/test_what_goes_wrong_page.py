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
    entry = entries()[app.selectbox(key="what_goes_wrong_entry").value]
    assert entry.key == entries()[name].key
    assert app.query_params["what_goes_wrong_entry"] == entry.name  # however the list is sorted
    assert [code.value for code in app.code] == [entry.program.rstrip()]  # nothing ran before the guess
    app.radio(key=f"what_goes_wrong_guess_{entry.name}").set_value("error").run()
    assert not app.exception
    assert app.code[-1].value == entry.repaired.rstrip()
    assert len(app.code) > 2
