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
    done = job.done.wait(PATIENCE + launcher.bounds.seconds + GRACE)
    seconds = job.seconds
    problems = [] if done else ["it goes on for ever"]
    if not done:
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
            said = "; ".join(case.problems) or "held"
            print(f"{case.name:42} {case.outcome:15} {case.seconds:6.1f} s  {said}", flush=True)
        print(f"{len(programs())} programs, {bad} got through, {time.monotonic() - began:.0f} s")
    launcher.close()
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
