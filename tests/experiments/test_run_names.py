"""core.experiments.run_names: a name tells the settings that it is made of, and only such a name."""

from __future__ import annotations

import pytest

from core.experiments.run_names import name_of, settings_in
from core.training.config import TrainConfig

MEMBER = "20261128-101500-0a1b2c3d-004"
CONFIG = TrainConfig(dataset="digits", learning_rate=0.05, dropout=False, network="lenet5", seed=7)


@pytest.mark.parametrize(
    "settings", [(), ("learning_rate",), ("dropout", "network"), ("optimizer", "learning_rate", "batch_size")]
)
def test_a_name_made_of_settings_tells_them(settings: tuple[str, ...]) -> None:
    name = name_of(settings, CONFIG)
    assert settings_in(name, MEMBER, CONFIG) == (*settings, "seed")
    assert settings_in(name, "20261128-101500-0a1b2c3d", CONFIG) == (), "a run of its own is named by hand"


def test_names_are_what_they_were_called_before() -> None:
    assert name_of(("learning_rate", "dropout"), CONFIG) == "learning_rate 0.05, dropout False, seed 7"


@pytest.mark.parametrize("name", ["", "seed", "my run", "seed 8", "learning_rate 0.1, seed 7", "speed 3, seed 7"])
def test_any_other_name_is_the_readers(name: str) -> None:
    assert settings_in(name, MEMBER, CONFIG) == ()
