"""Lists and arrays that are shuffled apart are found, whatever shuffles them; those in one order are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.script.program_record import Record
from core.script.run import Runner

BEGIN = """import random
from random import shuffle

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader

torch.manual_seed(0), random.seed(0), np.random.seed(0)
rng, mine = np.random.default_rng(0), random.Random(0)
x = np.stack([np.arange(30), np.ones(30)], 1).astype("float32")
y = (np.arange(30) % 3).astype("int64")
first = np.arange(30)  # where each row stood
"""
LISTS = "x, y = x.tolist(), y.tolist()\n"
END = """
model = nn.Linear(2, 3)
inputs, targets = torch.tensor(np.array(x)).float(), torch.tensor(np.array(y))
nn.functional.cross_entropy(model(inputs), targets).backward()
"""
APART = {
    "NumPy, the inputs alone": "np.random.shuffle(x)",
    "NumPy, the labels alone": "np.random.shuffle(y)",
    "a generator, both": "rng.shuffle(x)\nrng.shuffle(y)",
    "a generator, along an axis": "rng.shuffle(x, axis=0)",
    "lists, both": LISTS + "random.shuffle(x)\nrandom.shuffle(y)",
    "a function of its own name": LISTS + "shuffle(x)",
    "a generator of Python": LISTS + "mine.shuffle(x)",
    "inside of a function": LISTS + "def prepare(x, y):\n    random.shuffle(x)\n    return x, y\nprepare(x, y)",
    "two permutations": "x = x[np.random.permutation(len(x))]\ny = y[np.random.permutation(len(y))]",
    "two permutations of a generator": "one, two = rng.permutation(30), rng.permutation(30)\nx, y = x[one], y[two]",
    "two loaders": "for a, b in zip(DataLoader(torch.tensor(x), 5, shuffle=True), DataLoader(y.tolist(), 5,"
    " shuffle=True)):\n    nn.functional.cross_entropy(nn.Linear(2, 3)(a), b)",
}
TOGETHER = {
    "the same seed": "np.random.seed(1)\nnp.random.shuffle(x)\nnp.random.seed(1)\nnp.random.shuffle(y)",
    "the same state": LISTS + "state = random.getstate()\nrandom.shuffle(x)\nrandom.setstate(state)\n"
    "random.shuffle(y)",
    "pairs": LISTS + "both = list(zip(x, y))\nrandom.shuffle(both)\nx, y = map(list, zip(*both))",
    "pairs in a loop": LISTS + "both = list(zip(x, y))\nrandom.shuffle(both)\nfor row, label in both:\n    pass",
    "an index": "order = np.arange(30)\nnp.random.shuffle(order)\nx, y = x[order], y[order]",
    "one permutation": "order = rng.permutation(30)\nx = x[order]\ny = y[order]",
    "labels made after": LISTS + "random.shuffle(x)\ny = [int(row[0]) % 3 for row in x]",
    "two classes": "cats, dogs = [[0.0, 1.0]] * 9, [[1.0, 0.0]] * 9\nrandom.shuffle(cats)\nrandom.shuffle(dogs)",
    "a class of the program": LISTS + "class Deck:\n    def shuffle(self, x):\n        x.sort()\nDeck().shuffle(x)",
    "one loader": LISTS + "for a, b in DataLoader(list(zip(x, y)), 5, shuffle=True):\n    pass",
    "two loaders of inputs": "for a, b in zip(DataLoader(torch.tensor(x), 5, shuffle=True),"
    " DataLoader(torch.tensor(x) * 2, 5, shuffle=True)):\n    pass",
}


def run(runner: Runner, folder: Path, text: str) -> Record:
    program = folder / "program.py"
    program.write_text(BEGIN + text + END, encoding="utf-8")
    record = runner.run(program)
    assert record.error is None and not record.troubles, (record.error, record.troubles)
    return record


@pytest.mark.parametrize("how", APART)
def test_inputs_and_labels_in_two_orders_are_found(runner: Runner, tmp_path: Path, how: str) -> None:
    record = run(runner, tmp_path, APART[how])
    assert {finding.key for finding in record.findings} == {"labels_shuffled"}, record.findings
    assert record.findings[0].line > BEGIN.count("\n")


@pytest.mark.parametrize("how", TOGETHER)
def test_nothing_is_said_where_both_have_one_order(runner: Runner, tmp_path: Path, how: str) -> None:
    assert run(runner, tmp_path, TOGETHER[how]).findings == ()


@pytest.mark.parametrize(
    "call", ["np.random.shuffle({})", "rng.shuffle({})", "random.shuffle({})", "mine.shuffle({})"]
)
def test_how_many_keep_their_label_is_counted_and_the_numbers_stay_those_of_the_seed(
    runner: Runner, tmp_path: Path, call: str
) -> None:
    lists = "" if "np" in call or "rng" in call else LISTS
    again = {"np": "np.random.RandomState(0)", "rn": "np.random.default_rng(0)"}.get(call[:2], "random.Random(0)")
    record = run(
        runner,
        tmp_path,
        f"{lists}{call.format('x')}\nprint(sum(int(row[0]) == n for n, row in enumerate(x)))\n"
        f"fresh = {again}\nfresh.shuffle(first)\nprint(list(first) == [int(row[0]) for row in x])",
    )
    same, is_equal = [line.text.strip() for line in record.prints]
    assert dict(record.findings[0].evidence.values)["same"] == int(same)
    assert is_equal == "True"
