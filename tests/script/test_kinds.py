"""core/script/kinds.py: objects of the program are asked for their type behind their back."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from core.script.kinds import is_a
from tests.source import nodes

SCRIPT = Path(__file__).resolve().parents[2] / "core/script"
OF_PROGRAMS = ("Tensor", "nn.Module", "Optimizer", "numpy", "ModuleType")


class Liar:
    @property
    def __class__(self) -> type:
        raise AssertionError("asked for its class")

    @__class__.setter
    def __class__(self, value: type) -> None: ...


def test_a_type_is_told_without_asking_the_object() -> None:
    with pytest.raises(AssertionError, match="asked for its class"):
        isinstance(Liar(), Tensor)
    assert not is_a(Liar(), Tensor | nn.Module)
    assert is_a(Liar(), Liar)
    assert is_a(nn.Parameter(torch.ones(1)), Tensor)
    assert is_a([], list | tuple)


def test_no_object_of_the_program_is_asked_with_isinstance() -> None:
    values = [
        f"{path.name}:{node.lineno}"
        for path in SCRIPT.rglob("*.py")
        for node in nodes(path)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "isinstance"
        if any(kind in ast.unparse(node.args[1]) for kind in OF_PROGRAMS)
    ]
    assert not values
