"""benchmarks/addresses.py: a short round of hostile addresses over every page, and what the benchmark counts."""

from __future__ import annotations

import random
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from benchmarks import address_settings, address_values, addresses
from benchmarks.address_settings import Setting
from pages.shared.lessons import LESSONS

CONV = [lesson for lesson in LESSONS if lesson.name == "convolution"]


@pytest.fixture(autouse=True)
def empty_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPWISE_RUNS", str(tmp_path))


@pytest.mark.long
def test_no_address_of_a_short_round_ends_the_server_or_shows_a_traceback_or_a_blank_page() -> None:
    all_settings = address_settings.settings(every_option=False)
    assert {each.page for each in all_settings} == {lesson.url_path for lesson in LESSONS}
    rows = {row.metric: row for row in addresses.rows(60, all_settings, seed=random.randrange(10**6))}
    for metric in ("ends of the server", "tracebacks", "blank pages", "growth of the server's memory"):
        assert rows[metric].met, (metric, rows[metric].value)
    assert rows["addresses"].value == 60


def test_the_settings_are_read_off_the_page_with_their_ends_and_options() -> None:
    by_key = {each.key: each for each in address_settings.settings(every_option=False, lessons=CONV)}
    assert (by_key["convolution_kernel"].kind, by_key["convolution_kernel"].low) == ("number", 1)
    assert {"conv", "transposed", "max", "avg"} <= set(by_key["convolution_kind"].options)
    assert by_key["convolution_guess"].kind == "switch"
    assert {"convolution_pin", "convolution_draw", "lang", "run"} <= set(by_key), "what is read without a widget"


def test_each_end_and_what_lies_beyond_it_is_tried() -> None:
    tried = address_values.values(Setting("convolution", "convolution_kernel", "number", 1, 11, default="3"))
    assert {"0", "1", "2", "10", "11", "12", "nan", "words", "3"} <= set(tried)
    assert "stack:~~~" in address_values.values(Setting("lenet", "lenet_network", "choice", options=("lenet5",)))


def test_an_address_carries_what_no_browser_would_type() -> None:
    path = address_values.path("operators", [("operators_Linear_shape", "1&2=3#\ud800\x00")])
    assert path == "operators?operators_Linear_shape=1%262%3D3%23%ED%A0%80%00"
    assert parse_qs(urlsplit(path).query)["operators_Linear_shape"][0].startswith("1&2=3#")


def test_the_same_seed_draws_the_same_addresses() -> None:
    all_settings = [Setting("convolution", f"convolution_{n}", "number", 0, n, default="1") for n in range(1, 9)]
    first, again = (list(address_values.addresses(all_settings, 50, 3)) for _ in range(2))
    assert first == again != list(address_values.addresses(all_settings, 50, 4))
