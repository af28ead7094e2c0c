"""What an exported script needs to run: the packages that it imports and the files that it reads."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGES = {
    "torch": "PyTorch",
    "torchvision": "torchvision",
    "numpy": "NumPy",
    "sklearn": "scikit-learn",
    "PIL": "Pillow",
    "scipy": "SciPy",
}
WEIGHTS = re.compile(r"[\w-]+\.(?:pth|pt)")
MNIST = "data/MNIST/raw"


def of_script(script: str) -> list[str]:
    """Return the packages of ``script`` that Python does not bring, PyTorch first, then the files that it reads."""
    tree = ast.parse(script)
    texts = list(_texts(tree))
    modules = {name.split(".")[0] for name in _imported(tree)} - sys.stdlib_module_names
    folders = [Path(text) for text in texts if Path(text).is_absolute()]
    files = {name: path for name in modules for path in _files(folders, name)}
    modules -= files.keys()
    titles = [title for name, title in PACKAGES.items() if name in modules]
    data_files = sorted(
        {*files.values(), *filter(WEIGHTS.fullmatch, texts), *([MNIST] if "MNIST" in texts else [])}
    )
    return titles + sorted(modules - PACKAGES.keys()) + data_files


def _files(folders: list[Path], module: str) -> list[str]:
    """Return the file or the package of this name in one of the folders that the script puts on the path."""
    paths = [path for folder in folders for path in (folder / f"{module}.py", folder / module)]
    return [str(path) for path in paths if path.exists()][:1]


def _texts(tree: ast.Module) -> Iterator[str]:
    """Yield every text in the program that is not a docstring."""
    notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes:
            yield node.value


def _imported(tree: ast.AST) -> set[str]:
    modules: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            modules.add(node.module)
    return modules
