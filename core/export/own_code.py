"""The reader's own file in a script: pasted whole where that runs alone, else imported from where it lies."""

from __future__ import annotations

import ast
from functools import lru_cache
from pathlib import Path

from core.walk.own_module import BuiltModule

# Names that the script gives itself after the pasted file; a file that uses one is imported instead.
TAKEN = {
    *(
        "Show",
        "show",
        "TorchFunctionMode",
        "torch",
        "nn",
        "F",
        "Tensor",
        "pixels",
        "image",
        "before",
        "name",
        "p",
        "k",
        "python_random",
        "numpy_random",
        "python_copy",
    ),
    *("WhatIf", "changes", "copied", "net_before", "output_if", "loss_if"),
    *("net", "input", "target", "grad_output", "output", "loss", "optimizer", "loss_after", "output_after"),
}
GENERATORS = {  # the generators that a file may draw from beside torch's: its module, the import, what seeds it
    "random": ("import random as python_random", "python_random.seed({seed})"),
    "numpy": ("import numpy.random as numpy_random", "numpy_random.seed(({seed}) % 2**32)"),
}
DRAWN = "  # for what is drawn while the file is read"
TORCHS = {
    "torch": {"import torch"},
    "nn": {"from torch import nn", "import torch.nn as nn"},
    "F": {"import torch.nn.functional as F", "from torch.nn import functional as F"},
    "Tensor": {"from torch import Tensor"},
}


def can_be_pasted(own_code: BuiltModule) -> bool:
    """Return whether the file runs inside a script: alone in its folder, and without the script's own names."""
    if own_code.beside:
        return False
    tree = ast.parse(_source(own_code))
    used = {name for node in tree.body for name in _bound(node)} & TAKEN
    return not used and not any(isinstance(node, ast.ImportFrom) and node.level for node in ast.walk(tree))


def compiles(own_code: BuiltModule) -> bool:
    """Return whether the file uses what ``torch`` compiles while it runs."""
    names = {node.attr for node in ast.walk(ast.parse(_source(own_code))) if isinstance(node, ast.Attribute)}
    return bool(names & {"compile", "cond", "while_loop"})


def _bound(node: ast.stmt) -> set[str]:
    """Return the names that a top-level statement binds, but for the imports that the script makes too."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
        return {node.name}
    if isinstance(node, ast.Import | ast.ImportFrom):
        bound_names = set()
        for alias in node.names:
            name = alias.asname or alias.name.split(".")[0]
            single = ast.unparse(_only(node, alias))
            if single not in TORCHS.get(name, set()) and not (name == "torch" and isinstance(node, ast.Import)):
                bound_names.add(name)
        return bound_names
    if _is_main(node):
        return set()
    return {name.id for name in ast.walk(node) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)}


def _only(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> ast.stmt:
    if isinstance(node, ast.Import):
        return ast.Import([alias])
    return ast.ImportFrom(node.module, [alias], node.level)


def _is_main(node: ast.stmt) -> bool:
    """Return whether ``node`` is ``if __name__ == "__main__":``, which must not run in the script."""
    return isinstance(node, ast.If) and "__name__" in {n.id for n in ast.walk(node.test) if isinstance(n, ast.Name)}


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _source(own_code: BuiltModule) -> str:
    return own_code.own.file.read_text(encoding="utf-8-sig")


def _drawn_from(own_code: BuiltModule | None) -> list[str]:
    """Return the keys of ``GENERATORS`` that the reader's files import."""
    if own_code is None:
        return []
    files = (own_code.own.file, *own_code.beside)
    names = {name for file in files for name in _imported(file.read_text(encoding="utf-8-sig"))}
    return [name for name in GENERATORS if name in names]


@lru_cache(maxsize=64)  # a script asks several times
def _imported(text: str) -> frozenset[str]:
    """Return the packages that a file imports."""
    names = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return frozenset(names)


def generator_imports(own_code: BuiltModule | None) -> str:
    """Return the imports of the generators that ``seeding`` seeds beside torch's."""
    return "".join(f"{GENERATORS[name][0]}\n" for name in _drawn_from(own_code))


def seeding(own_code: BuiltModule | None, seed: str, remark: str = "") -> list[str]:
    """Return the lines that seed, with the expression ``seed``, each generator that the file may draw from."""
    others = [GENERATORS[name][1].format(seed=seed) for name in _drawn_from(own_code)]
    return [f"torch.manual_seed({seed}){remark}", *others]


def pasted(own_code: BuiltModule, seed: int) -> str:
    """Return the file's text, word for word but for what may stand only at a program's head or end."""
    source = _source(own_code)
    lines = source.splitlines()
    for node in ast.parse(source).body:
        if _is_main(node) or _is_future(node):
            first, last = node.lineno - 1, node.end_lineno or node.lineno
            lines[first:last] = [""] * (last - first)
    text = "\n".join(lines).strip("\n")
    seeds = "\n".join(seeding(own_code, str(seed), DRAWN))
    return f"{seeds}\n\n# {own_code.own.file.name}, word for word\n{text}"


def future(own_code: BuiltModule) -> str:
    """Return the file's ``from __future__`` lines, which have to stand at a program's head."""
    return "\n".join(ast.unparse(node) for node in ast.parse(_source(own_code)).body if _is_future(node))


def imported(own_code: BuiltModule, seed: int) -> str:
    """Return the lines that import the file from its folder, with what it needs beside it said."""
    folder, module = _folder_and_module(own_code.own.file.resolve())
    others = ", ".join(path.name for path in own_code.beside)
    needs = f"{own_code.own.file.name} and {others}" if others else own_code.own.file.name
    return "\n".join(
        [
            *seeding(own_code, str(seed), DRAWN),
            f"sys.path.insert(0, {str(folder)!r})  # this script needs {needs} in that folder",
            f"from {module} import {own_code.own.name}",
        ]
    )


def _folder_and_module(file: Path) -> tuple[Path, str]:
    folder = file.parent
    while (folder / "__init__.py").is_file():
        folder = folder.parent
    return folder, ".".join(file.relative_to(folder).with_suffix("").parts)
