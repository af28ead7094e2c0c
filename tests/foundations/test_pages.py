"""The three pages as you set them: by their controls and by their addresses, in either language."""

from __future__ import annotations

import random
import re
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
import torch
from streamlit.testing.v1 import AppTest

from core.errors import InvalidSetting
from core.foundations.two_layers import WAYS
from core.ops.operator import parse
from core.ops.registry import OPERATORS
from pages.shared import markdown

ROOT = Path(__file__).resolve().parent.parent.parent
FIT = {"linear_fit_iterations": "40"}
WAYS_SMALL = {
    "two_layers_N": "8",
    "two_layers_D_in": "20",
    "two_layers_H": "6",
    "two_layers_D_out": "3",
    "two_layers_iterations": "10",
}
WAYS_PARTS = ("programs", "derivation", "mistakes", "timing", "sgd")


@pytest.fixture(autouse=True)
def empty_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPWISE_RUNS", str(tmp_path))


def open_page(page: str, language: str = "en", **address: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state["lang"] = language
    for name, value in address.items():
        app.query_params[name] = value
    return app.switch_page(f"pages/{page}.py").run()


def extremes(app: AppTest) -> list[tuple[str, str, Any]]:
    """Every control of a page, as the kind and key of its widget, with the values at the ends of what it takes."""
    ends: list[tuple[str, str, Any]] = []
    for each in app.number_input:
        bounds = [each.max] if "iterations" not in each.key and "seed" not in each.key else []
        ends += [("number_input", each.key, type(each.value)(end)) for end in (each.min, *bounds)]
    ends += [("toggle", each.key, not each.value) for each in app.toggle]
    return ends + [("selectbox", each.key, each.options[-1]) for each in app.selectbox]


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("linear_fit", FIT),
        *(("two_layers", WAYS_SMALL | {"two_layers_part": part}) for part in WAYS_PARTS),
    ],
)
def test_no_end_of_a_control_leads_to_a_traceback(page: str, address: dict[str, str]) -> None:
    app = open_page(page, **address)
    for kind, key, value in extremes(app):
        control = getattr(app, kind)(key=key)
        before = control.value
        control.set_value(value).run()
        assert not app.exception, (key, value, app.exception)
        getattr(app, kind)(key=key).set_value(before)
        if app.error:  # what stands below an error is away until the next run
            app.run()


@pytest.mark.parametrize("name", OPERATORS)
def test_no_setting_of_an_operator_leads_to_a_traceback(name: str) -> None:
    """By address: arguments at the ends of their controls, nonsense, and what others take, mixed by chance."""
    draw = random.Random(name)
    texts = ["", "0", "-1", "2, 3", "None", "same", "(2, 3, 4)", "1e9", "nan", "x", "9" * 30, "1, 2, 3, 4, 5, 6"]
    for _ in range(1):
        address = {"operators_name": name, "operators_seed": draw.choice(["0", "7", "nan", "-1"])}
        for argument in OPERATORS[name].arguments:
            ends = [str(argument.low), str(argument.high), "true", *argument.options, *argument.examples]
            if draw.random() < 0.6:
                address[f"operators_{name}_{argument.name}"] = draw.choice(texts + ends)
        app = open_page("operators", draw.choice(["en", "zh"]), **address)
        assert not app.exception, (address, app.exception)


def test_every_setting_of_the_fit_changes_the_program() -> None:
    changed = {
        "linear_fit_lr": ("0.02", "lr=0.02"),
        "linear_fit_batch": ("8", "[:8]"),
        "linear_fit_samples": ("50", "torch.rand(50, 3"),
        "linear_fit_noise": ("0.5", "0.5 * torch.randn"),
        "linear_fit_seed": ("9", "manual_seed(9)"),
        "linear_fit_w21": ("-1.5", "[0.6, -1.5]"),
        "linear_fit_optimizer": ("Adam", "torch.optim.Adam"),
        "linear_fit_iterations": ("40", "range(40)"),
    }
    app = open_page("linear_fit", **{key: value for key, (value, _) in changed.items()})
    app.session_state["linear_fit_code_fold"] = True
    app.run()
    program = next(code.value for code in app.code if "torch.optim" in code.value)
    for key, (_, entry) in changed.items():
        assert entry in program, key


@pytest.mark.parametrize("guess", ["k", "less"])
def test_what_accumulating_gives_is_shown_after_a_guess_only(guess: str) -> None:
    app = open_page("linear_fit", **FIT)
    assert not app.table
    app.radio(key="linear_fit_guess_many").set_value(guess).run()
    assert len(app.table) == 1
    assert any("about k times too large" in box.value for box in (*app.success, *app.info))


def test_each_step_of_the_derivation_stands_beside_its_line_its_shape_and_autograds_verdict() -> None:
    app = open_page("two_layers", two_layers_part="derivation", **WAYS_SMALL)
    assert "x.T.dot(grad_h)" in "\n".join(code.value for code in app.code)
    captions = [caption.value for caption in app.caption if "`  \n`" in caption.value]
    assert any("`(D_in, H) = (D_in, N) (N, H)`  \n`(20, 6) = (20, 8) (8, 6)`" in each for each in captions)
    assert sum("largest difference from autograd" in each for each in captions) == 5  # of ŷ, w2, h_relu, h, w1


def test_a_measurement_names_all_four_programs() -> None:
    app = open_page("two_layers", two_layers_part="timing", **WAYS_SMALL)
    tables = len(app.table)
    app.button(key="two_layers_measure").click().run()
    assert len(app.table) == tables + 1
    measured = next(table.value for table in app.table if "median" in table.value.columns)
    assert len(measured) == len(WAYS)
    assert all(re.fullmatch(r"\S+ ms", text) for text in measured["median"])


@pytest.mark.parametrize(
    ("page", "address"),
    [
        (
            "linear_fit",
            "linear_fit_lr=nan&linear_fit_batch=-5&linear_fit_optimizer=none&linear_fit_w00=inf&linear_fit_across=x",
        ),
        ("linear_fit", "linear_fit_batch=500&linear_fit_large=900&linear_fit_micro=901"),
        ("two_layers", "two_layers_N=4000&two_layers_D_in=4000&two_layers_H=4000"),
        (
            "two_layers",
            "two_layers_N=8&two_layers_D_in=20&two_layers_H=6&two_layers_D_out=3&two_layers_iterations=20&two_layers_lr=9&two_layers_mistake=99",
        ),
        (
            "two_layers",
            "two_layers_N=8&two_layers_D_in=20&two_layers_H=6&two_layers_D_out=3&two_layers_iterations=20&two_layers_part=none",
        ),
        ("operators", "operators_name=Conv2d&operators_Conv2d_shape=__import__&operators_Conv2d_padding=same"),
        ("operators", "operators_name=nothing&operators_seed=-1&operators_cell=output.-1"),
        ("operators", "operators_name=Linear&operators_Linear_shape=9999,9999&operators_Linear_device='meta'"),
        (
            "operators",
            "operators_name=BatchNorm2d&operators_BatchNorm2d_shape=2,3,2,2&operators_BatchNorm2d_dtype=torch.float64",
        ),
    ],
)
def test_no_address_leads_to_a_traceback(page: str, address: str) -> None:
    app = open_page(page, **dict(part.split("=", 1) for part in address.split("&")))
    assert not app.exception
    assert app.title


def test_why_sgd_fails_is_shown_after_a_guess_only() -> None:
    app = open_page("two_layers", two_layers_part="sgd", **WAYS_SMALL)
    assert not any("nn.Linear draws its weights" in text.value for text in app.markdown)
    app.radio(key="two_layers_guess_sgd").set_value("adam").run()
    assert any("nn.Linear draws its weights" in text.value for text in app.markdown)
    assert any("Not quite" in box.value for box in app.info)


def test_where_a_fit_diverges_no_ends_are_compared() -> None:
    app = open_page("linear_fit", linear_fit_lr="3", linear_fit_iterations="300")
    app.radio(key="linear_fit_guess_forgot").set_value("swings").run()
    whole_text = "\n".join(text.value for text in app.markdown)
    assert "the training diverges" in whole_text
    assert "Like a ball" not in whole_text


@pytest.mark.parametrize("name", OPERATORS)
def test_each_operator_has_its_surprise_after_a_guess_and_a_link_to_pytorchs_page(name: str) -> None:
    app = open_page("operators", "zh", operators_name=name)
    link = next(text.value for text in app.markdown if "https://docs.pytorch.org" in text.value)
    documented = re.search(r"/generated/([\w.]+)\.html", link)
    assert documented is not None
    assert callable(reduce(getattr, documented[1].split(".")[1:], torch)), documented[1]
    surprise = OPERATORS[name].surprise
    if surprise is None:
        assert not app.exception and not app.error
        return
    assert surprise.program.strip() not in [code.value for code in app.code]
    app.radio(key=f"operators_guess_surprise_{name}").set_value(surprise.right).run()
    assert surprise.program.strip() in [code.value for code in app.code]
    assert len(app.success) == 1
    assert not app.exception


def test_the_search_leaves_the_operators_that_it_finds_and_the_one_that_is_open() -> None:
    app = open_page("operators", operators_search="loss")
    options = app.button_group(key="operators_name").options
    assert options[:3] == ["Linear", "nll_loss", "mse_loss"] and "cross_entropy" in options
    app.text_input(key="operators_search").set_value("no such").run()
    assert app.button_group(key="operators_name").options == of_family("layers")


def test_a_kind_shows_its_operators_and_opens_the_first_and_a_link_opens_its_kind() -> None:
    app = open_page("operators", operators_name="squeeze", operators_search="")
    assert app.selectbox(key="operators_family").value == "shapes"
    assert app.button_group(key="operators_name").options == of_family("shapes")
    app.selectbox(key="operators_family").set_value("losses").run()
    assert app.button_group(key="operators_name").options == of_family("losses")
    assert app.header[0].value == markdown.plain("torch.nn.functional.nll_loss")


def test_a_kind_that_there_is_not_opens_the_first_operator() -> None:
    app = open_page("operators", operators_name="squeeze")
    kind = app.selectbox(key="operators_family")
    kind.options.append("none")
    kind.set_value("none").run()
    assert not app.exception
    assert app.button_group(key="operators_name").options == of_family("layers")


def of_family(family: str) -> list[str]:
    return [name for name, operator in OPERATORS.items() if operator.family == family]


@pytest.mark.parametrize("name", list(OPERATORS))
def test_no_text_of_any_operator_ends_in_a_nameerror(name: str) -> None:
    for argument in OPERATORS[name].arguments:
        if argument.kind in ("shape", "sizes", "numbers"):
            with pytest.raises(InvalidSetting, match="number"):
                parse(argument, "abc")
