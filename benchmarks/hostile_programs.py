"""Programs that try to get out of the sandbox, and what comes of them: ``python -m benchmarks.hostile_programs``.

Each runs as in a classroom. One that reached what it should not prints REACHED. Afterwards no process of it is
left, nothing was written outside, and the next one runs.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import textwrap
import time
from dataclasses import dataclass
from pathlib import Path

from core.isolation.limits import Limits
from core.script.payload import GRACE
from core.script.process import sandbox, tree
from core.script.process.job import Job
from core.script.process.launcher import Launcher

LIMITS = Limits(seconds=6.0, memory_mb=1_000)
RAN, RAISED, ENDED, ANY = "ran to its end", "raised", "was ended", "any"
LIAR = """
import os
class Liar:
    def __repr__(self): os._exit(3)
    __str__ = __len__ = __iter__ = __bool__ = __eq__ = __hash__ = __format__ = __repr__
    @property
    def __class__(self): os._exit(3)
    def __getattr__(self, name): os._exit(3)
liar = Liar()
"""
PATIENCE = 120.0  # seconds for PyTorch to load, on a busy machine


@dataclass(frozen=True)
class Hostile:
    """A program; ``SECRET`` in its text is a file that it must not read, ``OUTSIDE`` one that it must not write."""

    name: str
    text: str
    outcome: str = RAN
    words: str = ""  # in the error's cause, or in the sentence that says why it was ended


def programs() -> list[Hostile]:
    """Return every program."""
    return [
        Hostile("an endless loop", "while True:\n    pass\n", RAISED, "time"),
        Hostile(
            "an endless loop that catches everything",
            "n = 0\nwhile True:\n    try:\n        while True: n += len('x')\n    except BaseException: pass\n",
            ENDED,
            "longer than",
        ),
        Hostile(
            "a fork bomb",  # that stops by itself: a machine on which nothing ends it must outlive the test
            """
            import os, time
            for _ in range(8):
                os.fork()
            time.sleep(60)
            """,
            ENDED,
            "was stopped",
        ),
        Hostile(
            "a bomb of threads",
            """
            import threading, time
            while True:
                threading.Thread(target=time.sleep, args=(100,), daemon=True).start()
            """,
            ANY,
        ),
        Hostile("memory", "x = [bytearray(50_000_000) for _ in range(1000)]\n", RAISED, "memory"),
        Hostile(
            "memory in many processes",
            """
            import os, time
            for _ in range(8):
                if os.fork() == 0:
                    x = bytearray(b"x") * 500_000_000
                    time.sleep(60)
            time.sleep(60)
            """,
            ENDED,
            "memory",
        ),
        Hostile("huge prints", "while True:\n    print('x' * 1_000_000)\n", RAISED, "time"),
        Hostile(
            "files of the server",
            """
            import os
            for path in (SECRET, "/etc/shadow", "/etc/passwd", os.path.expanduser("~root/.ssh")):
                try:
                    os.listdir(path) if os.path.isdir(path) else open(path).read()
                    print("REACHED", path)
                except OSError:
                    pass
            """,
        ),
        Hostile(
            "the environment of the server",
            """
            import glob, os
            if "sesame" in str(os.environ):
                print("REACHED the environment")
            for path in glob.glob("/proc/[0-9]*/environ"):
                try:
                    if b"sesame" in open(path, "rb").read():
                        print("REACHED", path)
                except OSError:
                    pass
            """,
        ),
        Hostile(
            "sockets",
            """
            import socket
            for address in (("127.0.0.1", PORT), ("1.1.1.1", 53), ("localhost", 8501)):
                try:
                    socket.create_connection(address, timeout=1)
                    print("REACHED", address)
                except OSError:
                    pass
            """,
        ),
        Hostile("killing the parent", "import os\nos.kill(os.getppid(), 9)\nprint('still here')\n", ANY),
        Hostile("killing every process", "import os\nos.kill(-1, 9)\n", ANY),
        Hostile(
            "deep recursion",
            "import sys\nsys.setrecursionlimit(10**9)\ndef f(n):\n    return f(n + 1) + 1\nf(0)\n",
            ANY,
        ),
        Hostile(
            "an object that lies",
            LIAR
            + textwrap.dedent("""
            several = [Liar(), {"a": Liar()}]
            for i in range(3):
                liar = Liar()
            """),
        ),
        Hostile(
            "an object that lies where the program breaks",
            LIAR
            + textwrap.dedent("""
            import torch
            from torch import nn
            model = nn.Linear(2, 1)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for epoch in range(3):
                optimizer.zero_grad()
                losses = [liar]
                loss = model(torch.ones(1, 2)).sum()
                loss.backward()
                optimizer.step()
            model(torch.ones(1, 3)) + liar
            """),
            RAISED,
            "in_features",
        ),
        Hostile(
            "a pickle in place of the record",
            """
            import json, os, pickle
            class Bomb:
                def __reduce__(self): return (open, (OUTSIDE, "w"))
            lies = [pickle.dumps(Bomb()), b"\\x00" * 1000, b'{"kind": "record", "record": {"text": 3}}',
                    b'{"kind": "progress", "line": "x", "prints": 7}', b"[" * 100000]
            for number in range(3, 40):
                for lie in lies:
                    try:
                        os.write(number, lie + b"\\n")
                    except OSError:
                        pass
            """,
            ANY,
        ),
        Hostile(
            "symlinks",
            """
            import os
            for target in (OUTSIDE, SECRET, "/"):
                link = "link%d" % abs(hash(target))
                os.symlink(target, link)
                try:
                    if os.path.isdir(link):
                        open(link + "/stepwise.tmp", "w")
                    else:
                        open(link, "a").write("x")
                    print("REACHED", target)
                except OSError:
                    pass
            """,
        ),
        Hostile(
            "writing outside",
            """
            import sys, torch
            for path in (OUTSIDE, torch.__file__, sys.executable, "/usr/bin/x.tmp", "/etc/x.tmp", "/dev/x.tmp"):
                try:
                    open(path, "a").close()
                    print("REACHED", path)
                except OSError:
                    pass
            """,
        ),
        Hostile(
            "a full disk",
            """
            written = 0
            for folder in (".", "/dev/shm"):
                for name in range(30):
                    try:
                        with open(f"{folder}/{name}", "wb") as file:
                            written += file.write(bytes(50_000_000))
                    except OSError:
                        break
            if written > 700_000_000:
                print("REACHED", written, "bytes")
            """,
        ),
        Hostile(
            "processes that stay",
            """
            import os, subprocess, sys
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    os.closerange(0, 100)
                    while True:
                        pass
                os._exit(0)
            subprocess.Popen([sys.executable, "-c", "while True: pass"], start_new_session=True, env={})
            """,
        ),
        *_of_the_kernel(),
        *_of_the_recorder(),
        *of_the_interpreter(),
    ]


def _of_the_kernel() -> list[Hostile]:
    """Return programs that ask the kernel for a way out: other processes, memory without a file, new namespaces."""
    return [
        Hostile(
            "other processes' memory",
            """
            import ctypes, glob, os
            libc = ctypes.CDLL(None, use_errno=True)
            for path in glob.glob("/proc/[0-9]*"):
                number = int(path[6:])
                if number not in (1, os.getpid()):  # 1 is the sandbox's own, and may no more than the program
                    if libc.ptrace(16, number, 0, 0) == 0:  # PTRACE_ATTACH
                        print("REACHED", path)
                for name in ("root/etc/shadow", "cwd/app.py", "root" + SECRET, "cwd/../../.." + SECRET):
                    try:
                        open(f"{path}/{name}", "rb").read(1)
                        print("REACHED", path, name)
                    except OSError:
                        pass
            for name in ("kcore", "kallsyms", "keys", "timer_list", "slabinfo", "vmallocinfo", "iomem"):
                try:
                    print("REACHED", name) if open(f"/proc/{name}", "rb").read(1) else None
                except OSError:
                    pass
            """,
        ),
        Hostile(
            "every file of the kernel that can be written",
            """
            import os
            for top, folders, names in os.walk("/proc"):
                if top == "/proc":  # what a process has is its own
                    folders[:] = [name for name in folders if not name.isdigit() and "self" not in name]
                for name in names:
                    path = os.path.join(top, name)
                    if top != "/proc/pressure":  # anyone may open these; to write takes a capability
                        try:
                            os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
                            print("REACHED", path)
                        except OSError:
                            pass
            """,
        ),
        Hostile(
            "namespaces, mounts and devices",
            """
            import ctypes, os
            libc = ctypes.CDLL(None, use_errno=True)
            for flag in (0x10000000, 0x00020000, 0x40000000):  # CLONE_NEWUSER, _NEWNS, _NEWNET
                if libc.unshare(flag) == 0:
                    print("REACHED unshare", hex(flag))
            if libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0 or libc.umount2(b"/tmp", 2) == 0:
                print("REACHED mount")
            if libc.chroot(b"/tmp") == 0 or libc.setuid(0) == 0 and os.getuid() == 0:
                print("REACHED chroot or root")
            for path, kind in (("disk", 0o60600), ("mem", 0o20600)):
                try:
                    os.mknod(path, kind, os.makedev(1, 1))
                    open(path, "rb").read(1)
                    print("REACHED", path)
                except OSError:
                    pass
            """,
        ),
        Hostile(
            "code in memory without a file, and shared memory",
            """
            import mmap, os, sys
            from multiprocessing import shared_memory
            number = os.memfd_create("x")
            os.write(number, b"#!/bin/sh\nkill -9 -1\ncat " + SECRET.encode() + b"\n")
            if os.fork() == 0:
                try:
                    os.execve(number, ["x"], {})
                finally:
                    os._exit(0)
            try:
                kept = shared_memory.SharedMemory(create=True, size=900_000_000)
                kept.buf[:] = bytes(900_000_000)
                print("REACHED 900 MB of shared memory")
            except BaseException:
                pass
            """,
            ANY,
        ),
        Hostile(
            "a sparse file of 100 GB",
            """
            try:
                with open("sparse", "wb") as file:
                    file.truncate(100_000_000_000)
                    file.seek(99_000_000_000)
                    file.write(b"x")
                print("REACHED 100 GB")
            except OSError:
                pass
            """,
            ANY,
        ),
        Hostile(
            "signals to groups, and to itself",
            """
            import os, signal
            for number in (signal.SIGALRM, signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGUSR1):
                signal.signal(number, signal.SIG_IGN)
            os.killpg(0, signal.SIGALRM)
            for group in (1, 2, os.getppid()):
                try:
                    os.killpg(group, signal.SIGKILL)
                except OSError:
                    pass
            signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))
            while True:
                pass
            """,
            ANY,
        ),
    ]


def _of_the_recorder() -> list[Hostile]:
    """Return programs that turn against what records them, from inside of its own process."""
    return [
        Hostile(
            "a tracer that is taken away",
            """
            import sys, threading
            sys.settrace(None)
            threading.settrace(None)
            if hasattr(sys, "monitoring"):
                for tool in range(6):
                    try:
                        sys.monitoring.free_tool_id(tool)
                    except Exception:
                        pass
            print("on")
            """,
            ANY,
        ),
        Hostile(
            "the recorder's own modules replaced",
            """
            import builtins, json, os, sys
            from core.script import child, payload, recorder
            class Lie(dict):
                def __missing__(self, key): return self
            recorder.Recorder._note = lambda *_a, **_k: os._exit(0)
            payload.payload = child.record = lambda *_a, **_k: Lie()
            json.dumps = lambda *_a, **_k: '{"kind": "record", "record": {"text": "REACHED"}}'
            builtins.isinstance = lambda *_a: True
            for name in list(sys.modules):
                if name.startswith("core.script"):
                    sys.modules.pop(name)
            import torch
            torch.ones(2) + 1
            """,
            ANY,
        ),
        Hostile(
            "what runs after the end",
            """
            import atexit, os, threading, time
            def later():
                if os.fork() == 0:
                    os.setsid()
                    while True:
                        time.sleep(0.1)
            atexit.register(later)
            threading.Thread(target=lambda: [time.sleep(0.2), later()], daemon=False).start()
            class Last:
                def __del__(self):
                    later()
            last = Last()
            cycle = [last]
            cycle.append(cycle)
            """,
            ANY,
        ),
        Hostile(
            "text that commands a terminal, and a message without an end",
            """
            print("\x1b]0;REACHED\x07\x1b[2J\u202e\u2066\x00\ud800" * 100)
            class Long(Exception):
                def __str__(self):
                    return "\x1b[31m" + "x" * 300_000_000
            raise Long()
            """,
            ANY,
        ),
        Hostile(
            "a record that is larger than may be sent",
            """
            import torch
            names = {}
            for i in range(300):
                exec(f"v{i} = ['x' * 10_000] * 1000")
            for i in range(3000):
                t = torch.ones(30, 30) * i
                print("y" * 10_000)
            """,
            ANY,
        ),
    ]


def of_the_interpreter() -> list[Hostile]:
    """Return programs that change Python and torch under the recorder; they need no sandbox to be held."""
    return [
        Hostile("an end without a record", "import os\nprint('on')\nos._exit(0)\n", ENDED, "ended"),
        Hostile(
            "output that is closed",
            """
            import os, sys
            for number in (0, 1, 2):
                os.close(number)
            sys.stdout = sys.stderr = None
            print("on")
            """,
            ANY,
        ),
        Hostile(
            "an output of the program's own",
            """
            import builtins, sys
            class Out:
                def write(self, text): raise SystemExit
                def flush(self): raise KeyboardInterrupt
                def __getattr__(self, name): return self
                def __call__(self, *args, **options): return self
            sys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = Out()
            builtins.print = None
            x = 1
            """,
        ),
        Hostile(
            "builtins that lie",
            """
            import builtins
            kept = builtins.len
            for name in ("len", "str", "repr", "type", "id", "hash", "vars", "sorted", "min", "max", "any", "all"):
                setattr(builtins, name, None)
            x = 1
            """,
            ANY,
        ),
        Hostile(
            "a torch that lies",
            """
            import os, torch
            def lie(*args, **options): os._exit(7)
            w = torch.ones(3, requires_grad=True)
            for name in ("detach", "reshape", "tolist", "numel", "dim", "__repr__", "double", "item", "clone"):
                setattr(torch.Tensor, name, lie)
            for name in ("isfinite", "aminmax", "is_grad_enabled", "no_grad"):
                setattr(torch, name, lie)
            y = w * 2
            """,
            ANY,
        ),
        Hostile(
            "a representation without an end",
            """
            class Endless:
                def __repr__(self):
                    while True: pass
                __str__ = __format__ = __repr__
            values = [Endless(), {"a": Endless()}]
            x = 1
            """,
        ),
        Hostile(
            "threads that never end",
            """
            import threading, time
            def spin():
                while True: time.sleep(0.01)
            for _ in range(20):
                threading.Thread(target=spin).start()
            print("on")
            """,
            ANY,
        ),
        Hostile(
            "a tensor of a million million numbers",
            "import torch\nx = torch.ones(1_000_000, 1_000_000)\n",
            RAISED,
            "memory",
        ),
        Hostile(
            "no collection of garbage, and no room on the stack",
            """
            import gc, sys
            gc.disable()
            gc.set_threshold(0)
            for _ in range(20_000):
                cycle = []
                cycle.append(cycle)
            sys.setrecursionlimit(60)
            x = 1
            """,
            ANY,
        ),
    ]


@dataclass(frozen=True)
class Case:
    """What came of a program; ``problems`` is empty where all is well."""

    name: str
    outcome: str
    seconds: float
    problems: tuple[str, ...]


def attempt(launcher: Launcher, program: Hostile, folder: Path, port: int = 8501) -> Case:
    """Run one program and look at what it left."""
    secret, outside = folder / "secret", folder / "outside"
    secret.write_text("sesame", encoding="utf-8")
    text = textwrap.dedent(program.text).replace("SECRET", repr(str(secret)))
    text = text.replace("OUTSIDE", repr(str(outside))).replace("PORT", str(port))
    job = launcher.start(text, "hostile")
    is_over = job.has_ended.wait(PATIENCE + launcher.bounds.seconds + GRACE)
    seconds = job.seconds
    problems = [] if is_over else ["it goes on for ever"]
    if not is_over:
        job.stop()
    if tree.members(0, job.mark):
        problems.append("it left processes")
    if outside.exists():
        problems.append("it wrote outside")
    outcome, words = outcome_of(job)
    if program.outcome not in (ANY, outcome) or program.words not in words:
        problems.append(f"it {outcome}: {words}")
    if job.record is not None:
        problems += [one["text"] for one in job.record["prints"] if one["text"].startswith("REACHED")]
    return Case(program.name, outcome, seconds, tuple(problems))


def outcome_of(job: Job) -> tuple[str, str]:
    """Return how it ended, and in which words."""
    if job.record is None:
        return ENDED, str(job.ended or "")
    error = job.record["error"]
    return (RAN, "") if error is None else (RAISED, f"{error['cause']} {error['type']} {error['message']}")


def main() -> int:
    """Run them all; status 1 where one got through, 2 where this machine has no sandbox."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    if not sandbox.works(sandbox.CLOSED):
        print("there is no sandbox on this machine")
        return 2
    launcher = Launcher(sandbox.CLOSED, LIMITS, 1)
    bad = 0
    with tempfile.TemporaryDirectory(dir=Path.home()) as folder:
        began = time.monotonic()
        for program in [*programs(), Hostile("and after all of them, one that is well", "print(6 * 7)")]:
            case = attempt(launcher, program, Path(folder))
            bad += bool(case.problems)
            verdict = "; ".join(case.problems) or "held"
            print(f"{case.name:42} {case.outcome:15} {case.seconds:6.1f} s  {verdict}", flush=True)
        print(f"{len(programs())} programs, {bad} got through, {time.monotonic() - began:.0f} s")
    launcher.close()
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
