"""What an exported script needs to run: the packages that it imports and the files of weights that it reads."""

from __future__ import annotations

import ast
import re
import sys

PACKAGES = {
    "torch": "PyTorch",
    "torchvision": "torchvision",
    "numpy": "NumPy",
    "sklearn": "scikit-learn",
    "PIL": "Pillow",
    "scipy": "SciPy",
}
WEIGHTS = re.compile(r"""torch\.load\(\s*["']([^"']+)["']""")


def of_script(script: str) -> list[str]:
    """Return the packages of ``script`` that Python does not bring, PyTorch first, then the files that it loads."""
    modules = {name.split(".")[0] for name in _imported(ast.parse(script))} - sys.stdlib_module_names
    known = [title for name, title in PACKAGES.items() if name in modules]
    return known + sorted(modules - PACKAGES.keys()) + sorted(set(WEIGHTS.findall(script)))


def _imported(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found
