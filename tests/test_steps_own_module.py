"""A module of one's own comes from the command line, and whatever is wrong with it is said in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from core.errors import Refusal
from core.steps import own_module, setup, walk
from core.steps.setup import Choice

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
    assert own == own_module.Own(file, "Net", (2, 6))
    whole = ["run", "app.py", "--server.port=1", "--", "--module", f"{file}:Net", "--input", "2,6"]
    assert own_module.from_command_line(whole) == own
    first, second = own_module.build(own, seed=1), own_module.build(own, seed=1)
    assert torch.equal(first.a.weight, second.a.weight)
    taken = walk.take(setup.prepare(Choice(network="own"), own=(first, own.shape)))
    names = [operation.name for operation in taken.record.operations]
    assert names == ["linear", "tanh", "repeat", "getitem"] * 2 + ["mse_loss"]
    tanh = taken.steps[2]
    assert walk.check(taken, tanh) is None  # values and gradients are there, the arithmetic is not written out


def test_without_the_option_there_is_none() -> None:
    assert own_module.from_command_line(["--other", "x"]) is None


@pytest.mark.parametrize(
    "arguments",
    [["--module"], ["--module", "net.py"], ["--module", "a.py:N"], ["--module", "a.py:N", "--input", "1,x"]],
)
def test_an_unclear_command_line_is_refused(arguments: list[str]) -> None:
    with pytest.raises(Refusal):
        own_module.from_command_line(arguments)


@pytest.mark.parametrize(
    ("name", "sentence"), [("broken", "no luck"), ("number", "not an nn.Module"), ("gone", "not an")]
)
def test_a_name_that_gives_no_module_is_refused(file: Path, name: str, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        own_module.build(own_module.Own(file, name, (1,)), seed=0)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="no file"):
        own_module.build(own_module.Own(tmp_path / "none.py", "Net", (1,)), seed=0)


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
    with pytest.raises(Refusal) as refused:
        own_module.build(own_module.Own(tmp_path / "net.py", "Net", (1, 6)), 0)
    assert str(refused.value).startswith(words)
