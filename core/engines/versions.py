"""Versions: what a machine trains with, and the sentence that refuses one that trains with something else."""

from __future__ import annotations

import hashlib
import platform
from dataclasses import asdict
from functools import lru_cache
from importlib import metadata
from pathlib import Path

from core.engines.messages import Versions
from core.errors import N_, InvalidSetting
from core.settings import PROJECT

CPU_INFO = Path("/proc/cpuinfo")
WORDS = {"python": "Python", "torch": "torch", "source": "Stepwise"}


@lru_cache(maxsize=1)
def here() -> Versions:
    """Return the versions of this machine; torch is asked of its installation, not imported."""
    return Versions(platform.python_version(), metadata.version("torch"), source_hash(PROJECT / "core"))


def source_hash(folder: Path) -> str:
    """Return a hash of all Python below ``folder``: what decides how a run trains."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        total.update(f"{path.relative_to(folder).as_posix()} {len(content)}\n".encode() + content)
    return total.hexdigest()[:12]


def processor() -> str:
    """Return the kind of this machine's processor: the same kind adds in the same order."""
    if CPU_INFO.exists():
        for line in CPU_INFO.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def check(node: str, theirs: Versions, ours: Versions) -> None:
    """Raise ``InvalidSetting`` when a version differs."""
    mine = asdict(ours)
    for name, value in asdict(theirs).items():
        if value != mine[name]:
            raise InvalidSetting(
                N_("{node} has {what} {theirs} and this server {ours}: install the same on both"),
                node=node,
                what=WORDS[name],
                theirs=value,
                ours=mine[name],
            )
