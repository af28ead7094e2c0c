"""Your own module comes from the command line, and whatever is wrong with it is said in a sentence."""

from __future__ import annotations

import builtins
import importlib
import sys
from pathlib import Path

import pytest
import torch
from torch import nn

from core.errors import InvalidSetting
from core.walk import inputs, own_module, setup, walk
from core.walk.inputs import InputSpec
from core.walk.setup import Choice
from pages.shared import imports
from tests.own import from_file

FILE = """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(6, 4)

    def forward(self, x):
        for _ in range(2):
            x = torch.tanh(self.a(x)).repeat(1, 2)[:, :6]
        return x

def broken():
    raise RuntimeError("no luck")

number = 3
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "my_net.py").write_text(FILE)
    return tmp_path / "my_net.py"


def test_a_file_and_a_name_become_a_seeded_module_that_can_be_walked(file: Path) -> None:
    own = own_module.from_command_line(["--module", f"{file}:Net", "--input", "2,6"])
    assert own == own_module.Own(file, "Net", (InputSpec((2, 6)),))
    whole = ["run", "app.py", "--server.port=1", "--", "--module", f"{file}:Net", "--input", "2,6"]
    assert own_module.from_command_line(whole) == own
    first, second = own_module.build(own, seed=1), own_module.build(own, seed=1)
    assert torch.equal(first.network.a.weight, second.network.a.weight)
    this_walk = walk.take(setup.prepare(Choice(network="own"), own=first))
    names = [operation.name for operation in this_walk.record.operations]
    assert names == ["linear", "tanh", "repeat", "getitem"] * 2 + ["mse_loss"]
    tanh, repeat = this_walk.steps[2], this_walk.steps[3]
    compared = walk.check(this_walk, tanh)
    assert compared is not None and compared.fine
    assert (
        walk.check(this_walk, repeat) is None
    )  # values and gradients are there, the arithmetic is not written out


def test_without_the_option_there_is_none() -> None:
    assert own_module.from_command_line(["--other", "x"]) is None


@pytest.mark.parametrize(
    "arguments",
    [
        ["--module"],
        ["--module", "net.py"],
        ["--module", "a.py:N"],
        ["--module", "a.py:N", "--input", "1,x"],
        ["--module", "a.py:N", "--input", "1,4:int65"],
        ["--module", "a.py:N", "--input", "1,4", "--input", ""],
        ["--module", "a.py:N(3", "--input", "1,4"],
    ],
)
def test_an_unclear_command_line_is_refused(arguments: list[str]) -> None:
    with pytest.raises(InvalidSetting):
        own_module.from_command_line(arguments)


@pytest.mark.parametrize(
    ("name", "sentence"), [("broken", "no luck"), ("number", "not an nn.Module"), ("gone", "there is no gone")]
)
def test_a_name_that_gives_no_module_is_refused(file: Path, name: str, sentence: str) -> None:
    with pytest.raises(InvalidSetting, match=sentence):
        own_module.build(own_module.Own(file, name, (InputSpec((1,)),)), seed=0)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidSetting, match="no file"):
        own_module.build(own_module.Own(tmp_path / "none.py", "Net", (InputSpec((1,)),)), seed=0)


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "net.py is empty"),
        (b"<!DOCTYPE html><html>class Net", "net.py is a web page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "net.py is a Git LFS pointer"),
        (b'{"cells": [], "nbformat": 4}', "net.py is of the format Jupyter notebook, not a Python file"),
    ],
)
def test_a_file_that_is_no_python_is_told_for_what_it_is(content: bytes, words: str, tmp_path: Path) -> None:
    (tmp_path / "net.py").write_bytes(content)
    with pytest.raises(InvalidSetting) as refused:
        own_module.build(own_module.Own(tmp_path / "net.py", "Net", (InputSpec((1, 6)),)), 0)
    assert str(refused.value).startswith(words)


LAYERS = """
from dataclasses import dataclass
import sys, torch
import torch.nn.functional as F
from torch import nn

class Base(nn.Module):
    def __init__(self, out=3):
        super().__init__()
        self.a = nn.Linear(4, out)
    def forward(self, x):
        return self.a(x)

class Wide(Base):
    def forward(self, x):
        return self.a(torch.cat([x, x], 1))

class Channels(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 2, 3)
    def forward(self, x):
        return self.c(x)

class InPlace(Base):
    def forward(self, x):
        h = torch.sigmoid(self.a(x))
        h += 1
        return h

class Leaf(Base):
    def forward(self, x):
        self.a.weight += 1
        return self.a(x)

class Listed(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [nn.Linear(4, 4)]
    def forward(self, x):
        return self.layers[0](x)

class Bare(nn.Module):
    def forward(self, x):
        return x * 2

class Numpy(Base):
    def forward(self, x):
        return torch.from_numpy(self.a(x).numpy())

class Detached(Base):
    def forward(self, x):
        return self.a(x).argmax(1)

class Kept(Base):
    state = torch.zeros(1, 4)
    def __init__(self):
        super().__init__(4)
    def forward(self, x):
        self.state = torch.tanh(self.a(x + self.state))
        return self.state

class Norm(Base):
    def forward(self, x):
        return F.batch_norm(self.a(x), None, None, training=True)

class Double(Base):
    def __init__(self):
        super().__init__()
        self.double()

class Lookup(nn.Module):
    def __init__(self):
        super().__init__()
        self.e, self.f = nn.Embedding(7, 3), nn.Linear(3, 2)
    def forward(self, x):
        return self.f(self.e(x).mean(1))

class NoSuper(nn.Module):
    def __init__(self):
        self.a = nn.Linear(4, 3)

class Arguments(Base):
    def __init__(self, out):
        super().__init__(out)

class Misspelt(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 3)
    def froward(self, x):
        return self.a(x)

class Returns(Base):
    def forward(self, x):
        self.a(x)

class Number(Base):
    def forward(self, x):
        return self.a(x).sum().item()

class Two(Base):
    def forward(self, x, y):
        return self.a(x) + y

class Endless(Base):
    def forward(self, x):
        return self.forward(x)

class Gpu(Base):
    def __init__(self):
        super().__init__()
        self.to("cuda:9")

class Exits(Base):
    def __init__(self):
        sys.exit("no more")

class Interrupts(Base):
    def forward(self, x):
        raise KeyboardInterrupt

class Leaves(Base):
    def forward(self, x):
        raise BaseException("base")

class Speechless(Exception):
    def __str__(self):
        raise OSError("no text")

class Fails(Base):
    def forward(self, x):
        raise Speechless

class Cycle(Base):
    def __init__(self):
        super().__init__()
        self.inner = nn.Module()
        self.inner.outer = self

@dataclass
class Equal(nn.Module):
    out: int = 3
    def __post_init__(self):
        super().__init__()
        self.a = nn.Linear(4, self.out)

class Asks(Base):
    def __getattr__(self, name):
        return getattr(self, name)

class LeavesOut(Base):
    def parameters(self, recurse=True):
        return iter([self.a.weight])

class HidesAll(Base):
    def named_parameters(self, *args, **more):
        return iter([])

class Raises(Base):
    def parameters(self, recurse=True):
        raise RuntimeError("no parameters today")

class Untrained(Base):
    def train(self, mode=True):
        raise RuntimeError("always eval")

class Shapeless(Base):
    def __init__(self):
        super().__init__()
        self.w = nn.UninitializedParameter()

class KeywordOnly(Base):
    def forward(self, x, *, scale):
        return self.a(x) * scale

class Nested(Base):
    def forward(self, x):
        return torch.nested.as_nested_tensor([self.a(x), self.a(x[:1])]).to_padded_tensor(0.0)

class OnMeta(Base):
    def forward(self, x):
        return self.a(x).to("meta")

class HoldsItself(Base):
    def forward(self, x):
        returned = {}
        returned["all"] = returned
        returned["y"] = self.a(x)
        return returned

class Asserts(Base):
    def forward(self, x):
        assert x.dim() == 3, "wants three dimensions"

class Complex(Base):
    def forward(self, x):
        return torch.fft.fft(self.a(x))

class FailsBackward(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.clone()
    @staticmethod
    def backward(ctx, g):
        raise ZeroDivisionError("not today")

class Backward(Base):
    def forward(self, x):
        return FailsBackward.apply(self.a(x))

def scripted():
    return torch.jit.script(Base())

class Inner(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = scripted()
    def forward(self, x):
        return self.inner(x)

def on_meta():
    with torch.device("meta"):
        return Base()

sequence = nn.Sequential(nn.Linear(4, 3), nn.Tanh())

def sequential():
    return nn.Sequential(nn.Linear(4, 3), nn.Tanh())

class Many(Base):
    def forward(self, x):
        y = self.a(x)
        return {"index": y.argmax(1), "logits": y, "rest": (y, [y])}

class Sparse(Lookup):
    def __init__(self):
        super().__init__()
        self.e = nn.Embedding(7, 3, sparse=True)

lazy = lambda: nn.Sequential(nn.LazyConv2d(2, 3), nn.Flatten(), nn.LazyLinear(3))
lstm = lambda: nn.LSTM(4, 3, batch_first=True)
gru = lambda: nn.GRU(4, 3)
attention = lambda: nn.MultiheadAttention(4, 2, batch_first=True)
half = lambda: Base().half()
"""


def at(code: str) -> str:
    """Return how a sentence names the line of LAYERS that is ``code``."""
    lines = [line.strip() for line in LAYERS.splitlines()]
    return f"my_net.py, line {lines.index(code) + 1}: {code}"


REFUSED = {
    "Wide": ("1,4", ["mat1 and mat2", at("return self.a(torch.cat([x, x], 1))"), "in_features=8"]),
    "Channels": ("1,1,8,8", ["3 channels", at("return self.c(x)"), "in_channels=1"]),
    "InPlace": ("1,4", ["backward pass stopped", at("h = torch.sigmoid(self.a(x))"), at("h += 1"), "new tensor"]),
    "Leaf": ("1,4", ["leaf Variable", at("self.a.weight += 1"), "new tensor"]),
    "Listed": ("1,4", ["no parameters", "self.layers", "nn.ModuleList"]),
    "Bare": ("1,4", ["no parameters"]),
    "Numpy": ("1,4", ["numpy()", at("return torch.from_numpy(self.a(x).numpy())")]),
    "Detached": ("1,4", ["requires a gradient", "argmax"]),
    "Norm": ("1,4", ["more than 1 value per channel", "batch of two"]),
    "Double": ("1,4", ["Double", ":float64"]),
    "Lookup": ("1,4", ["indices", ":int64"]),
    "NoSuper": ("1,4", ["Building the network", "super().__init__()"]),
    "Arguments": ("1,4", ["missing 1 required positional argument", "file.py:Arguments(10)"]),
    "Misspelt": ("1,4", ["forward"]),
    "Returns": ("1,4", ["returned None", "return"]),
    "Number": ("1,4", ["Python number", ".item()"]),
    "Two": ("1,4", ["missing 1 required positional argument", "one --input for each"]),
    "Endless": ("1,4", ["RecursionError", "calls itself"]),
    "Gpu": ("1,4", ["Building the network", "GPU"]),
    "Exits": ("1,4", ["SystemExit", "no more", at('sys.exit("no more")')]),
    "Leaves": ("1,4", ["BaseException: base", at('raise BaseException("base")')]),
    "Fails": ("1,4", ["stopped with Speechless", at("raise Speechless")]),
    "Cycle": ("1,4", ["RecursionError", "a module contains itself"]),
    "Equal": ("1,4", ["unhashable", "@dataclass(eq=False) above Equal"]),
    "Asks": ("1,4", ["RecursionError", at("return getattr(self, name)")]),
    "LeavesOut": ("1,4", ["parameters() leaves a.bias out"]),
    "HidesAll": ("1,4", ["no parameters, so there is nothing to train"]),
    "Raises": ("1,4", ["no parameters today", at('raise RuntimeError("no parameters today")')]),
    "Untrained": ("1,4", ["train or eval mode stopped with RuntimeError: always eval"]),
    "Shapeless": ("1,4", ["uninitialized parameter", "forward has to reach the layer"]),
    "KeywordOnly": ("1,4", ["keyword-only", "write 'scale' before the *"]),
    "Nested": ("2,4", ["nested tensor"]),
    "OnMeta": ("2,4", ["The loss stopped", "meta"]),
    "Interrupts": ("1,4", ["KeyboardInterrupt"]),
    "Asserts": ("1,4", ["AssertionError: wants three", at('assert x.dim() == 3, "wants three dimensions"')]),
    "Complex": ("1,4", ["ComplexFloat", "real number"]),
    "Backward": ("1,4", ["backward pass stopped with ZeroDivisionError: not today", "FailsBackward.apply"]),
    "scripted": ("1,4", ["ScriptModule", "before torch.jit.script"]),
    "Inner": ("1,4", ["inner is a ScriptModule"]),
    "on_meta": ("1,4", ["meta", "on the CPU"]),
    "attention": ("1,2,4", ["missing 2 required positional arguments", "'key' and 'value'"]),
}
WALKED = {
    "Base": ["1,4"],
    "Base(7)": ["1,4"],
    "Base(out=2)": ["1,4"],
    "Arguments(5)": ["1,4"],
    "sequence": ["1,4"],
    "sequential": ["1,4"],
    "Many": ["2,4"],
    "HoldsItself": ["1,4"],
    "Lookup": ["1,9:int64"],
    "Sparse": ["1,9:int32"],
    "Two": ["1,4", "1,3"],
    "lazy": ["2,1,8,8"],
    "lstm": ["1,5,4"],
    "gru": ["5,1,4"],
    "attention": ["1,2,4", "1,2,4", "1,2,4"],
    "half": ["1,4:float16"],
    "Double": ["1,4:float64"],
    "Kept": ["1,4"],
}


def walked(folder: Path, name: str, *shapes: str, **choice: object) -> walk.Walk:
    return walk.take(setup.prepare(Choice("own", **choice), own=from_file(folder, LAYERS, name, *shapes)))


@pytest.mark.parametrize("name", REFUSED)
def test_whatever_a_module_raises_is_a_sentence_with_the_line_and_the_cause(tmp_path: Path, name: str) -> None:
    specs, parts = REFUSED[name]
    with pytest.raises(InvalidSetting) as error:
        walked(tmp_path, name, specs)
    for part in parts:
        assert part in str(error.value), str(error.value)


@pytest.mark.parametrize("name", WALKED)
def test_whatever_is_a_module_is_walked_to_its_end(tmp_path: Path, name: str) -> None:
    this_walk = walked(tmp_path, name, *WALKED[name])
    assert this_walk.loss is not None and this_walk.loss_after is not None
    assert any(not torch.equal(this_walk.before[key], this_walk.after[key]) for key in this_walk.before)


def test_a_network_whose_parameters_are_hidden_is_not_told_of_a_list(tmp_path: Path) -> None:
    with pytest.raises(InvalidSetting) as error:
        walked(tmp_path, "HidesAll", "1,4")
    assert "list or dict" not in str(error.value)


def test_a_state_that_is_kept_is_told_where_the_second_backward_fails(tmp_path: Path) -> None:
    with pytest.raises(InvalidSetting, match="detach it between the steps"):
        walked(tmp_path, "Kept", "1,4", steps_before=2)


def test_an_optimizer_that_cannot_take_the_gradient_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidSetting, match=r"(?s)does not support sparse gradients.*choose SGD"):
        walked(tmp_path, "Sparse", "1,9:int64", optimizer="adam")


def test_the_tensor_that_is_used_of_several_is_said(tmp_path: Path) -> None:
    this_walk = walked(tmp_path, "Many", "2,4")
    assert (this_walk.record.output_path, this_walk.record.outputs) == ("['logits']", 4)


def test_lazy_layers_are_said_to_have_been_given_their_sizes(tmp_path: Path) -> None:
    assert "eval mode" in walked(tmp_path, "lazy", "2,1,8,8").setup.notes[0]


@pytest.mark.heavy
def test_a_module_that_torch_compiled_is_walked_without_its_wrapper(tmp_path: Path) -> None:
    source = LAYERS + "\ncompiled = lambda: torch.compile(Base())\n"
    module = from_file(tmp_path, source, "compiled", "1,4")
    assert type(module.network).__name__ == "Base" and "wrapper" in module.notes[0]


@pytest.mark.heavy
def test_what_torch_compiled_inside_runs_as_the_python_that_it_is(tmp_path: Path) -> None:
    source = (
        LAYERS
        + """
class Inside(Base):
    @torch.compile(backend="eager")
    def double(self, x):
        return torch.relu(self.a(x)) * 2
    def forward(self, x):
        return self.double(x)
"""
    )
    this_walk = walk.take(setup.prepare(Choice("own"), own=from_file(tmp_path, source, "Inside", "2,4")))
    assert [op.name for op in this_walk.record.operations] == ["linear", "relu", "mul", "mse_loss"]
    assert all(type(value.tensor) in (torch.Tensor, torch.nn.Parameter) for value in this_walk.record.values)


CHOOSES = """
class Chooses(Base):
    def forward(self, x):
        return torch.cond(x.sum() > x.sum() - 1, lambda v: self.a(v), lambda v: self.a(v) * 2, (x,))
class Compiles(Base):
    def forward(self, x):
        return torch.compile(lambda v: self.a(v), backend="eager")(x)
"""


@pytest.mark.heavy
@pytest.mark.parametrize("name", ["Chooses", "Compiles"])
def test_what_is_compiled_during_the_pass_is_walked_as_the_python_that_it_is(tmp_path: Path, name: str) -> None:
    own = from_file(tmp_path, LAYERS + CHOOSES, name, "2,4")
    this_walk = walk.take(setup.prepare(Choice("own"), own=own))
    plain = walk.take(setup.prepare(Choice("own"), own=from_file(tmp_path, LAYERS, "Base", "2,4")))
    assert [op.name for op in this_walk.record.operations][-2:] == ["linear", "mse_loss"]
    assert this_walk.loss == plain.loss and this_walk.loss_after == plain.loss_after
    assert all(torch.equal(this_walk.after[key], plain.after[key]) for key in plain.after)
    assert torch.compile(nn.Linear(4, 3)) is not None and type(torch.compile(nn.Linear(4, 3))) is not nn.Linear


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ("import argparse\nargparse.ArgumentParser().parse_args()\n", ["SystemExit", "line 2", "__main__"]),
        ("import nowhere_at_all\n", ["No module named 'nowhere_at_all'", "line 1", "neither installed"]),
        ("def f(:\n    pass\n", ["SyntaxError", "line 1"]),
        ("from . import blocks\n", ["ImportError", "__init__.py"]),
        ("x = {}['gone']\n", ["KeyError", "line 1: x = {}['gone']"]),
    ],
)
def test_a_file_that_cannot_be_imported_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, parts: list[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["app.py", "--module", "my_net.py:Net", "--input", "1,4"])
    with pytest.raises(InvalidSetting) as error:
        from_file(tmp_path, source, "Net", "1,4")
    for part in ["Importing the file", *parts]:
        assert part in str(error.value), str(error.value)


def test_the_line_is_the_readers_in_a_server_that_imports_one_module_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builtins, "__import__", builtins.__import__)
    monkeypatch.setattr(importlib, "import_module", importlib.import_module)
    imports.one_at_a_time()
    with pytest.raises(InvalidSetting, match=r"line 1: import nowhere_at_all"):
        from_file(tmp_path, "import nowhere_at_all\n", "Net", "1,4")


BLOCK = (
    "from torch import nn\nclass Block(nn.Linear):\n    def __init__(self):\n        super().__init__(4, {out})\n"
)


def test_a_neighbour_of_the_file_is_imported_and_imported_again_when_it_has_changed(tmp_path: Path) -> None:
    path, modules = list(sys.path), set(sys.modules)
    for out in (3, 5):
        (tmp_path / "some_blocks.py").write_text(BLOCK.format(out=out) + "#" * out)
        module = from_file(tmp_path, "from some_blocks import Block\n", "Block", "1,4")
        assert module.network.out_features == out
        assert [file.name for file in module.beside] == ["some_blocks.py"]
    assert sys.path == path
    assert set(sys.modules) - modules <= {"some_blocks", "own_my_net"}


def test_a_file_in_a_package_may_import_relatively(tmp_path: Path) -> None:
    package = tmp_path / "my_models" / "inner"
    package.mkdir(parents=True)
    for folder in (package, package.parent):
        (folder / "__init__.py").touch()
    (package.parent / "blocks.py").write_text(BLOCK.format(out=3))
    module = from_file(
        package, "from ..blocks import Block\nfrom my_models.blocks import Block as B\n", "Block", "1,4"
    )
    assert module.network.out_features == 3


def test_whole_numbers_go_up_to_the_size_of_the_smallest_embedding(tmp_path: Path) -> None:
    module = from_file(tmp_path, LAYERS, "Lookup", "50,9:int64")
    assert module.inputs[0].dtype == torch.int64
    assert set(module.inputs[0].flatten().tolist()) == set(range(7))


@pytest.mark.parametrize("dtype", inputs.DTYPES)
def test_an_input_is_what_its_code_says(dtype: str) -> None:
    spec = InputSpec((2, 3), dtype)
    tensor = inputs.make(spec, 1, 7, 9)
    assert str(tensor.dtype) == f"torch.{dtype}"
    assert torch.equal(eval(inputs.code(spec, 1, 7, 9), {"torch": torch}), tensor)
