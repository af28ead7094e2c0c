"""Imports a file of the reader's as its own program would: neighbours on the path, packages as packages."""

from __future__ import annotations

import importlib.util
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from core import file_kind
from core.errors import N_, InvalidSetting
from core.file_kind import NamedFile

_ONE_AT_A_TIME = threading.RLock()  # the path and the table of modules belong to the process
_loaded_before: set[str] = set()  # what came from a reader's folder, to be imported again with the next build


@contextmanager
def beside(file: Path) -> Iterator[None]:
    """Put ``file``'s folder first on the path, the folder above its packages too, and take them off again."""
    folders = [str(folder) for folder in dict.fromkeys((file.resolve().parent, _above_packages(file)))]
    with _ONE_AT_A_TIME:
        before = list(sys.path)
        sys.path[:0] = folders
        importlib.invalidate_caches()
        try:
            yield
        finally:
            sys.path[:] = before


def load(file: Path) -> tuple[ModuleType, tuple[Path, ...]]:
    """Import ``file`` afresh; return it and the files of its folder that it imported. Raises ``InvalidSetting``."""
    if not file.is_file():
        raise InvalidSetting(N_("there is no file {file}"), file=str(file))
    with file.open("rb") as stream:
        kind = file_kind.problem(NamedFile(file.name, stream.read(file_kind.LOOK)), N_("a Python file"))
    if kind is not None:
        raise kind
    name, package = _name_of(file.resolve())
    spec = importlib.util.spec_from_file_location(name, file.resolve())
    if spec is None or spec.loader is None:
        raise InvalidSetting(N_("{file} is not a Python file"), file=str(file))
    for stale in _loaded_before:
        sys.modules.pop(stale, None)
    _loaded_before.clear()
    module_names = set(sys.modules)
    if package is not None:
        importlib.import_module(package)
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[name] = loaded
    try:
        spec.loader.exec_module(loaded)
    finally:
        mine = _from_folder(_above_packages(file), set(sys.modules) - module_names)
        _loaded_before.update({name, *mine})
    return loaded, tuple(path for key, path in mine.items() if key != name)


def _above_packages(file: Path) -> Path:
    folder = file.resolve().parent
    while (folder / "__init__.py").is_file():
        folder = folder.parent
    return folder


def _name_of(file: Path) -> tuple[str, str | None]:
    """Return the module's name and its package: "models.blocks" inside a package, "own_<stem>" alone.

    A package whose name is in use here ("core") cannot be imported as one; its file stands alone then.
    """
    parts = file.relative_to(_above_packages(file)).with_suffix("").parts
    if len(parts) < 2 or not all(part.isidentifier() for part in parts):
        return f"own_{file.stem}", None
    first = sys.modules.get(parts[0])
    origin = getattr(first, "__file__", None)
    if first is not None and (origin is None or Path(origin).parent != _above_packages(file) / parts[0]):
        return f"own_{file.stem}", None
    return ".".join(parts), ".".join(parts[:-1])


def _from_folder(folder: Path, names: set[str]) -> dict[str, Path]:
    files = {}
    for name in names:
        origin = getattr(sys.modules.get(name), "__file__", None)
        if origin is not None and Path(origin).is_relative_to(folder) and "site-packages" not in origin:
            files[name] = Path(origin)
    return files
