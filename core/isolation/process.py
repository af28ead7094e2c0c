"""The helper process as the server sees it: started with pipes, asked in frames, ended by closing its stdin."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from core.isolation.frames import READY, SIGNAL, STATUS, Answer, Call, take_answers
from core.settings import PROJECT

LEAVE_SECONDS = 3.0


class HelperProcess:
    """A child that runs ``core.isolation.helper``; ``ended`` is called, in a thread of its own, when it is gone.

    ``ready`` is set when it has imported what it needs, or is gone; ``begun`` says that it was ready once.
    """

    def __init__(self, modules: Sequence[str], serial: bool, ended: Callable[[HelperProcess], None]) -> None:
        self.ready = threading.Event()
        self._ended = ended
        self._answers: dict[int, Future[Answer]] = {}
        self._lock = threading.Lock()  # of what is waited for
        self._writing = threading.Lock()  # of stdin: a writer may have to wait until answers are read
        self._is_gone = self.begun = False
        self.child = subprocess.Popen(
            [sys.executable, "-m", "core.isolation.helper", *modules, *(["--serial"] if serial else [])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=PROJECT,
            env=_environment(),
            start_new_session=True,  # Ctrl-C reaches the server alone, which closes the pipe
            bufsize=0,
        )
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return not self._is_gone and self.child.poll() is None

    def ask(self, call: Call) -> Future[Answer]:
        """Send a call; its answer, or the end of the process, will be in the future that is returned."""
        future: Future[Answer] = Future()
        with self._lock:
            if self._is_gone:
                future.set_result(Answer(call.number, STATUS, self.child.returncode or 0))
                return future
            self._answers[call.number] = future
        assert self.child.stdin is not None
        frame = memoryview(call.packed())
        with self._writing, contextlib.suppress(OSError, ValueError):  # it ended just now: `_listen` says so
            while frame:
                frame = frame[self.child.stdin.write(frame) or 0 :]
        return future

    def _listen(self) -> None:
        assert self.child.stdout is not None
        received = bytearray()
        with contextlib.suppress(OSError, ValueError):
            while chunk := self.child.stdout.read(1 << 20):
                received += chunk
                for answer in take_answers(received):
                    self._deliver(answer)
        status = self.child.wait()
        with self._lock:
            self._is_gone = True
            waiting = list(self._answers.items())
            self._answers.clear()
        with contextlib.suppress(OSError):
            self.child.stdout.close()
        self.ready.set()
        for number, future in waiting:
            future.set_result(Answer(number, SIGNAL, -status) if status < 0 else Answer(number, STATUS, status))
        self._ended(self)

    def _deliver(self, answer: Answer) -> None:
        if answer.kind == READY:
            self.begun = True
            self.ready.set()
            return
        with self._lock:
            future = self._answers.pop(answer.number, None)
        if future is not None:
            future.set_result(answer)

    def kill(self) -> None:
        """End it at once, and with it everything that it runs; from now on it cannot be asked."""
        self._is_gone = True
        self.child.kill()

    def close(self) -> None:
        """Let it end, and wait for it."""
        assert self.child.stdin is not None
        with contextlib.suppress(OSError):
            self.child.stdin.close()
        try:
            self.child.wait(LEAVE_SECONDS)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()


def _environment() -> dict[str, str]:
    """Return the environment of a helper: this project first, one thread, and no accelerator.

    A process may only be forked while it has no threads; OpenMP starts some beside more than one core, and autograd
    one for each accelerator that it sees.
    """
    path = os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")])
    alone = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    unseen = {"CUDA_VISIBLE_DEVICES": "", "HIP_VISIBLE_DEVICES": ""}
    return {**os.environ, **alone, **unseen, "PYTHONPATH": path}
