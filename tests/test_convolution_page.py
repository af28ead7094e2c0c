"""The Convolution page run without a browser: any setting, by any path, shows a figure or a sentence."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.convolution.layer import CLASSES
from core.networks import stack
from pages.parts.convolution.control_words import kernel_names, picture_names

ROOT = Path(__file__).resolve().parent.parent

# What a user may write into the address, sensible and not.
RANGES = {
    "convolution_size": (1, 32),
    "convolution_size_w": (1, 32),
    "convolution_kernel": (1, 11),
    "convolution_kernel_w": (1, 11),
    "convolution_stride": (1, 6),
    "convolution_step": (1, 6),
    "convolution_padding": (0, 5),
    "convolution_dilation": (1, 4),
    "convolution_extra": (0, 3),
    "convolution_target": (1, 16),
    "convolution_in": (1, 4),
    "convolution_out": (1, 4),
    "convolution_groups": (1, 4),
}
NONSENSE = ["", "-1", "1e9", "nan", "x", "99999999999999999999", "<b>", "1,2", "../..", "💥", "1 2;3", "null"]


@pytest.fixture(autouse=True)
def empty_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPWISE_RUNS", str(tmp_path))


def open_page(language: str = "en", **address: str) -> AppTest:
    """The page as this address opens it."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state["lang"] = language
    for name, value in address.items():
        app.query_params[name] = value
    app.switch_page("pages/convolution.py").run()
    return app


def sound(app: AppTest) -> bool:
    return not app.exception


def random_address(pick: random.Random) -> dict[str, str]:
    """An address with random settings, one in six of them nonsense."""
    address = {name: str(pick.randint(*span)) for name, span in RANGES.items() if pick.random() < 0.7}
    address |= {
        "convolution_kind": pick.choice(list(CLASSES)),
        "convolution_pad": pick.choice(["number", "valid", "same"]),
        "convolution_input": pick.choice(list(picture_names())),
        "convolution_weights": pick.choice(list(kernel_names())),
        "convolution_apart": pick.choice(["true", "false"]),
        "convolution_ceil": pick.choice(["true", "false"]),
        "convolution_guess": pick.choice(["true", "false", "false"]),
        "convolution_pin": pick.choice(["0,0", "2,1", "99,99", "a,b"]),
    }
    return {name: pick.choice(NONSENSE) if pick.random() < 1 / 6 else value for name, value in address.items()}


def test_any_address_gives_a_figure_or_a_sentence() -> None:
    pick = random.Random(3)
    for turn in range(12):
        address = random_address(pick)
        app = open_page(("en", "zh")[turn % 2], **address)
        assert sound(app), (address, [error.value for error in app.exception])
        assert app.title[0].value == ("Convolution", "卷积")[turn % 2]


def test_settings_changed_one_after_another_leave_no_traceback() -> None:
    pick = random.Random(5)
    app = open_page()
    for _ in range(15):
        address = random_address(pick)
        for name in pick.sample(sorted(set(address) - {"convolution_pin"}), 3):
            value = address[name]
            if name in RANGES and value.isdecimal() and int(value) <= RANGES[name][1]:
                app.session_state[name] = max(RANGES[name][0], int(value))
            elif name == "convolution_kind" and value in CLASSES:
                app.session_state[name] = value
        app.run()
        assert sound(app), [error.value for error in app.exception]


@pytest.mark.parametrize(
    "text", [next(iter(stack.TUTORIALS.values())), "", "💥", "1x28x28~linear-i3", "1x8x8~conv-k", "2x8x8~~"]
)
def test_any_text_of_a_network_gives_its_rows_or_a_sentence(text: str) -> None:
    app = open_page(convolution_part="stack", convolution_stack=text)
    assert sound(app), [error.value for error in app.exception]


def test_what_the_address_asks_for_is_in_the_session_and_what_is_impossible_is_not() -> None:
    app = open_page(
        convolution_kernel="7",
        convolution_bias="false",
        convolution_kind="max",
        convolution_typed="1 2;3 4",
        convolution_size="500",
    )
    settings_there = {
        name: app.session_state[f"convolution_{name}"] for name in ("kernel", "bias", "kind", "typed", "size")
    }
    assert settings_there == {"kernel": 7, "bias": False, "kind": "max", "typed": "1 2;3 4", "size": 28}


def test_the_code_is_that_of_the_layer_that_the_address_asks_for() -> None:
    app = open_page(convolution_kernel="4", convolution_stride="2")
    assert not app.error
    app.session_state["convolution_code_fold"] = True
    app.run()
    assert "kernel_size=4, stride=2" in app.code[-1].value


@pytest.mark.parametrize("level", [1, 4, 7, 10])
def test_an_exercise_answers_with_the_arithmetic(level: int) -> None:
    app = open_page(convolution_part="practice", convolution_level=str(level))
    next(field for field in app.number_input if field.label == "Your answer").set_value(1).run()
    assert sound(app)
    assert "=" in app.code[-1].value
    assert app.info or app.success
