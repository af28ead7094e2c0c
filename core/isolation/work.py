"""One call inside the helper: limits on, function called, everything that can come of it turned into an answer."""

from __future__ import annotations

import contextlib
import io
import math
import os
import pickle
import sys
import traceback
from pathlib import Path

from core.errors import text_of
from core.isolation.frames import LEFT, MEMORY, RAISED, RETURNED, Answer, Call

try:
    import resource
except ImportError:  # Windows has no limits of this kind; the clock still holds there
    resource = None  # type: ignore[assignment]

NO_MEMORY = 77  # exit status of a child that has not even the memory to say so


def limit(call: Call) -> None:
    """Bound the memory and the processor time of this process, and let it leave no core file."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        _lower(resource.RLIMIT_AS, _address_space() + call.memory)
        used = resource.getrusage(resource.RUSAGE_SELF)
        _lower(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime + call.seconds) + 2)


def unlimit() -> None:
    """Take the limits off again, for a process that goes on to the next call."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        for kind in (resource.RLIMIT_AS, resource.RLIMIT_CPU):
            resource.setrlimit(kind, (resource.getrlimit(kind)[1],) * 2)


def _lower(kind: int, soft: int) -> None:
    hard = resource.getrlimit(kind)[1]
    if hard != resource.RLIM_INFINITY:
        soft = min(soft, hard)
    resource.setrlimit(kind, (soft, hard))


def _address_space() -> int:
    """Return the bytes of address space that this process has now (Linux)."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError as error:
        raise ValueError from error  # elsewhere there is no number to add to: no such limit


def answer(call: Call) -> Answer:
    """Do the call and return what came of it."""
    try:
        function, arguments = pickle.loads(call.body)
        return Answer(call.number, RETURNED, body=pickle.dumps(function(*arguments)))
    except BaseException as error:
        if is_out_of_memory(error):
            return Answer(call.number, MEMORY)
        if not isinstance(error, Exception):
            return Answer(call.number, LEFT, body=f"{type(error).__name__}: {text_of(error)}".encode())
        error.add_note("".join(traceback.format_exception(error)))  # where it was raised, for the server's log
        return Answer(call.number, RAISED, body=_pickled(error))


def is_out_of_memory(error: BaseException) -> bool:
    """Return whether Python or torch did not get the memory that it asked for."""
    return isinstance(error, MemoryError) or "DefaultCPUAllocator: " in text_of(error)


def _pickled(error: Exception) -> bytes:
    with contextlib.suppress(Exception):
        body = pickle.dumps(error)
        pickle.loads(body)  # an exception with a constructor of its own may not come back
        return body
    plain = RuntimeError(f"{type(error).__name__}: {text_of(error)}")
    plain.add_note("".join(traceback.format_exception(error)))
    return pickle.dumps(plain)


def in_child(call: Call, write: int) -> None:
    """Be the child of one call: answer through the pipe ``write`` and end. Does not return."""
    status = NO_MEMORY
    try:
        _die_with_parent()
        nowhere = os.open(os.devnull, os.O_RDWR)
        os.dup2(nowhere, 0)
        os.dup2(nowhere, 1)  # the helper's own channel to the server
        sys.stdout = io.StringIO()
        limit(call)
        frame = answer(call).packed()
        while frame:
            frame = frame[os.write(write, frame) :]
        status = 0
    finally:
        os._exit(status)


def _die_with_parent() -> None:
    """Ask Linux to kill this process when the helper is gone."""
    with contextlib.suppress(Exception):
        import ctypes

        ctypes.CDLL(None).prctl(1, 9)  # PR_SET_PDEATHSIG, SIGKILL
