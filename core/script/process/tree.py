"""The processes that a process has started, wherever they went: listed, and ended together (Linux)."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
MARK = "STEPWISE_PROGRAM"  # in the environment of every process of one program
ROUNDS = 200  # of looking for what was forked meanwhile


@dataclass(frozen=True)
class Usage:
    """How many processes there are, and the bytes that are theirs alone (no shared libraries)."""

    processes: int
    memory: int


def members(root: int, mark: str) -> list[int]:
    """Return the living processes below ``root``, itself among them, and those that carry ``mark``."""
    parents: dict[int, int] = {}
    pids: set[int] = set()
    for entry in PROC.iterdir() if PROC.is_dir() else ():
        if not entry.name.isdecimal():
            continue
        pid = int(entry.name)
        with contextlib.suppress(OSError, ValueError, IndexError):
            state, parent = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()[:2]
            if state in "ZX":
                continue
            parents[pid] = int(parent)
            if f"{MARK}={mark}".encode() in (entry / "environ").read_bytes().split(b"\0"):
                pids.add(pid)
    pids |= {root} & parents.keys()
    while below := {pid for pid, parent in parents.items() if parent in pids and pid not in pids}:
        pids |= below
    return sorted(pids - {os.getpid()})


def is_alive(pid: int) -> bool:
    """Return whether a process is there, and no zombie that its parent has not asked for yet."""
    try:
        return (PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()[0] not in "ZX"
    except (OSError, IndexError):
        return False


def usage(root: int, mark: str) -> Usage:
    """Return what the processes of a program take now."""
    page = os.sysconf("SC_PAGE_SIZE")
    memory = 0
    pids = members(root, mark)
    for pid in pids:
        with contextlib.suppress(OSError, ValueError, IndexError):
            resident, shared = (PROC / str(pid) / "statm").read_text().split()[1:3]
            memory += (int(resident) - int(shared)) * page
    return Usage(len(pids), memory)


def kill(root: int, mark: str, is_namespace: bool = False) -> None:
    """End every process of a program, and wait until none is left.

    Each is halted before it is killed, so that none can start another. One that dies has no environment any more.
    Where ``root`` is bubblewrap, whose end ends its process namespace (``is_namespace``), it goes first: no fork
    outruns that.
    """
    killed = set(members(root, mark)) if is_namespace else set()
    if is_namespace:
        with contextlib.suppress(OSError):
            os.kill(root, signal.SIGKILL)
    for _round in range(ROUNDS):
        pids = members(root, mark)
        killed = {pid for pid in killed | set(pids) if is_alive(pid)}
        if not killed:
            return
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in pids:
                with contextlib.suppress(OSError):
                    os.kill(pid, number)
        time.sleep(0.01)
