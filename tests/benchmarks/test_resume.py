"""benchmarks.resume, a smaller version: one run, killed on its way, and what its checkpoints cost and hold."""

from __future__ import annotations

import pytest

from benchmarks import resume
from core.training.config import CHOICES


@pytest.mark.long
def test_a_killed_run_is_that_of_a_quiet_life_and_its_checkpoints_are_cheap(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(resume, "CONFIGS", tuple(config.with_(epochs=20) for config in resume.CONFIGS))
    rows = {row.metric: row for row in resume.measure(kills=1, seed=1)}
    assert rows["kills"].value >= 1
    assert [row for row in rows.values() if row.met is False] == []


@pytest.mark.parametrize(
    "setting",
    ["optimizer", "schedule", "clip_norm", "initialisation", "shift", "rotate", "patience", "weight_decay"],
)
def test_every_way_to_train_is_killed(setting: str) -> None:
    values = {getattr(config, setting) for config in resume.CONFIGS}
    assert values - {getattr(resume.BASE, setting)}
    if setting in ("schedule", "optimizer"):
        assert values == set(CHOICES[setting])
