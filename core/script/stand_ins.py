"""Stand-ins for packages that only draw or show progress, where they are not installed: nothing is drawn.

A program that plots its losses can so be watched without matplotlib. Every use of a stand-in is told in the record.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import sys
import types
from collections.abc import Iterator, Sequence
from typing import Any

NAMES = ("matplotlib", "seaborn", "tqdm")


class Nothing:
    """Takes every call and attribute, and gives itself; a plot has no other result that a program needs."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _subplots if name == "subplots" else _three if name == "hist" else self

    def __call__(self, *_args: Any, **_options: Any) -> Any:
        return self

    def __getitem__(self, _key: object) -> Any:
        return self

    def __setitem__(self, _key: object, _value: object) -> None:
        pass

    def __iter__(self) -> Iterator[Any]:
        return iter((self,))

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_error: object) -> None:
        pass


def _subplots(nrows: int = 1, ncols: int = 1, *_args: Any, squeeze: bool = True, **_options: Any) -> Any:
    """Return a figure and as many axes as ``plt.subplots`` gives."""
    if squeeze and nrows == ncols == 1:
        return Nothing(), Nothing()
    import numpy as np

    axes = np.empty((nrows, ncols), dtype=object)
    for place in np.ndindex(nrows, ncols):
        axes[place] = Nothing()
    return Nothing(), axes.reshape(-1) if squeeze and 1 in (nrows, ncols) else axes


def _three(*_args: Any, **_options: Any) -> Any:
    return Nothing(), Nothing(), Nothing()


class Bar:
    """``tqdm`` that shows no bar."""

    def __init__(self, iterable: Any = None, *_args: Any, total: int | None = None, **_options: Any) -> None:
        self.iterable, self.total, self.n = iterable, total, 0

    def __iter__(self) -> Iterator[Any]:
        return iter(self.iterable)

    def __len__(self) -> int:
        return len(self.iterable) if self.iterable is not None else self.total or 0

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_error: object) -> None:
        pass

    def update(self, n: int = 1) -> None:
        """Count."""
        self.n += n

    @staticmethod
    def write(text: str, **_options: Any) -> None:
        """Print a line."""
        print(text)

    def __getattr__(self, _name: str) -> Any:
        return lambda *_args, **_options: None


def _trange(*args: Any, **_options: Any) -> Bar:
    return Bar(range(*args))


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Asked after all others: makes the modules of ``NAMES`` that nobody has."""

    def __init__(self) -> None:
        self.used: dict[str, None] = {}

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return where the module comes from; None for any other."""
        if fullname.split(".")[0] not in NAMES:
            return None
        self.used[fullname.split(".")[0]] = None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        """Make the module."""
        module = types.ModuleType(spec.name)
        nothing = Nothing()
        if spec.name.startswith("tqdm"):
            module.__dict__.update(tqdm=Bar, trange=_trange)
        else:
            module.__getattr__ = lambda name: getattr(nothing, name)  # type: ignore[method-assign]
        return module

    def exec_module(self, _module: types.ModuleType) -> None:
        """Nothing runs."""


def install() -> Finder:
    """Stand in from now on, in this process."""
    finder = Finder()
    sys.meta_path.append(finder)
    return finder
