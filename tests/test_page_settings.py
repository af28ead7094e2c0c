"""A page's settings are declared once: no widget names its key, its bounds or its place in the address itself."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.live.settings import Choice, Flag, Number, Setting, Text
from pages.shared import keys
from tests.source import nodes

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted((ROOT / "pages").rglob("*.py"))
DECLARED = sorted((ROOT / "pages" / "parts").glob("*/settings.py"))
FORMS = {  # whose settings are fields of a configuration
    "pages/parts/train/form.py",
    "pages/parts/experiments/address_fields.py",
}


def settings_of(path: Path) -> list[Setting]:
    module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return [each for each in vars(module).values() if isinstance(each, (Choice, Flag, Number, Text))]


def names() -> list[str]:
    return [setting.name for path in DECLARED for setting in settings_of(path)]


def test_every_setting_has_one_declaration_named_after_its_lesson() -> None:
    assert len(names()) > 30
    assert len(set(names())) == len(names())
    for path in DECLARED:
        assert all(setting.name.startswith(f"{path.parent.name}_") for setting in settings_of(path)), path


@pytest.mark.parametrize("path", [path for path in PAGES if path.name not in ("settings.py", "keys.py")], ids=str)
def test_no_page_writes_the_name_of_a_declared_setting(path: Path) -> None:
    texts = {node.value for node in nodes(path) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert not texts & set(names())


def test_widgets_alone_bind_to_the_address() -> None:
    binding = {
        str(path.relative_to(ROOT))
        for path in PAGES
        for node in nodes(path)
        if isinstance(node, ast.Call) and any(keyword.arg == "bind" for keyword in node.keywords)
    }
    assert binding == FORMS


def page() -> None:
    import streamlit as st

    from core.live.settings import Choice, Flag, Number, Text
    from pages.shared import widgets

    st.session_state.setdefault("most", 9)
    values = [
        widgets.choose(Choice("a_choice", ("one", "two")), "choice", {"one": "One", "two": "Two"}),
        widgets.choose(Text("a_code", 9), "code", {"x": "X", "y": "Y"}, start="y", widget=st.selectbox),
        widgets.number(Number("a_number", 1, 20, 5), "number", most=st.session_state["most"]),
        widgets.number(Number("a_real", 0.0, 1.0, 0.5, 0.25), "real", widget=st.slider),
        widgets.flag(Flag("a_flag", True), "flag"),
        widgets.text(Text("a_text", 10, "start"), "text"),
        widgets.value(Number("a_hidden", 1, 3, 2)),
    ]
    st.session_state["values"] = values


def test_a_widget_starts_where_its_declaration_says() -> None:
    app = AppTest.from_function(page).run()
    assert not app.exception
    assert app.session_state["values"] == ["one", "y", 5, 0.5, True, "start", 2]


def test_a_widget_takes_what_the_address_says_and_writes_what_is_chosen() -> None:
    app = AppTest.from_function(page)
    for key, text in {"a_choice": "two", "a_number": "7", "a_flag": "false", "a_text": "hello"}.items():
        app.query_params[key] = text
    app.run()
    assert app.session_state["values"] == ["two", "y", 7, 0.5, False, "hello", 2]
    app.selectbox("a_code").set_value("x").run()
    assert app.query_params["a_code"] == "x"


def test_a_number_beyond_what_means_something_now_is_lowered_to_it() -> None:
    app = AppTest.from_function(page).run()
    app.number_input("a_number").set_value(9).run()
    app.session_state["most"] = 4
    app.run()
    assert not app.exception
    assert app.session_state["values"][2] == 4


def test_a_value_out_of_bounds_in_the_session_counts_as_the_start() -> None:
    app = AppTest.from_function(page)
    app.session_state["a_hidden"] = 99
    assert app.run().session_state["values"][6] == 2


def test_keys_that_lessons_share_are_those_of_their_settings() -> None:
    shared = {keys.DRAW_WAY, keys.DRAW_PEN, keys.DRAW_CENTRED, keys.DRAW_NETWORK}
    assert shared <= set(names())
