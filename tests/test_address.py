"""The address holds every setting of every page: its least, its greatest and its starting value come back."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.convolution.layer import CLASSES

ROOT = Path(__file__).resolve().parent.parent
SMALL = {
    "two_layers_N": "8",
    "two_layers_D_in": "20",
    "two_layers_H": "6",
    "two_layers_D_out": "3",
    "two_layers_iterations": "20",
}
APART = {"convolution_apart": "true", "convolution_in": "2"}
FAMILY = "operators_family"  # chooses another operator, which may be the one that the address leaves out
PAGES: list[tuple[str, dict[str, str]]] = [
    ("home", {}),
    ("linear_fit", {"linear_fit_iterations": "50"}),
    *(
        ("two_layers", SMALL | {"two_layers_part": part})
        for part in ("programs", "derivation", "mistakes", "timing")
    ),
    ("operators", {"operators_name": "view"}),
    *(("convolution", APART | {"convolution_kind": kind}) for kind in CLASSES),
    ("convolution", {"convolution_weights": "random", "convolution_input": "digit"}),
    ("convolution", {"convolution_weights": "typed", "convolution_input": "typed"}),
    ("convolution", {"convolution_part": "stack"}),
    ("convolution", {"convolution_part": "practice"}),
    ("lenet", {"lenet_input": "digit", "lenet_loss": "cross_entropy"}),
    ("digits", {}),
    ("train", {}),
    ("runs", {}),
    ("draw", {}),
]


@pytest.fixture(autouse=True)
def empty_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPWISE_RUNS", str(tmp_path))


def open_page(file: str, address: dict[str, str]) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.session_state["lang"] = "en"
    for name, value in address.items():
        app.query_params[name] = value
    app.switch_page(f"pages/{file}.py").run()
    assert not app.exception, (address, [error.value for error in app.exception])
    return app


@cache
def at_first(page: int) -> AppTest:
    """A page of ``PAGES`` as its address opens it, to be looked at only."""
    return open_page(*PAGES[page])


def bound(app: AppTest) -> dict[str, Any]:
    """The widgets that Streamlit binds to the address, by key."""
    return {each.key: each for each in everything(app) if getattr(each.proto, "query_param_key", "")}


def everything(app: AppTest) -> list[Any]:
    kinds = ("slider", "number_input", "toggle", "checkbox", "text_input", "text_area", "button_group", "selectbox")
    return [each for kind in kinds for each in app.get(kind) if getattr(each, "key", None)]


def ends(widget: Any) -> list[Any]:
    """The least and the greatest value of a widget, a text that is another than its own for a field of text."""
    if widget.type in ("toggle", "checkbox"):
        return [False, True]
    if widget.type in ("text_input", "text_area"):
        return ["", "3"]
    if widget.type == "button_group":
        return [widget.options[0], widget.options[-1]]
    if widget.type == "slider":
        return [widget.min, widget.max]
    assert widget.type == "number_input", widget.type
    proto = widget.proto
    least = proto.min if proto.has_min else 1
    most = proto.max if proto.has_max else least + 3
    return [int(value) if isinstance(widget.value, int) else value for value in (least, most)]


def value_of(widget: Any) -> Any:
    """What the widget shows; the options of a group of buttons are texts."""
    return str(widget.value) if widget.type == "button_group" else widget.value


def start(widget: Any) -> Any:
    """What the browser takes for the widget's starting value: an address without the setting means it."""
    default = widget.proto.default
    if widget.type == "slider":
        return default[0]
    if widget.type == "button_group":
        return widget.options[default[0]] if len(default) else None
    return default


def address_of(widget: Any, value: Any) -> str | None:
    """What the browser writes for ``value``: nothing for the starting value."""
    if value == start(widget):
        return None
    return (
        str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)
    )


def come_back(page: int, keys: list[str], end: int) -> set[str]:
    """Set these choices one after the other to their first or last option, and open what the address says then.

    Returns those that were still set so at the end; another choice may have hidden or changed the rest.
    """
    file, address = PAGES[page]
    app, codes = open_page(file, address), {}
    for key in keys:
        for widget in [each for each in everything(app) if each.key == key]:
            widget.set_value(widget.options[end]).run()
            assert not app.exception, key
            codes[key] = app.session_state[key]
    parameters = {name: value if isinstance(value, str) else value[-1] for name, value in app.query_params.items()}
    same = {each.key for each in everything(app) if app.session_state[each.key] == codes.get(each.key, each)}
    stays = {name: value for name, value in address.items() if name in parameters or FAMILY not in keys}
    reopened = open_page(file, stays | parameters)
    for key in same:
        assert reopened.session_state[key] == codes[key], key
    return same


@pytest.mark.parametrize("page", range(len(PAGES)), ids=lambda page: str(PAGES[page]))
def test_the_least_and_the_greatest_value_of_every_widget_come_back_from_the_address(page: int) -> None:
    file, address = PAGES[page]
    widgets = bound(at_first(page))
    for key, widget in widgets.items():
        if key not in address:  # an address without a setting shows what the browser takes for its start
            assert value_of(widget) == start(widget), key
    for end in (0, 1):
        values = {key: ends(widget)[end] for key, widget in widgets.items() if key not in address}
        parameters = {key: address_of(widgets[key], value) for key, value in values.items()}
        again = bound(
            open_page(file, address | {key: text for key, text in parameters.items() if text is not None})
        )
        assert {key: value_of(again[key]) for key in values if key in again} == {
            key: value for key, value in values.items() if key in again
        }
        assert len(set(values) & set(again)) >= len(values) / 2


def test_every_widget_that_is_bound_anywhere_is_tried_here() -> None:
    """A count, so that a page whose widgets hide behind a choice is missed."""
    keys_bound = {key for page in range(len(PAGES)) for key in bound(at_first(page))}
    assert len(keys_bound) >= 25, sorted(keys_bound)


@pytest.mark.parametrize("page", range(len(PAGES)), ids=lambda page: str(PAGES[page]))
def test_the_first_and_the_last_option_of_every_choice_come_back_from_the_address(page: int) -> None:
    app, address = at_first(page), PAGES[page][1]
    choices = [each.key for each in everything(app) if each.type in ("selectbox", "button_group")]
    keys = [key for key in choices if key not in bound(app) and key not in address and key != "lang"]
    for end in (-1, 0):
        for key in set(keys) - come_back(page, keys, end) if keys else ():
            assert come_back(page, [key], end) == {key}


def widget_of(app: AppTest, name: str) -> Any:
    return next(each for each in everything(app) if each.key == name)


@pytest.mark.parametrize(
    ("file", "key", "first", "second"),
    [
        ("operators", "operators_name", "bmm", "matmul"),
        ("convolution", "convolution_part", "practice", "stack"),
        ("train", "lang", "zh", "en"),
        ("what_goes_wrong", "what_goes_wrong_entry", "35_attribute_name", "35_class_for_model"),
    ],
)
def test_a_run_that_brings_the_address_of_before_a_choice_does_not_undo_it(
    file: str, key: str, first: str, second: str
) -> None:
    """A rerun can be asked for before the browser has heard what the run before it wrote into the address."""
    app = open_page(file, {key: first})
    assert app.session_state[key] == first
    address = dict(app.query_params)
    app.session_state[key] = second
    app.run()
    assert app.session_state[key] == second
    now = dict(app.query_params)
    app.query_params.clear()
    app.query_params.update(address)
    app.run()
    assert app.session_state[key] == second
    assert dict(app.query_params) == now
    assert not app.warning


def test_a_link_of_another_page_may_ask_for_what_was_replaced() -> None:
    app = open_page("operators", {"operators_name": "bmm"})
    widget_of(app, "operators_name").set_value("matmul").run()
    app.switch_page("pages/runs.py").run()
    app.query_params["operators_name"] = "bmm"
    app.switch_page("pages/operators.py").run()
    assert app.session_state["operators_name"] == "bmm"
