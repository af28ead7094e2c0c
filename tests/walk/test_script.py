"""The exported script runs by itself and prints the very numbers of the walk."""

from __future__ import annotations

import random
import re
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch

from core.errors import InvalidSetting
from core.export import convolution_script, own_code, training_script, walk_script, what_if_script
from core.networks import stack
from core.switches import keep_switches
from core.training.config import TrainConfig
from core.walk import setup, walk, what_if
from core.walk.setup import Choice
from tests.own import from_file

CHOICES = {
    "lenet5": {},
    "lenet3 by hand": {"network": "lenet3", "optimizer": "hand", "loss": "cross_entropy"},
    "mnist with dropout, digit, Adam": {
        "network": "mnist",
        "input": "digit",
        "loss": "nll",
        "optimizer": "adam",
        "steps_before": 2,
        "input_grad": True,
    },
    "backward of random numbers": {"loss": "backward", "optimizer": "nesterov"},
    "one-hot, eval mode": {"network": "mnist", "training": False, "loss": "mse_onehot", "optimizer": "rmsprop"},
    "two layers": {"network": "two_layers"},
    "a stack with batch norm": {
        "network": "stack:1x6x6~conv-o2-k3-psame~norm~relu~flatten~linear-i72-o10",
        "steps_before": 1,
    },
    "a stack": {"network": "stack:1x12x12~conv-o3-k3~relu~max-k2~flatten", "optimizer": "momentum"},
}


def printed_by(program: str) -> list[str]:
    lines: list[str] = []
    with torch.random.fork_rng(devices=[]):
        exec(program, {"__name__": "exported", "print": lambda *what: lines.append(" ".join(map(str, what)))})
    return lines


@pytest.mark.parametrize("name", CHOICES)
def test_the_script_prints_every_intermediate_of_the_walk(name: str) -> None:
    prepared = setup.prepare(Choice(**CHOICES[name]))
    this_walk = walk.take(prepared)
    program = walk_script.script(prepared)
    lines = printed_by(program)
    expect = partial(_has, lines)
    record = this_walk.record
    for operation in record.operations:
        if operation.outputs[0] not in (number for _, number in operation.inputs):
            expect(operation.call.output)
            if operation.outputs[0] in record.gradients:  # a counter has none
                expect(record.gradients[operation.outputs[0]])
    for parameter, before in this_walk.before.items():
        expect(before, parameter)
        expect(record.grads[parameter], f"{parameter}.grad")
        expect(this_walk.after[parameter], f"{parameter} afterwards")
    if this_walk.loss_after is not None:
        assert float(lines[-1].split("[")[1].rstrip("]")) == this_walk.loss_after


@pytest.mark.parametrize("name", CHOICES)
def test_the_lines_of_a_what_if_print_what_follows_on_the_page(name: str) -> None:
    this_walk = walk.take(setup.prepare(Choice(**CHOICES[name])))
    record = this_walk.record
    result = next(op.outputs[0] for op in record.operations if what_if.can_change(record, op.outputs[0]))
    weight = next(iter(record.parameters.values()))
    changes = [what_if.Change(0, 7, 2.5), what_if.Change(weight, 1, -0.75), what_if.Change(result, 3, 1.25)]
    supposed = what_if.take(this_walk, changes).walk
    program = what_if_script.script(this_walk, changes)
    assert "input[" in program and "= -0.75" in program and ": 1.25" in program
    lines = [line for line in printed_by(program) if line.startswith(("what if", "difference"))]
    numbers = [float(text) for text in lines[0].split("[")[1].rstrip("]").split(",")]
    output = supposed.record.values[record.output].tensor
    assert numbers == pytest.approx(output.flatten()[:4].tolist(), rel=1e-5, abs=1e-7)
    if supposed.loss is not None and this_walk.loss is not None:
        assert float(lines[1].split("[")[1].rstrip("]")) == pytest.approx(supposed.loss, rel=1e-5)
        assert float(lines[2].split()[-1]) == pytest.approx(supposed.loss - this_walk.loss, abs=1e-5)
    assert what_if_script.script(this_walk, ()) == walk_script.script(this_walk.setup)


def _has(lines: list[str], tensor: torch.Tensor, name: str = "") -> None:
    text = f"{tuple(tensor.shape)!s:18} {tensor.flatten()[:4].tolist()}"
    assert any(line.endswith(text) and line.startswith(name) for line in lines), (name, text)


OWN = """
from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import nn


class Block(nn.Module):
    def __init__(self, out):
        super().__init__()
        self.a = nn.Linear(4, out)

    def forward(self, x):
        return self.a(x) * math.sqrt(SCALE)


SCALE = float(torch.rand(()))


class Net(nn.Module):
    def __init__(self, out=3):
        super().__init__()
        self.block, self.unused = Block(out), nn.Linear(2, 2)

    def forward(self, x: torch.Tensor, y: torch.Tensor | None = None):
        z = torch.dropout(self.block(x), 0.5, self.training)
        return z if y is None else z + y


class Many(Net):
    def forward(self, x):
        return {"logits": self.block(x), "other": 3}


class Greedy(Net):
    def forward(self, x):
        return self.block(x.mul_(2))


class Embedded(nn.Module):
    def __init__(self):
        super().__init__()
        self.e = nn.Embedding(6, 4, sparse=True)

    def forward(self, x):
        return self.e(x).mean(1)


def factory():
    return nn.Sequential(Block(4), nn.Tanh())


def seven():
    return Net(7)


class Twice(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, y):
        return 2 * x * y

    @staticmethod
    def backward(ctx, g):
        return 2 * g, None


class Halved(Net):
    def forward(self, x):
        return Twice.apply(self.block(x), self.block(x).tanh())


class EachRow(Net):
    def forward(self, x):
        return torch.vmap(lambda row: torch.tanh(self.block(row)))(x)


instance = nn.Sequential(nn.Linear(4, 2), nn.Softmax(1))
lazy = lambda: nn.Sequential(nn.LazyLinear(3), nn.BatchNorm1d(3))

if __name__ == "__main__":
    raise SystemExit("this part is for the file alone")
"""

OWN_CHOICES = {
    "a class": ("Net", ["2,4"], {}),
    "a class by hand, where a layer is unused": ("Net", ["2,4"], {"optimizer": "hand", "steps_before": 2}),
    "a class with arguments": ("Net(5)", ["2,4"], {"optimizer": "momentum"}),
    "a factory that calls it with an argument": ("seven", ["2,4"], {}),
    "a factory of a Sequential": ("factory", ["2,4"], {"loss": "cross_entropy"}),
    "a module that is there already": ("instance", ["2,4"], {}),
    "two inputs": ("Net", ["2,4", "2,3"], {"input_grad": True}),
    "one of several tensors": ("Many", ["2,4"], {"loss": "backward"}),
    "an input that is changed": ("Greedy", ["2,4"], {}),
    "whole numbers": ("Embedded", ["2,5:int64"], {}),
    "another dtype": ("lambda_double", ["2,4:float64"], {}),
    "a function that returns no gradient": ("Halved", ["2,4"], {}),
    "vmap": ("EachRow", ["2,4"], {}),
    "lazy layers": ("lazy", ["2,4"], {}),
}


def script_of(folder: Path, source: str, name: str, inputs: list[str], **choice: object) -> tuple[walk.Walk, str]:
    prepared = setup.prepare(Choice("own", **choice), own=from_file(folder, source, name, *inputs))
    this_walk = walk.take(prepared)
    return this_walk, walk_script.script(prepared)


def agrees(this_walk: walk.Walk, lines: list[str]) -> None:
    for parameter, before in this_walk.before.items():
        _has(lines, before, parameter)
        _has(lines, this_walk.after[parameter], f"{parameter} afterwards")
        grad = this_walk.record.grads[parameter]
        if grad is not None:
            _has(lines, walk.dense(grad), f"{parameter}.grad")
    if this_walk.loss_after is not None:
        assert float(lines[-1].split("[")[1].rstrip("]")) == this_walk.loss_after


@pytest.mark.parametrize("name", OWN_CHOICES)
def test_the_script_of_a_module_of_your_own_runs_alone(tmp_path: Path, name: str) -> None:
    called, inputs, choice = OWN_CHOICES[name]
    source = OWN + "\nlambda_double = lambda: Net().double()\n"
    this_walk, program = script_of(tmp_path, source, called, inputs, **choice)
    (tmp_path / "my_net.py").unlink()
    assert "class Block" in program and "word for word" in program
    agrees(this_walk, printed_by(program))


DRAWS = """
import random
import numpy as np
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.from_numpy(np.random.randn(4, 3)).float() * random.random())

    def forward(self, x):
        return x @ self.w * random.random() + torch.tensor(np.random.rand(3)).float()
"""


def test_python_and_numpy_draw_the_same_numbers_in_each_pass_and_in_the_script(tmp_path: Path) -> None:
    states = random.getstate(), np.random.get_state()[1].tolist()
    this_walk, program = script_of(tmp_path, DRAWS, "Net", ["2,4"], steps_before=1, lr=0.0, optimizer="hand")
    assert (random.getstate(), np.random.get_state()[1].tolist()) == states
    assert this_walk.loss == this_walk.loss_after
    agrees(this_walk, printed_by(program))


COMPILED = """
import torch
from torch import nn

class Chooses(nn.Linear):
    def forward(self, x):
        return torch.cond(x.sum() > 0, super().forward, lambda v: v @ self.weight.T * 2, (x,))

class Compiles(nn.Linear):
    @torch.compile(backend="eager")
    def half(self, x):
        return torch.relu(x) / 2
    def forward(self, x):
        return self.half(super().forward(x))
"""


@pytest.mark.heavy
@pytest.mark.parametrize("name", ["Chooses(4, 3)", "Compiles(4, 3)"])
def test_the_script_of_what_torch_compiles_prints_the_same(tmp_path: Path, name: str) -> None:
    this_walk, program = script_of(tmp_path, COMPILED, name, ["2,4"])
    agrees(this_walk, printed_by(program))


@pytest.mark.parametrize("steps_before", [0, 2])
def test_a_forward_that_is_cached_is_computed_again_in_each_pass_as_in_the_script(
    tmp_path: Path, steps_before: int
) -> None:
    source = """
import functools
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 3)

    @functools.lru_cache
    def forward(self, x):
        return self.a(x)
"""
    this_walk, program = script_of(tmp_path, source, "Net", ["2,4"], steps_before=steps_before)
    assert ["caches a method" in note for note in this_walk.setup.own.notes] == [True]
    agrees(this_walk, printed_by(program))


def test_a_file_that_sets_the_default_dtype_gets_a_script_with_the_same_input(tmp_path: Path) -> None:
    source = """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        torch.set_default_dtype(torch.float64)
        self.a = nn.Linear(4, 3)

    def forward(self, x):
        return self.a(x.double())
"""
    this_walk, program = script_of(tmp_path, source, "Net", ["2,4"])
    with keep_switches():
        agrees(this_walk, printed_by(program))


def test_a_file_that_needs_its_neighbours_is_imported_and_the_script_says_so(tmp_path: Path) -> None:
    (tmp_path / "some_blocks.py").write_text("from torch import nn\nclass Block(nn.Linear):\n    pass\n")
    source = "from some_blocks import Block\ndef net():\n    return Block(4, 3)\n"
    this_walk, program = script_of(tmp_path, source, "net", ["2,4"])
    assert "needs my_net.py and some_blocks.py" in program
    path, names = list(sys.path), set(sys.modules)
    try:
        agrees(this_walk, printed_by(program))
    finally:
        sys.path[:] = path
        for name in set(sys.modules) - names | {"some_blocks"}:
            sys.modules.pop(name, None)


@pytest.mark.parametrize(
    "source",
    [
        "from torch import nn\nshow = 3\nclass Net(nn.Linear):\n    pass\n",
        "from torch import nn\ndef loss(x):\n    return x\nNet = nn.Linear\n",
        "from torch import nn\nfrom math import pi as p\nNet = nn.Linear\n",
    ],
)
def test_a_file_that_uses_the_scripts_own_names_is_imported(tmp_path: Path, source: str) -> None:
    module = from_file(tmp_path, source, "Net(4, 3)", "2,4")
    assert not own_code.can_be_pasted(module)


def test_a_built_network_with_padding_same_is_a_program_in_every_script() -> None:
    text = "1x28x28~conv-o2-k3-psame~relu~flatten~linear-i1568-o10"
    network = stack.parse(text)
    programs = [
        walk_script.script(walk.take(setup.prepare(Choice(f"stack:{text}"))).setup),
        convolution_script.stack_script(network, 0),
        training_script.network_code(TrainConfig(network=f"stack:{text}")),
    ]
    for program in programs:
        compile(program, "script", "exec")
        assert "padding='same'" in program
    code = programs[-1].replace("print(network)", "").replace("network.to(device, ", "network.to('cpu', ")
    names: dict[str, object] = {"torch": torch, "nn": torch.nn, "random_seed": 1, "device": "cpu"}
    with torch.random.fork_rng(devices=[]):
        exec(code, names)
    expected = network.build(seed=1)
    assert all(torch.equal(a, b) for a, b in zip(names["network"].parameters(), expected.parameters(), strict=True))


SEVERAL = """
import torch
import torch.nn.functional as F
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 6)

    def forward(self, x):
        y = F.linear(input=x, weight=self.a.weight, bias=self.a.bias)
        first, second = y.chunk(2, 1)
        return first * second + y.max(1, keepdim=True).values + y.sort(1)[0][:, :3]
"""


def test_each_of_several_results_is_printed_and_one_of_a_call_with_keywords_can_be_changed(tmp_path: Path) -> None:
    this_walk, program = script_of(tmp_path, SEVERAL, "Net", ["2,4"])
    lines, record = printed_by(program), this_walk.record
    results = [record.values[number] for operation in record.operations for number in operation.outputs]
    for value in results:
        _has(lines, value.tensor)
    for value in results:
        if what_if.can_change(record, value.id):
            changes = [what_if.Change(value.id, 0, 2.5)]
            supposed = what_if.take(this_walk, changes).walk
            assert loss_if(this_walk, changes) == pytest.approx(supposed.loss, rel=1e-5)


def loss_if(this_walk: walk.Walk, changes: list[what_if.Change]) -> float:
    """Run the program of a what-if and return the loss that it prints at its end."""
    lines = printed_by(what_if_script.script(this_walk, changes))
    line = next(line for line in lines if line.startswith("what if: loss"))
    return float(line.split("[")[1].rstrip("]"))


CHANGING = """
import random
import torch
from torch import nn

class Base(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.w = nn.Linear(4, 3), nn.Parameter(torch.randn(3, 2))
        self.count, self.state = 1, torch.zeros(2, 2)
        self.register_buffer("mean", torch.zeros(3))
    def forward(self, x):
        return self.a(x) @ self.w

class Normed(Base):
    def forward(self, x):
        with torch.no_grad():
            self.w.div_(self.w.norm())
        return super().forward(x)

class HalvedAfterwards(Base):
    def forward(self, x):
        y = super().forward(x)
        with torch.no_grad():
            self.a.bias.mul_(0.5)
        return y

class Running(Base):
    def forward(self, x):
        y = self.a(x)
        with torch.no_grad():
            self.mean = 0.9 * self.mean + 0.1 * y.mean(0)
        return (y - self.mean) @ self.w

class Counts(Base):
    def forward(self, x):
        self.count += 1
        return super().forward(x) * self.count

class Remembers(Base):
    def forward(self, x):
        self.state = torch.tanh(super().forward(x) + self.state.detach())
        return self.state

class Spectral(Base):
    def __init__(self):
        super().__init__()
        self.a = nn.utils.spectral_norm(self.a)

class Doubles(Base):
    def forward(self, x):
        return super().forward(x.mul_(2))

class DoublesInNumPy(Base):
    def forward(self, x):
        x.numpy()[:] *= 2
        return super().forward(x)

class Draws(Base):
    def forward(self, x):
        return super().forward(x) * random.random()

class Clips(Base):
    def forward(self, x):
        self.w.data.clamp_(-0.5, 0.5)
        return super().forward(x)

class Uncopied(Base):
    def __deepcopy__(self, memo):
        raise TypeError("not today")
"""
CHANGING_NAMES = re.findall(r"class (\w+)\(Base\)", CHANGING)


@pytest.mark.parametrize("steps_before", [0, 1])
@pytest.mark.parametrize("name", [name for name in CHANGING_NAMES if name != "Uncopied"])
def test_the_what_if_of_a_module_that_its_forward_pass_changes_is_that_of_the_page(
    tmp_path: Path, name: str, steps_before: int
) -> None:
    this_walk, _program = script_of(tmp_path, CHANGING, name, ["2,4"], steps_before=steps_before)
    record, compared = this_walk.record, 0
    for value in record.values:
        changes = [what_if.Change(value.id, 0, 1.5)]
        try:
            supposed = what_if.take(this_walk, changes).walk
        except InvalidSetting:
            continue
        assert loss_if(this_walk, changes) == pytest.approx(supposed.loss, rel=1e-5), (value.kind, value.name)
        compared += 1
    assert compared >= 4


def test_what_was_written_unseen_into_a_weight_refuses_the_what_if_that_reaches_it(tmp_path: Path) -> None:
    this_walk, _program = script_of(tmp_path, CHANGING, "Clips", ["2,4"])
    weights = [value.id for value in this_walk.record.values if value.name == "w"]
    assert len(weights) == 2
    for number in weights:
        with pytest.raises(InvalidSetting, match=r"clamp cannot run again|a number of w cannot be changed"):
            what_if.take(this_walk, [what_if.Change(number, 0, 1.5)])
    this_walk, _program = script_of(tmp_path, CHANGING, "DoublesInNumPy", ["2,4"])
    with pytest.raises(InvalidSetting, match="input cannot run again"):
        what_if.take(this_walk, [what_if.Change(0, 0, 1.5)])


def test_the_script_says_that_a_network_which_python_cannot_copy_has_no_what_if(tmp_path: Path) -> None:
    this_walk, program = script_of(tmp_path, CHANGING, "Uncopied", ["2,4"])
    with_what_if = what_if_script.script(this_walk, [what_if.Change(0, 0, 1.5)])
    assert with_what_if.startswith(program) and "Python cannot copy this network" in with_what_if
    agrees(this_walk, printed_by(with_what_if))
