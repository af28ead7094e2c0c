"""Layers of a large network folded by its modules: what a block reads, holds and is called."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from core.recognise.blocks import READABLE, blocks, fold
from core.recognise.forward import Forward, ShownLayer, fitted


def layer(path: str, operation: str, *inputs: int, size: int = 3) -> ShownLayer:
    return ShownLayer((operation,), path, inputs, torch.randn(size, 2, 2), path=path)


def residual(path: str, start: int) -> Iterator[ShownLayer]:
    """A block that reads layer ``start``: two convolutions, and the sum with what went in."""
    first = start + 1
    yield layer(f"{path}.conv1", "conv2d", start)
    yield layer(f"{path}.relu", "relu", first)
    yield layer(f"{path}.conv2", "conv2d", first + 1)
    yield layer(path, "add", first + 2, start)
    yield layer(f"{path}.relu", "relu", first + 3)


def network(count: int) -> list[ShownLayer]:
    layers = [layer("stem", "conv2d", -1)]
    for number in range(count):
        layers += residual(f"stages.{number}", len(layers) - 1)
    return [*layers, layer("", "mean", len(layers) - 1), layer("head", "linear", len(layers))]


def test_each_block_is_one_layer_with_the_values_at_its_end_and_reads_the_one_before() -> None:
    layers = network(6)
    blocks_of_layers = fold(layers)
    assert [one.name for one in blocks_of_layers] == ["stem", *(f"stages.{n}" for n in range(6)), "", "head"]
    assert [one.inputs for one in blocks_of_layers] == [(-1,), (0,), (1,), (2,), (3,), (4,), (5,), (6,), (7,)]
    for number in range(6):
        block = blocks_of_layers[1 + number]
        assert block.operations == ("conv2d", "relu", "add")
        assert block.values is layers[5 * number + 5].values
        assert block.weight is None and block.window is None


def test_few_layers_stay_and_a_skip_over_blocks_is_kept() -> None:
    few = network(2)
    assert len(few) <= READABLE and fold(few) == tuple(few)
    skip = [*network(4)[:-2], layer("up", "cat", 20, 5)]
    assert fold(skip)[-1].inputs == (4, 1)  # the end of the last block, and that of the first


def test_many_layers_without_blocks_are_folded_in_runs_with_the_values_at_their_ends() -> None:
    plain = [layer(str(n), ("linear", "tanh")[n % 2], n - 1) for n in range(201)]
    rows = fold(plain)
    assert len(rows) == 12
    assert [one.inputs for one in rows] == [(n - 1,) for n in range(len(rows))]
    assert (rows[0].name, rows[0].operations) == ("0 … 16", ("linear", "tanh"))
    assert all(row.values is plain[min(17 * n + 16, 200)].values for n, row in enumerate(rows))
    assert rows[0].weight is None and rows[0].window is None


def test_one_module_that_holds_everything_is_not_one_block() -> None:
    plain = [layer(f"net.{n}", "relu", n - 1) for n in range(20)]
    assert fold(plain) == tuple(plain)
    assert len(blocks(plain, 1)) == 1


def test_two_equal_operations_are_a_block_and_no_sum() -> None:
    (block,) = blocks([layer("net.0", "add", -1), layer("net.1", "add", 0)], 1)
    assert block.operations == ("add", "add")


@pytest.mark.parametrize("depth", [1, 2])
def test_the_stages_of_a_large_picture_do_not_join_blocks(depth: int) -> None:
    wide = [layer(f"a.{n // 6}.{n % 6}", "conv2d" if n % 2 else "relu", n - 1, size=800) for n in range(24)]
    network = blocks(wide, depth)
    image: Tensor = torch.zeros(1, 2, 2)
    assert (
        fitted(Forward(image, (*network, layer("", "relu", len(network) - 1)), torch.empty(0), "")).layers[:-1]
        == network
    )
