"""A real Ray cluster of two nodes on this machine's loopback: the benchmark's own measure, on a small scale."""

from __future__ import annotations

import importlib.util

import pytest

from benchmarks import cluster

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(420),
    pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="Ray is in requirements-cluster.txt only"),
]


def test_a_node_that_dies_costs_its_runs_nothing_but_seconds() -> None:
    rows = {row.metric: row for row in cluster.measure(nodes=2, count=3)}
    missed = [row for row in rows.values() if row.met is False]
    assert not missed
    assert rows["nodes that trained"].value == 2
    assert rows["runs that went on elsewhere"].value >= 1
