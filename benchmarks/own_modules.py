"""``python -m benchmarks.own_modules [--json]``: how long a reader's own module takes until its step is shown.

A module is built, tried in a process of its own as the page does first, taken step by step, described, and
packed for the browser: all that the server does between the file and the picture. The helper process is warm, as it
is on a server that is up.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.report import Row, main
from core import isolation
from core.live.instrument import Ask
from core.live.lenet.source import Source
from core.live.lenet.walk_header import walk_message
from core.message import pack
from core.walk import own_module, trial_run
from core.walk.setup import Choice

NAME = "own_modules"
TIMES = 3
LONG = """
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(8))

    def forward(self, x):
        for _ in range(2000):
            x = x * self.scale
            x = x + 0.001
        return x
"""
MOBILENET = """
from torchvision.models import mobilenet_v3_small

Net = mobilenet_v3_small(num_classes=10)
"""
MODULES = (  # what it is, its file, its input, its target in seconds
    ("4,000 operations", LONG, "2,8", "< 5"),
    ("torchvision's mobilenet_v3_small", MOBILENET, "1,3,64,64", "< 3"),
)


def seconds(source: str, input_text: str) -> float:
    """Return the seconds from the file to the packed message of its step; the file is written each time."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "net.py"
        file.write_text(source, encoding="utf-8")
        start = time.perf_counter()
        own = own_module.from_command_line(["--module", f"{file}:Net", "--input", input_text])
        assert own is not None
        choice = Choice("own", input="randn", loss="mse_random")
        isolation.call(trial_run.run, own, choice, None, limits=trial_run.LIMITS)
        step = Source("own", own=own).take(choice)
        header, numbers = walk_message(step, Ask({}))
        pack(dict(header), numbers)
        return time.perf_counter() - start


def rows() -> Iterator[Row]:
    """Show each module some times and yield the median of its seconds."""
    isolation.prepare()
    for name, source, input_text, target in MODULES:
        durations = [seconds(source, input_text) for _ in range(TIMES + 1)][1:]
        yield Row(NAME, f"{name} shown, p50", statistics.median(durations), "s", target)


if __name__ == "__main__":
    sys.exit(main(rows, __doc__))
