"""What changes the whole process is called in few modules: under a lock, or in a process that serves nobody."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.source import nodes, nodes_of

ROOT = Path(__file__).resolve().parent.parent
CALLS = {
    "chdir",
    "catch_warnings",
    "simplefilter",
    "fork_rng",
    "redirect_stdout",
    "redirect_stderr",
    "resetwarnings",
    "set_default_device",
    "set_default_dtype",
    "set_deterministic_debug_mode",
    "set_detect_anomaly",
    "set_float32_matmul_precision",
    "set_num_threads",
    "set_rng_state",
    "set_stance",
    "set_state",  # of NumPy's generator
    "setstate",  # of Python's
    "use_deterministic_algorithms",
}
GLOBAL_SEEDS = {
    "torch.manual_seed",
    "torch.default_generator.manual_seed",
    "random.seed",
    "np.random.seed",
    "numpy.random.seed",
}
COLLECTOR = {"gc.disable", "gc.freeze", "gc.set_threshold", "gc.unfreeze"}
ASSIGNED = {"torch.compile", "sys.stdout", "sys.stderr", "sys.path", "sys.argv"}
LAST = {name.rpartition(".")[2] for name in GLOBAL_SEEDS | COLLECTOR | ASSIGNED}

# Each browser session is a thread of one process. These take a lock, or run inside a body of one of the others.
LOCKED = {
    "core/garbage.py",  # before the first visitor, or where nothing else runs
    "core/rng.py",
    "core/switches.py",  # keep_filters
    "core/warning_filters.py",
    "core/claims/running.py",  # inside seeded
    "core/trace/forward.py",  # inside own_generator
    "core/trace/parts.py",  # inside own_generator
    "core/trace/torch_internals.py",
    "core/walk/import_file.py",
    "core/walk/what_if.py",  # inside own_generator
}
# A worker, a helper, a node of a cluster, the process of a reader's program.
APART = (
    "core/engines/join.py",
    "core/experiments/range_test.py",  # in a helper: pages/parts/experiments/range_panel.py
    "core/isolation/",
    "core/pretraining/",
    "core/script/",
    "core/training/",
)


def process_wide(nodes_there: Iterable[ast.AST]) -> list[str]:
    """Return what a program changes for its whole process, as far as this test knows the ways."""
    changes = []
    for node in nodes_there:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in CALLS or dotted(node.func) in GLOBAL_SEEDS | COLLECTOR:
                changes.append(ast.unparse(node.func))
        elif isinstance(node, ast.Assign):
            targets = [part for target in node.targets for part in getattr(target, "elts", [target])]
            names = [dotted(part.value if isinstance(part, ast.Subscript) else part) for part in targets]
            changes += [name for name in names if name in ASSIGNED]
    return changes


def dotted(node: ast.AST) -> str:
    """Return an attribute as it is written, "" for any other node and for one that ends in no name of ``LAST``."""
    return ast.unparse(node) if isinstance(node, ast.Attribute) and node.attr in LAST else ""


def test_only_modules_that_take_a_lock_or_run_apart_change_the_process() -> None:
    changes = {
        file.relative_to(ROOT).as_posix(): names
        for folder in ("core", "pages")
        for file in (ROOT / folder).rglob("*.py")
        if "programs" not in file.parts and "ways" not in file.parts  # shown, or run in a process of their own
        if (names := process_wide(nodes(file)))
    }
    shared = {name for name in changes if not name.startswith(APART)}
    assert shared == LOCKED, {name: changes.get(name) for name in shared ^ LOCKED}


@pytest.mark.parametrize(
    "line",
    [
        "os.chdir(folder)",
        "with warnings.catch_warnings(): pass",
        "torch.manual_seed(0)",
        "gc.disable()",
        "sys.stdout, sys.stderr = before",
        "sys.path[:0] = folders",
        "torch.compile = other",
    ],
)
def test_what_changes_the_process_is_found(line: str) -> None:
    assert process_wide(nodes_of(line))


@pytest.mark.parametrize("line", ["torch.Generator().manual_seed(0)", "sys.path", "generator.seed()"])
def test_what_changes_nothing_else_is_not(line: str) -> None:
    assert process_wide(nodes_of(line)) == []
