"""Outputs that are compared with labels of other rows are found; those that belong together, or may, are not."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from core.script.program_record import Record
from core.script.run import Runner

BEGIN = """import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
n = 64
x = torch.randn(n, 4)
y = (x[:, 0] > 0).long()
total = x.sum(1)
net = nn.Linear(4, {outputs})
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
"""
STEP = """
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""
# What the program does -> its lines up to the loss, and how many samples of how many have their own label.
APART = {
    "the inputs alone, once": (
        "x = x[torch.randperm(n)]\nfor step in range(3):\n    loss = F.cross_entropy(net(x), y)",
        192,
    ),
    "the labels alone": (
        "y = y[torch.randperm(n)]\nfor step in range(3):\n    loss = F.cross_entropy(net(x), y)",
        192,
    ),
    "the inputs of a data set": (
        "x = x[torch.randperm(n)]\nfor a, b in DataLoader(TensorDataset(x, y), 16):\n"
        "    loss = F.cross_entropy(net(a), b)",
        64,
    ),
    "always the first labels": (
        "for i in range(0, n, 16):\n    loss = F.cross_entropy(net(x[i:i + 16]), y[:16])",
        48,
    ),
    "labels of the next batch": (
        "for i in range(0, 48, 16):\n    loss = F.cross_entropy(net(x[i:i + 16]), y[i + 16:i + 32])",
        48,
    ),
    "two indices": (
        "for step in range(4):\n    i, j = torch.randint(n, (16,)), torch.randint(n, (16,))\n"
        "    loss = F.cross_entropy(net(x[i]), y[j])",
        64,
    ),
    "a split of one of both": (
        "order = torch.randperm(n)\na, b = x[order[:40]], y[:40]\nfor step in range(3):\n"
        "    loss = F.cross_entropy(net(a), b)",
        120,
    ),
    "batches of what was shuffled": (
        "a = x[torch.randperm(n)]\nfor i in range(0, n, 16):\n"
        "    loss = F.cross_entropy(net(a[i:i + 16]), y[i:i + 16])",
        64,
    ),
    "a loss by hand": (
        "for step in range(4):\n    a = x[torch.randperm(n)]\n    loss = ((net(a).squeeze(1) - total) ** 2).mean()",
        256,
    ),
    "a network by hand": (
        "del net\nw = torch.zeros(4, requires_grad=True)\noptimizer = torch.optim.SGD([w], lr=0.1)\n"
        "for step in range(4):\n    a = x[torch.randperm(n)]\n    loss = ((a @ w - total) ** 2).mean()",
        256,
    ),
}
TOGETHER = {
    "scaled between": "for step in range(3):\n    p = torch.randperm(n)\n    a = x[p]\n    a = a / 2\n"
    "    b = y[p]\n"
    "    loss = F.cross_entropy(net(a), b)",
    "targets of what was shuffled": "w = torch.randn(4, 2)\nfor step in range(3):\n    a = x[torch.randperm(n)]\n"
    "    loss = F.mse_loss(net(a), a @ w)",
    "two mixed": "for step in range(3):\n    p = torch.randperm(n)\n    out = net(0.6 * x + 0.4 * x[p])\n"
    "    loss = 0.6 * F.cross_entropy(out, y) + 0.4 * F.cross_entropy(out, y[p])",
    "a part of another sample": "for step in range(3):\n    p = torch.randperm(n)\n    a = x.clone()\n"
    "    a[:, :2] = x[p, :2]\n    out = net(a)\n"
    "    loss = F.cross_entropy(out, y) + F.cross_entropy(out, y[p])",
    "what comes later": "for i in range(0, 48, 8):\n"
    "    loss = F.mse_loss(net(x[i:i + 8])[:, 0], total[i + 3:i + 11])",
    "what comes much later": "for i in range(0, 32, 8):\n"
    "    loss = F.mse_loss(net(x[i:i + 8])[:, 0], total[i + 24:i + 32])",
    "noise that is taken away": "net = nn.Linear(4, 4)\noptimizer = torch.optim.SGD(net.parameters(), lr=0.1)\n"
    "for step in range(3):\n    a = x[torch.randperm(n)]\n    loss = F.mse_loss(net(a + torch.randn_like(a)), a)",
    "a teacher": "teacher = nn.Linear(4, 2)\nfor step in range(3):\n    a = x[torch.randperm(n)]\n"
    "    with torch.no_grad():\n        b = teacher(a)\n    loss = F.mse_loss(net(a), b)",
    "nodes of a graph": "mask = torch.rand(n) < 0.5\nfor step in range(3):\n"
    "    loss = F.cross_entropy(net(x)[mask], y[mask])",
    "labels that are all one": "ones = torch.ones(n, 1)\nfor step in range(3):\n"
    "    loss = F.binary_cross_entropy_with_logits(net(x[torch.randperm(n)]), ones)",
    "sorted": "order = x[:, 0].argsort()\na, b = x[order], y[order]\nfor i in range(0, n, 16):\n"
    "    loss = F.cross_entropy(net(a[i:i + 16]), b[i:i + 16])",
    "labels for a comparison": "wrong = y[torch.randperm(n)]\nfor step in range(3):\n"
    "    loss = F.cross_entropy(net(x), wrong)",
}


def run(runner: Runner, folder: Path, text: str) -> Record:
    program = folder / "program.py"
    begin = BEGIN.format(outputs=1 if "total" in text or "ones" in text else 2)
    program.write_text(begin + textwrap.dedent(text) + STEP, encoding="utf-8")
    record = runner.run(program)
    assert record.error is None and not record.troubles, (record.error, record.troubles)
    return record


@pytest.mark.parametrize("what", APART)
def test_labels_of_other_rows_are_found_and_counted(runner: Runner, tmp_path: Path, what: str) -> None:
    text, count = APART[what]
    (finding,) = run(runner, tmp_path, text).findings
    assert finding.key == "labels_shuffled" and finding.line > BEGIN.count("\n")
    values = dict(finding.evidence.values)
    assert values["count"] == count and 0 <= int(str(values["same"])) < count


@pytest.mark.parametrize("what", TOGETHER)
def test_nothing_is_said_of_rows_that_may_belong_together(runner: Runner, tmp_path: Path, what: str) -> None:
    assert run(runner, tmp_path, TOGETHER[what]).findings == ()
