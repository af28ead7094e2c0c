"""Optimizers train to the same bits without torch's compiler, and it comes when something is compiled."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

PROGRAM = """
import inspect, json, sys
import torch
from torch import nn
from core import lazy_compiler

def train(kind):
    torch.manual_seed(0)
    network = nn.Linear(3, 2)
    optimizer = getattr(torch.optim, kind)(network.parameters(), lr=0.1)
    schedule = torch.optim.lr_scheduler.StepLR(optimizer, 1)
    for _ in range(3):
        optimizer.zero_grad()
        network(torch.ones(1, 3)).square().sum().backward()
        optimizer.step()
        schedule.step()
    optimizer.load_state_dict(optimizer.state_dict())
    return network.weight.tolist()

KINDS = ("SGD", "RMSprop", "Adam", "AdamW", "Adagrad")
lazy_compiler.install()
without = [train(kind) for kind in KINDS]
inspect.getmodule(train)  # looks through all modules
before = [lazy_compiler.is_imported(), "torch._dynamo.eval_frame" in sys.modules]
graphs = []
def backend(graph, _inputs):
    graphs.append(graph)
    return graph.forward
if sys.argv[1] == "submodule":
    import torch._dynamo.config
    assert torch._dynamo.config.verbose in (False, True)
answer = torch.compile(lambda x: x + 1, backend=backend)(torch.ones(1)).tolist()
lazy_compiler.install()  # too late: it is there
after = lazy_compiler.is_imported()
print(json.dumps([without == [train(kind) for kind in KINDS], before, answer, len(graphs), after]))
"""


def run(program: str, *arguments: str) -> Any:
    """Run a program in a Python of its own and return what it prints last."""
    command = [sys.executable, "-c", program, *arguments]
    process = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(process.stdout.splitlines()[-1])


@pytest.mark.parametrize("way", ["compile", "submodule"])
def test_optimizers_do_without_the_compiler_and_it_comes_when_something_is_compiled(way: str) -> None:
    same, before, answer, graphs, after = run(PROGRAM, way)
    assert before == [False, False]
    assert (answer, graphs, after) == ([2.0], 1, True)
    assert same


WORKER = """
import json, sys
from core.training import worker

def say(**message):
    slow = [name for name in ("torch._dynamo.eval_frame", "torchvision", "sklearn", "scipy") if name in sys.modules]
    print(json.dumps([message, "torch" in sys.modules, slow]), flush=True)
worker.say = say
worker.listen = lambda commands, warm: warm.wait() and commands.put(worker.LEAVE)
sys.argv = ["worker", "--standby"]
worker.main()
"""


def test_a_worker_is_ready_without_the_compiler_and_packages_that_it_reads_a_file_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = os.environ.get("STEPWISE_DATA", str(ROOT / "data"))
    for folder in {usual, str(tmp_path)}:  # MNIST where it is there, and the built-in digits
        monkeypatch.setenv("STEPWISE_DATA", folder)
        assert run(WORKER) == [{"ready": True}, True, []]
