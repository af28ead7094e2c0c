"""Kills workers with SIGKILL at random moments and asks whether the runs are those of a quiet life, bit for bit.

    python -m benchmarks.resume --kills 100
    python -m benchmarks.resume --kills 10 --json
    python -m benchmarks.resume --device cuda    # on a machine with a card

Several configurations, each with pauses and changes of the learning rate on the way. Reported: how many final
states were equal, events that were lost, doubled or out of order, work that had to be repeated, what checkpoints
cost, and that leaving any one ingredient out of a checkpoint is noticed.
"""

from __future__ import annotations

import argparse
import itertools
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch

from benchmarks.report import Row, percentile, show
from core import datasets
from core.training import checkpoint
from core.training.checkpoint import LoadedCheckpoint
from core.training.checkpoint_writer import AUTO_SECONDS
from core.training.config import DEVICES, TrainConfig
from core.training.device import available
from core.training.events import Batch, Finished, History
from core.training.jobs import Jobs
from core.training.loop import FOREVER, TrainState, new_state, train
from core.training.run_folder import RunFolder
from core.training.schedule import Schedule

NAME = "resume"
NORM = "stack:1x28x28~conv-o8-k5~norm~max-k2~relu~dropout~flatten~linear-i1152-o10"
BASE = TrainConfig(dataset="digits", epochs=40, threads=1)
CONFIGS = (
    BASE,
    BASE.with_(optimizer="adam", learning_rate=0.001),
    BASE.with_(optimizer="nesterov", momentum=0.9, weight_decay=1e-4),
    BASE.with_(optimizer="rmsprop", learning_rate=0.0005, network=NORM),
    BASE.with_(network="lenet5", seed=2**63),
    BASE.with_(schedule="one_cycle", learning_rate=0.05, clip_norm=0.5),
    BASE.with_(schedule="cosine", optimizer="adam", learning_rate=0.002, shift=2, rotate=15.0),
    BASE.with_(schedule="step", step_size=10, gamma=0.5, initialisation="kaiming", clip_norm=1.0),
    BASE.with_(schedule="warm_up", learning_rate=0.05, initialisation="xavier", patience=2),
)


@dataclass
class Findings:
    """What was counted over all runs."""

    runs: int = 0
    kills: int = 0
    equal: int = 0
    lost: int = 0
    doubled: int = 0
    disordered: int = 0
    wrongly_running: int = 0
    repeated: list[float] = field(default_factory=list)  # steps of work that a kill cost


def digest(state: TrainState) -> list[bytes]:
    """All weights, buffers and memories, bit for bit."""
    memory = [value for entry in state.optimizer.state_dict()["state"].values() for value in entry.values()]
    tensors = [*state.network.state_dict().values(), *(torch.as_tensor(value) for value in memory)]
    return [tensor.detach().cpu().contiguous().numpy().tobytes() for tensor in tensors]


def on(device: str, config: TrainConfig) -> TrainConfig:
    """Return ``config`` on ``device``; a card is so fast that it needs more batches to be killed on its way."""
    return config.with_(device=device, batch_size=4 if device == "cuda" else config.batch_size)


def wait(run: RunFolder, step: int) -> None:
    """Wait until the run has done ``step`` batches, or is over."""
    while run.status().step < step and run.status().state not in ("finished", "paused"):
        if run.status().problem:
            raise SystemExit(run.status().problem)
        time.sleep(0.005)


def one_life(root: Path, config: TrainConfig, kills: int, dice: random.Random, outcome: Findings) -> RunFolder:
    """Train one run to its end through ``kills`` kills, a pause and changes of the learning rate."""
    jobs = Jobs(root, limit=1, standby=True)
    run_id = jobs.submit(config, batches=dice.randrange(1, 60))
    run = RunFolder(root, run_id)
    wait(run, 10**9)
    if config.schedule == "constant":  # a rate that is set by hand ends a schedule: there a later kill sets it
        jobs.command(run_id, "learning_rate", value=config.learning_rate * 1.5)
    steps = Schedule.of(config, len(datasets.load("digits").train_labels)).steps
    for kill in range(kills):
        if run.status().state == "finished":  # it stopped early
            break
        jobs.resume(run_id)
        target = run.status().step + dice.randrange(1, max(2, 2 * steps // (kills + 1)))
        wait(run, min(target, steps - 1))
        if kill % 3 == 1 and run.status().state == "running":
            jobs.command(run_id, "learning_rate", value=config.learning_rate * dice.uniform(0.5, 2))
        time.sleep(dice.uniform(0, 0.05))
        jobs.kill(run_id)
        if run.status().state == "finished":
            break
        outcome.kills += 1
        outcome.wrongly_running += run.status().state not in ("interrupted", "paused")
        newest = max((point.step for point in run.all_checkpoints()), default=0)
        outcome.repeated.append(max(0, run.status().step - newest))
    if run.status().state != "finished":
        jobs.resume(run_id)
    while run.status().state != "finished":
        time.sleep(0.02)
    jobs.close()
    return run


def judge(run: RunFolder, outcome: Findings) -> None:
    """Compare the run with one that nothing happened to, given the same commands."""
    state = new_state(run.config)
    expected: list[History] = list(train(run.config, datasets.load("digits"), state, run.commands()))
    events = [event for _, event in run.events(limit=10**9)]
    steps = [event.step for event in events if isinstance(event, Batch)]
    outcome.runs += 1
    outcome.lost += sum(event not in events for event in expected if not isinstance(event, Batch))
    outcome.lost += len({event.step for event in expected if isinstance(event, Batch)} - set(steps))
    outcome.doubled += len(steps) - len(set(steps))
    outcome.disordered += sum(later < earlier for earlier, later in itertools.pairwise(steps))
    end = expected[-1]
    assert isinstance(end, Finished)  # before its last epoch where it stops early
    last = checkpoint.load(run.checkpoint(f"epoch-{end.epoch}").path)
    outcome.equal += events == expected and digest(checkpoint.restore(run.config, last)) == digest(state)


def ingredients_noticed(device: str) -> tuple[int, int]:
    """Leave each part out of a checkpoint in turn; return how many changed the run, of how many."""
    config, data = CONFIGS[3].with_(epochs=2, device=device), datasets.load("digits")
    times, state = Schedule.of(config, len(data.train_labels)), new_state(config)
    rates = {10: config.learning_rate * 2}
    whole: LoadedCheckpoint | None = None
    with tempfile.TemporaryDirectory() as folder:
        for event in train(config, data, state, rates, until=lambda: 30 if state.step < 30 else FOREVER):
            if isinstance(event, Batch) and event.step == state.step == 30:
                snapshot = checkpoint.capture(state, config, times)
                whole = checkpoint.load(checkpoint.write(Path(folder), "step-30", snapshot))
    assert whole is not None
    fresh = new_state(config)
    buffers = dict(fresh.network.named_buffers())
    without = {
        "nothing": whole,
        "weights": replace(whole, model={**whole.model, **dict(fresh.network.named_parameters())}),
        "buffers": replace(whole, model={**whole.model, **buffers}),
        "optimizer": replace(whole, optimizer=fresh.optimizer.state_dict()),
        "generator": replace(whole, rng=torch.Generator(device).manual_seed(0).get_state()),
        "step": replace(whole, where={**whole.where, "step": 29}),
        "learning rate": replace(whole, where={**whole.where, "learning_rate": config.learning_rate}),
    }
    ends = {}
    for name, loaded in without.items():
        resumed = checkpoint.restore(config, loaded)
        list(train(config, data, resumed, {}))
        ends[name] = digest(resumed)
    assert ends["nothing"] == digest(state)
    return sum(end != ends["nothing"] for name, end in ends.items() if name != "nothing"), len(without) - 1


def price(device: str, checkpoints: int = 20) -> float:
    """Return the share of the processor's time that a checkpoint every ``AUTO_SECONDS`` takes, capture and writing.

    Of the tutorial's network with its momentum; the median of so many.
    """
    config, data = TrainConfig(dataset="digits", device=device), datasets.load("digits")
    state, times = new_state(config), Schedule.of(config, len(data.train_labels))
    next(event for event in train(config, data, state, {}) if isinstance(event, Batch))
    durations = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(checkpoints):
            start = time.process_time()
            checkpoint.write(Path(folder), f"auto-{number}", checkpoint.capture(state, config, times))
            durations.append(time.process_time() - start)
    return percentile(durations, 0.5) / AUTO_SECONDS


def measure(kills: int, seed: int, device: str = "cpu") -> Iterator[Row]:
    """Kill trainings ``kills`` times, and yield how much of each was lost, doubled or repeated."""
    dice, outcome = random.Random(seed), Findings()
    each = max(1, min(kills, 5))
    with tempfile.TemporaryDirectory() as folder:
        number = 0
        while outcome.kills < kills and number < 10 * kills:
            config = on(device, CONFIGS[number % len(CONFIGS)])
            run = one_life(Path(folder), config, min(each, kills - outcome.kills), dice, outcome)
            judge(run, outcome)
            number += 1
    yield Row(NAME, "kills", outcome.kills, "")
    yield Row(NAME, "runs", outcome.runs, "")
    yield Row(
        NAME, "runs whose events and last state were equal", 100 * outcome.equal / outcome.runs, "%", ">= 100"
    )
    yield Row(NAME, "events lost", outcome.lost, "", "<= 0")
    yield Row(NAME, "events doubled", outcome.doubled, "", "<= 0")
    yield Row(NAME, "events out of order", outcome.disordered, "", "<= 0")
    yield Row(NAME, "killed runs not shown as interrupted at once", outcome.wrongly_running, "", "<= 0")
    yield Row(NAME, "batches that a kill cost, p95", percentile(outcome.repeated, 0.95), "")
    yield Row(NAME, f"time that a checkpoint every {AUTO_SECONDS:g} s takes", 100 * price(device), "%", "< 2")
    noticed, of = ingredients_noticed(device)
    yield Row(NAME, f"ingredients of {of} whose absence is noticed", noticed, "", f">= {of}")


def main() -> int:
    """Print the rows; exit status 1 when a target is not met, 0 without the device."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--device", choices=DEVICES, default="cpu")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    options = parser.parse_args()
    if not available(options.device):
        print(f"no {options.device} device here")
        return 0
    return show(measure(options.kills, options.seed, options.device), options.json)


if __name__ == "__main__":
    sys.exit(main())
