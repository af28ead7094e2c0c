"""Filters that networks have learned, brought into the convolution lesson."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from core.errors import InvalidSetting
from pages.parts.convolution import learned_filters


def network_of(monkeypatch: pytest.MonkeyPatch, network: nn.Module) -> None:
    monkeypatch.setattr(learned_filters, "of_checkpoint", lambda _root, _run: network)


def test_the_first_convolution_of_a_runs_network_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    network = nn.Sequential(nn.ReLU(), nn.Conv2d(1, 6, 5), nn.Conv2d(6, 16, 3, bias=False))
    network_of(monkeypatch, network)
    weight, bias = learned_filters.first_layer(tmp_path, "some-run:epoch-1")
    assert bias is not None
    assert torch.equal(weight, network[1].weight)
    assert torch.equal(bias, network[1].bias)
    assert not weight.requires_grad


def test_a_network_without_a_convolution_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    network_of(monkeypatch, nn.Linear(2, 2))
    with pytest.raises(InvalidSetting, match="no convolution"):
        learned_filters.first_layer(tmp_path, "some-run:epoch-1")


def test_a_run_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for run in ("no-such-run:epoch-1", "no-such-run", "../..", ""):
        with pytest.raises(InvalidSetting):
            learned_filters.first_layer(tmp_path, run)


def test_the_network_that_ships_gives_its_filters(tmp_path: Path) -> None:
    weight, bias = learned_filters.first_layer(tmp_path, learned_filters.SHIPPED)
    assert weight.dim() == 4
    assert weight.shape[1] == 1  # it looks at one channel, the picture
    assert bias is not None
    assert bias.shape == weight.shape[:1]
