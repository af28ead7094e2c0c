"""core.live.settings: what a browser or an address says is read by the declaration, or refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidSetting
from core.live import settings
from core.live.settings import Choice, Flag, Number, Text

DECLARED = (
    Number("whole", 0, 10, 3),
    Number("rate", 0.0, 1.0, 0.5),
    Choice("kind", ("conv", "max")),
    Flag("bias", True),
    Text("cells", 5, when=({"kind": ("conv",), "bias": (True,)}, {"kind": ("max",), "bias": (False,)})),
)


@given(st.data())
def test_what_is_possible_comes_back_from_an_address_as_it_was(data) -> None:
    values = {
        "whole": st.integers(0, 10),
        "rate": st.floats(0, 1),
        "kind": st.sampled_from(["conv", "max"]),
        "bias": st.booleans(),
        "cells": st.text(max_size=5),
    }
    for setting in DECLARED:
        value = data.draw(values[setting.name])
        assert setting.read(value) == value
        back = setting.of_text(setting.text(value))
        assert back == value and type(back) is type(value)


@pytest.mark.parametrize("text", ["", "nan", "inf", "-inf", "1e400", "x", "11", "-1", "2.5", "9" * 20])
def test_no_number_of_this_setting_is_refused(text: str) -> None:
    with pytest.raises(InvalidSetting, match="whole must be"):
        DECLARED[0].of_text(text)


@pytest.mark.parametrize("value", ["conv2", "", 1, None, ["conv"]])
def test_what_is_no_option_is_refused(value: object) -> None:
    with pytest.raises(InvalidSetting, match="kind must be one of conv, max"):
        DECLARED[2].read(value)


def test_a_text_too_long_is_refused() -> None:
    with pytest.raises(InvalidSetting, match="cells may have 5 characters, not 6"):
        DECLARED[4].read("123456")


def test_settings_that_a_message_does_not_name_are_where_they_start() -> None:
    values = settings.read(DECLARED, {})
    assert values == {each.name: each.default for each in DECLARED}
    assert settings.read(DECLARED, {"whole": 7}) == values | {"whole": 7}
