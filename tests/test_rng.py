"""core/rng.py: the process's generator is used by one person at a time, and left as it was."""

from __future__ import annotations

import threading

import torch

from core.networks import registry, stack
from core.rng import seeded

SMALL = "1x8x8~conv-o4-k3~max~flatten~linear-i36-o3"


def test_the_generator_is_put_back() -> None:
    before = torch.get_rng_state()
    with seeded(3):
        torch.randn(5)
    assert torch.equal(torch.get_rng_state(), before)


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
