"""core/ops/registry.py: a new operation is a new file, and nothing else names it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from core import ops
from core.ops import registry

ROOT = Path(__file__).resolve().parents[2]
NEWEST = ROOT / "core" / "ops" / "flip.py"
VOCABULARY = """
add sub mul div matmul permute transpose t contiguous cat stack split chunk getitem sum mean exp log
sqrt pow sigmoid tanh gelu silu elu softplus hardswish embedding layer_norm group_norm conv1d conv2d
conv3d max_pool1d max_pool2d max_pool3d avg_pool1d avg_pool2d avg_pool3d conv_transpose1d
conv_transpose2d conv_transpose3d interpolate pad gather clone detach to binary_cross_entropy
binary_cross_entropy_with_logits l1_loss scaled_dot_product_attention
"""
# In a walk and in Your code alone: the same numbers, or another name of an operator that has an entry.
NO_ENTRY = {"t", "contiguous", "clone", "detach", "to"}
ENTRIES = {"getitem": "indexing"}


def test_a_file_with_operations_is_found_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "new_operation.py").write_text(NEWEST.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(ops, "__path__", [*ops.__path__, str(tmp_path)])
    try:
        *others, newest = registry.operation_modules()
        assert newest.__name__ == "core.ops.new_operation"
        assert [operation.names for operation in newest.OPERATIONS] == [("flip",)]
        assert {module.__name__ for module in others} >= {f"core.ops.{name}" for name in registry.TEACHING_ORDER}
    finally:
        sys.modules.pop("core.ops.new_operation", None)
        vars(ops).pop("new_operation", None)


def test_no_other_file_of_the_app_names_the_newest_operation() -> None:
    name = NEWEST.stem
    word = re.compile(rf"torch\.{name}\b|\b{name.title()}Backward|ops\.{name}\b|ops import .*\b{name}\b")
    paths = [path for folder in ("core", "pages", "static") for path in (ROOT / folder).rglob("*.[pj]*")]
    sources = [path for path in paths if path.suffix in (".py", ".js") and "programs" not in path.parts]
    assert len(sources) > 400
    assert [path for path in sources if word.search(path.read_text(encoding="utf-8"))] == [NEWEST]


def test_each_file_of_the_teaching_order_is_there_and_defines_operations() -> None:
    names = [module.__name__.rpartition(".")[2] for module in registry.operation_modules()]
    assert names[: len(registry.TEACHING_ORDER)] == [*registry.TEACHING_ORDER]
    assert "flip" in names and "explain" not in names


def test_what_learners_meet_is_written_out_and_has_an_entry_on_the_operators_page() -> None:
    names = VOCABULARY.split()
    assert [name for name in names if name not in registry.DEFINITIONS] == []
    entries = {name.lower().replace("_", "") for name in registry.OPERATORS}
    lacking = {name for name in names if ENTRIES.get(name, name).lower().replace("_", "") not in entries}
    assert lacking == NO_ENTRY
