"""``python -m benchmarks.recording [--json]``: what recording a program costs, and whether a long one ends.

LeNet's training loop of 100 steps measures its own processor time, plainly and recorded, in turns; both run in
processes of this one call. A program of a million cheap lines is recorded too: its time and the size of its record.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.report import Row, main
from core.script.payload import of_record
from core.script.program_record import Record
from core.script.run import LIMITS, Runner

PAIRS = 5
LENET = """
import time

import torch
import torch.nn.functional as F
from torch import nn


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = torch.flatten(x, 1)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


torch.set_num_threads(1)
net = LeNet()
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
x, y = torch.randn(16, 1, 32, 32), torch.arange(16) % 10


def train(steps):
    start = time.process_time()
    for step in range(steps):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(x), y)
        loss.backward()
        optimizer.step()
    return time.process_time() - start


train(3)
print(train(100))
"""
MILLION = """
total = 0
for i in range(500_000):
    total += i
print(total)
"""


def measure() -> Iterator[Row]:
    """Run both programs."""
    runner = Runner()
    try:
        with tempfile.TemporaryDirectory() as folder:
            yield from lenet(runner, Path(folder) / "lenet.py")
            yield from million(runner, Path(folder) / "million.py")
    finally:
        runner.close()


def lenet(runner: Runner, path: Path, pairs: int = PAIRS) -> Iterator[Row]:
    """Compare the recorded loop with the plain one, ``pairs`` times; the program is written to ``path``."""
    path.write_text(LENET, encoding="utf-8")
    plain, recorded = [], []
    for _ in range(pairs):
        plain.append(_plainly(path))
        recorded.append(_printed(runner.run(path)))
    name, what = "recording", f"LeNet, 100 steps, median of {pairs}"
    yield Row(name, f"{what}, plain", statistics.median(plain), "s of processor time")
    yield Row(name, f"{what}, recorded", statistics.median(recorded), "s of processor time")
    times = statistics.median(recorded) / statistics.median(plain)
    yield Row(name, "recorded against plain", times, "times", "<= 5")


def million(runner: Runner, path: Path) -> Iterator[Row]:
    """Record the long program, which is written to ``path``."""
    path.write_text(MILLION, encoding="utf-8")
    began = time.perf_counter()
    record = runner.run(path)
    seconds = time.perf_counter() - began
    size = len(json.dumps(of_record(record, MILLION))) / 1e6
    yield Row("recording", "a million lines", seconds, "s", f"< {LIMITS.seconds:g}")
    yield Row("recording", "a million lines, errors", float(record.error is not None), "errors", "<= 0")
    yield Row("recording", "a million lines, the record", size, "MB", "< 2")


def _plainly(path: Path) -> float:
    process = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, check=True)
    return float(process.stdout.splitlines()[-1])


def _printed(record: Record) -> float:
    assert record.error is None, record.error
    return float(record.prints[-1].text)


if __name__ == "__main__":
    sys.exit(main(measure, __doc__))
