"""Runs one program in this process as ``python program.py`` would, and returns its record (``core.script.run``)."""

from __future__ import annotations

import builtins
import contextlib
import importlib.util
import os
import random
import signal
import sys
import threading
import time
import types
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from core.errors import N_, text_of
from core.isolation.work import is_out_of_memory
from core.script import causes, compile_stub, module_alone
from core.script.arrays import TELL, Arrays
from core.script.causes.silent_calls import without_what_follows
from core.script.failure import Failure, look_at
from core.script.lines import Lines
from core.script.prints import Prints, line_of
from core.script.program_record import Error, Record
from core.script.recorder import Recorder, new_progress
from core.script.shuffles import FOLLOW, INDEX, Shuffles
from core.script.source import Source
from core.script.stand_ins import install as stand_ins_installed
from core.script.steps import FIRST, LAST, Steps
from core.sentence import Sentence
from core.settings import PROJECT

stop_asked = threading.Event()  # the reader wants the program stopped: set it and raise SIGALRM


class TimeIsUp(BaseException):
    """The program's time is over; no ``except Exception`` of the program takes it for its own."""


class ProgramStopped(TimeIsUp):
    """The reader stopped the program."""


@dataclass(frozen=True)
class Running:
    """A program that runs now, and how far it is."""

    path: str
    recorder: Recorder
    lines: Lines
    prints: Prints


def record(
    path: str,
    arguments: Sequence[str],
    folder: str,
    seconds: float,
    shape: tuple[int, ...] | None = None,
    begun: Callable[[Running], None] | None = None,
) -> Record:
    """Run the program at ``path`` with ``arguments`` in ``folder``, ``seconds`` at most, and return its record.

    ``shape`` is the input's where the program only defines a module; ``begun`` is called before the first line.
    """
    os.chdir(folder)
    source = Source.read(Path(path))
    progress = new_progress(source)
    program = _prepare(path, arguments)
    stand_ins, compiling = stand_ins_installed(), compile_stub.install()
    recorder = Recorder(progress, causes.watches(progress), program.__dict__)
    steps = Steps(progress, recorder.curves, recorder.careful)
    lines, prints = Lines(path, steps), Prints(line_of(path), progress, recorder.curves)
    progress.line_counts = lines.counts
    trial = module_alone.Trial(shape)
    running = Running(path, recorder, lines, prints)
    if begun is not None:
        begun(running)
    began = time.monotonic()
    with _printed_to(prints):
        error, notes = _run(running, program.__dict__, seconds, trial)
    took = time.monotonic() - began
    with recorder.careful():
        for watch in recorder.watches:
            watch.end(program.__dict__)
    return Record(
        lines.records(),
        recorder.records(),
        prints.records(),
        error,
        without_what_follows(recorder.findings()),
        (*notes, *stood_in(stand_ins.used), *compiling.notes(), *bounds(lines, steps)),
        recorder.operations.total,
        tuple(recorder.troubles),
        steps.records(),
        recorder.curves.records(),
        steps.total,
        progress.iteration,
        module=trial.module,
        input_shape=trial.shape or (),
        seconds=took,
        pictures=recorder.pictures.records(program.__dict__),
        calls=recorder.calls.records,
        gradients=recorder.gradients.records,
    )


def _run(
    running: Running, variables: dict[str, Any], seconds: float, trial: module_alone.Trial
) -> tuple[Error | None, tuple[Sentence, ...]]:
    """Execute the program among its ``variables``; return what it raised, and what there is to say of the run."""
    recorder, lines = running.recorder, running.lines
    progress = recorder.progress
    try:
        with recorder.watching(), _deadline(seconds):
            try:
                shuffles = progress.shuffles = Shuffles(progress.source, recorder.careful)
                arrays = Arrays(progress.source, recorder.array_call, shuffles)
                for name, function in ((TELL, arrays.tell), (FOLLOW, shuffles.follow), (INDEX, shuffles.index)):
                    setattr(builtins, name, function)
                code = arrays.compiled(running.path)
                lines.start()
                exec(code, variables)
                return None, module_alone.walk(variables, progress, lines, trial)
            finally:
                lines.stop()
                recorder.paused = True
    except ProgramStopped as stopped:
        at = look_at(stopped, progress.source, recorder).line
        return None, (Sentence(N_("You stopped the program in line {line}."), {"line": at}),)
    except SystemExit as system_exit:
        failed = system_exit.code not in (None, 0)
        return _error(system_exit, progress.source, recorder) if failed else None, ()
    except BaseException as raised:
        return _error(raised, progress.source, recorder), ()


@contextlib.contextmanager
def _printed_to(prints: Prints) -> Iterator[None]:
    """Give ``prints`` what the body prints; what it writes as errors is dropped."""
    plain = sys.stdout, sys.stderr
    sys.stdout = prints
    sys.stderr = Prints(lambda: 0)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = plain


def stood_in(names: Iterable[str]) -> Iterator[Sentence]:
    """Say which packages were not there."""
    if missing := ", ".join(names):
        yield Sentence(
            N_("{names} is not installed here: the program ran with a stand-in that draws nothing."),
            {"names": missing},
        )


def bounds(lines: Lines, steps: Steps) -> Iterator[Sentence]:
    """Say what of a long program was left out."""
    if not steps.is_complete:
        yield Sentence(
            N_(
                "Of {total} steps {kept} are recorded with their variables: the first {first}, the last {last}, the"
                " first times of each line, and whole iterations between (5, 10, 20, 50, …)."
            ),
            {"total": steps.total, "kept": steps.count, "first": FIRST, "last": LAST},
        )
    if not lines.is_complete:
        yield Sentence(
            N_("After {most} lines the program ran on without being followed: later steps are not recorded."),
            {"most": lines.total},
        )


def _prepare(path: str, arguments: Sequence[str]) -> types.ModuleType:
    """Make this process look to the program as a fresh one would."""
    program = types.ModuleType("__main__")
    program.__dict__.update(__file__=path, __builtins__=builtins, __spec__=None, __cached__=None)
    sys.modules["__main__"] = program
    sys.argv = [path, *arguments]
    sys.path[:] = [str(Path(path).parent), *(part for part in sys.path if part not in ("", str(PROJECT)))]
    os.environ.setdefault("MPLBACKEND", "Agg")  # there is no screen
    random.seed()
    torch.default_generator.seed()  # as in a fresh process: other numbers in every run
    if importlib.util.find_spec("numpy") is not None:
        import numpy

        numpy.random.seed()
    warnings.resetwarnings()
    warnings.simplefilter("default")
    return program


@contextlib.contextmanager
def _deadline(seconds: float) -> Iterator[None]:
    """Raise ``TimeIsUp`` in the program's own line after ``seconds``; never where there are no timers (Windows)."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def stop(_number: int, _frame: Any) -> None:
        if stop_asked.is_set():
            raise ProgramStopped
        raise TimeIsUp(f"stopped after {seconds:g} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _error(error: BaseException, source: Source, recorder: Recorder) -> Error:
    """Explain an exception; the explanation itself may fail, the program's exception is told all the same."""
    recorder.paused = True
    failure = Failure(error, type(error).__name__, text_of(error), source)
    explained = causes.UNKNOWN
    with recorder.careful():
        failure = look_at(error, source, recorder)
        if isinstance(error, TimeIsUp):
            failure.type = "TimeLimit"
        elif is_out_of_memory(error):
            failure.type = "MemoryLimit"
        explained = causes.explain(failure)
    return Error(
        failure.type,
        failure.message,
        failure.line,
        failure.expression,
        failure.operands,
        explained.key,
        explained.why,
        explained.repair,
    )
