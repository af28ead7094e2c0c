"""What a program may touch: bubblewrap's command lines (github.com/containers/bubblewrap), and a test of them.

``CLOSED`` is a classroom's: the program sees Python, torch, Stepwise's core and MNIST, all read-only, and nothing
else; no network, a temporary folder of its own. ``OWN`` is for your own machine: the disk as it is, read-only, and
the network.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from core.settings import PROJECT, data_folder, runs_folder

CLOSED, OWN, NONE = "closed", "own", "none"
HOME = "/tmp/stepwise"
FOLDER = f"{HOME}/program"  # where the program runs; HOME/data has MNIST
DISK = 256_000_000  # bytes of the temporary folder
SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin")
SETTINGS = ("/etc/ld.so.cache", "/etc/localtime", "/etc/alternatives")
# Linux asks for no capability here, only that the file's owner writes: a server that root started may change these.
KERNEL_WRITABLE = ("sys", "sysrq-trigger", "irq", "bus", "fs", "acpi", "scsi")
KERNEL_TABLES = (
    "kcore",
    "keys",
    "key-users",
    "kallsyms",
    "timer_list",
    "slabinfo",
    "vmallocinfo",
    "iomem",
    "config.gz",
)
PROBE_SECONDS = 60.0
# What must not be possible in CLOSED: printed as one object, and compared with EXPECTED.
PROBE = """
import json, os, socket, sys
def can(action):
    try:
        action()
    except OSError:
        return False
    return True
secret, project = sys.argv[1:]
print(json.dumps({
    "reads": can(lambda: open(secret).close()),
    "writes": can(lambda: open(os.path.join(project, "core", "x.tmp"), "w").close()),
    "network": [name for _, name in socket.if_nameindex() if name != "lo"] != [],
    "own folder": can(lambda: open("x.tmp", "w").close()),
    "sees others": os.getpid() > 20,
    "sets the kernel": can(lambda: open("/proc/sys/kernel/core_pattern", "r+b", buffering=0).close()),
}))
"""
EXPECTED = {
    "reads": False,
    "writes": False,
    "network": False,
    "own folder": True,
    "sees others": False,
    "sets the kernel": False,
}


def command(kind: str, environment: dict[str, str]) -> list[str]:
    """Return what stands before the program's own command; ``environment`` is all that it sees of one."""
    if kind == NONE:
        return []
    bwrap = shutil.which("bwrap")
    assert bwrap is not None
    walls = [bwrap, "--die-with-parent", "--new-session", "--unshare-user", "--unshare-pid", "--unshare-ipc"]
    walls += ["--unshare-uts", "--unshare-cgroup-try", "--cap-drop", "ALL", "--disable-userns"]
    if kind == CLOSED:
        walls += ["--unshare-net", "--uid", "65534", "--gid", "65534", *_only_what_is_needed()]
    else:
        walls += ["--ro-bind", "/", "/"]
    walls += [*_proc(), "--dev", "/dev", "--size", str(DISK), "--tmpfs", "/dev/shm"]
    walls += ["--size", str(DISK), "--tmpfs", "/tmp", "--dir", FOLDER]
    if kind == OWN:
        for folder in (sys.prefix, sys.base_prefix, PROJECT):  # where they are themselves below /tmp
            walls += _bind(folder) if Path(folder).is_relative_to("/tmp") else []
    if (data_folder() / "MNIST" / "raw").is_dir():
        walls += ["--ro-bind", str(data_folder()), f"{HOME}/data", "--symlink", "../data", f"{FOLDER}/data"]
    walls += ["--remount-ro", "/dev"] + (["--remount-ro", "/"] if kind == CLOSED else [])
    walls += ["--chdir", FOLDER, "--clearenv"]
    for name, value in environment.items():
        walls += ["--setenv", name, value]
    return [*walls, "--"]


def _proc() -> list[str]:
    """Return a /proc of the program's own, in which the kernel's settings are read-only and its tables hidden."""
    walls = ["--proc", "/proc"]
    walls += [part for name in KERNEL_WRITABLE for part in _bind(f"/proc/{name}")]
    for name in KERNEL_TABLES:
        if Path("/proc", name).exists():
            walls += ["--ro-bind", "/dev/null", f"/proc/{name}"]
    return walls


def _bind(path: str | Path) -> list[str]:
    return ["--ro-bind-try", str(path), str(path)]


def _only_what_is_needed() -> list[str]:
    """Return the folders of Python, its packages and Stepwise's core; runs stay hidden wherever they are."""
    packages = [path for path in sys.path if "site-packages" in path or "dist-packages" in path]
    needed = [*SYSTEM, *SETTINGS, sys.base_prefix, sys.prefix, *packages, str(PROJECT / "core")]
    walls = [part for path in dict.fromkeys(needed) for part in _bind(path)]
    runs = runs_folder()
    if runs.is_dir() and any(runs.is_relative_to(Path(path).resolve()) for path in needed):
        walls += ["--tmpfs", str(runs)]
    return walls


@cache
def works(kind: str) -> bool:
    """Return whether this machine can hold a program in ``kind``; tried with a program that tries to get out."""
    if sys.platform != "linux" or shutil.which("bwrap") is None:
        return False
    secret = "/etc/passwd" if Path("/etc/passwd").exists() else str(PROJECT / "app.py")
    environment = {"PATH": "/usr/bin:/bin"}
    try:
        result = subprocess.run(
            [*command(kind, environment), sys.executable, "-c", PROBE, secret, str(PROJECT)],
            capture_output=True,
            text=True,
            timeout=PROBE_SECONDS,
            check=True,
        )
        answer = json.loads(result.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return False
    if kind == OWN:
        return not answer["writes"] and not answer["sets the kernel"] and bool(answer["own folder"])
    return bool(answer == EXPECTED)
