"""core/rng.py: the process's generator is used by one person at a time, and left as it was."""

from __future__ import annotations

import threading

import pytest
import torch

from core.networks import registry, stack
from core.rng import own_generator, seed_torch, seeded

SMALL = "1x8x8~conv-o4-k3~max~flatten~linear-i36-o3"


def test_the_generator_is_put_back() -> None:
    before = torch.get_rng_state()
    with seeded(3):
        torch.randn(5)
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("seed", [0, 7, 2**40, 2**64 - 1])
def test_a_seed_is_torchs(seed: int) -> None:
    with own_generator():
        torch.manual_seed(seed)
        expected = torch.randn(5)
        seed_torch(seed)
        assert torch.equal(torch.randn(5), expected)


def test_where_there_is_an_accelerator_its_generators_are_seeded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    seeds: list[int] = []
    monkeypatch.setattr(torch.accelerator, "is_available", lambda: True)
    monkeypatch.setattr(torch, "manual_seed", seeds.append)
    seed_torch(3)
    assert seeds == [3]


def test_people_who_draw_at_the_same_time_get_what_each_would_get_alone() -> None:

    alone = {seed: registry.build("mnist", seed=seed).state_dict() for seed in range(8)}
    small = {seed: stack.parse(SMALL).build(seed).state_dict() for seed in range(8)}
    wrong: list[object] = []

    def draw(seed: int) -> None:
        for _ in range(10):
            states = registry.build("mnist", seed=seed).state_dict(), stack.parse(SMALL).build(seed).state_dict()
            for state, expected in zip(states, (alone[seed], small[seed]), strict=True):
                wrong.extend((seed, key) for key in expected if not torch.equal(state[key], expected[key]))

    people = [threading.Thread(target=draw, args=(seed,)) for seed in range(8)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert not wrong
