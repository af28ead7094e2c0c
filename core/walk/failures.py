"""An exception of your network as `InvalidSetting`: torch's own message, the line, the cause if known."""

from __future__ import annotations

import linecache
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import N_, InvalidSetting, text_of
from core.settings import PROJECT
from core.trace import BackwardFailure
from core.trace.source import PACKAGES, is_readers
from core.trace.trace_record import Operation
from core.walk.causes import cause_of

OURS = tuple(str(PROJECT / folder) + os.sep for folder in ("core", "pages"))
PHASES = {
    "import": N_("Importing the file stopped with {kind}: {error}"),
    "build": N_("Building the network stopped with {kind}: {error}"),
    "mode": N_("Switching to train or eval mode stopped with {kind}: {error}"),
    "optimizer": N_("Making the optimizer stopped with {kind}: {error}"),
    "forward": N_("The forward pass stopped with {kind}: {error}"),
    "loss": N_("The loss stopped with {kind}: {error}"),
    "backward": N_("The backward pass stopped with {kind}: {error}"),
    "step": N_("The optimizer's step stopped with {kind}: {error}"),
    "after": N_("The forward pass after the step stopped with {kind}: {error}"),
}
LIMIT_LOWERED = N_(
    "The file sets Python's recursion limit to {limit}, which is too low to call a network: leave out "
    "sys.setrecursionlimit."
)
LONGEST = 600  # characters of a message: some of torch's hold whole manuals


@contextmanager
def refused(phase: str) -> Iterator[None]:
    """Turn whatever rises inside into a ``InvalidSetting``; ``phase``, a key of ``PHASES``, is what was going on.

    Whatever is no ``Exception`` too: a file that ends its program must not end the server's thread.
    """
    depth = limit = sys.getrecursionlimit()
    try:
        try:
            yield
        finally:
            limit = sys.getrecursionlimit()
            sys.setrecursionlimit(depth)  # what follows here may need more of it than a file left
    except InvalidSetting:
        raise
    except BackwardFailure as failure:
        raise _of_backward(failure) from failure.__cause__
    except BaseException as error:
        if isinstance(error, RecursionError) and limit < depth:
            raise _error(phase, error, _place(error), InvalidSetting(LIMIT_LOWERED, limit=limit)) from error
        raise _error(phase, error, _place(error)) from error


def _of_backward(failure: BackwardFailure) -> InvalidSetting:
    error = failure.__cause__
    assert error is not None
    places = [_line_of(operation) for operation in (failure.operation, failure.changed) if operation is not None]
    both = [place for place in places if place is not None]
    if len(both) == 2:
        place = InvalidSetting(
            N_("It went back through {first}; changed in {second}."), first=both[0], second=both[1]
        )
    elif both:
        place = InvalidSetting(N_("It went back through {first}."), first=both[0])
    else:
        place = None
    return _error("backward", error, place or _place(error))


def _error(
    phase: str, error: BaseException, place: InvalidSetting | None, cause: InvalidSetting | None = None
) -> InvalidSetting:
    message = text_of(error) or "-"
    message = message if len(message) <= LONGEST else message[:LONGEST] + " …"
    sentence = InvalidSetting(PHASES[phase], kind=type(error).__name__, error=message)
    cause = cause or cause_of(error)
    if place is not None:
        sentence = InvalidSetting(N_("{sentence}\n\n{place}"), sentence=sentence, place=place)
    if cause is not None:
        sentence = InvalidSetting(N_("{sentence}\n\n{cause}"), sentence=sentence, cause=cause)
    return sentence


def _place(error: BaseException) -> InvalidSetting | None:
    """Return the innermost line that is the reader's: not torch's, not Python's, not ours, best not a package's."""
    if isinstance(error, SyntaxError) and error.filename:
        return _line(error.filename, error.lineno or 0, (error.text or "").strip())
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if is_readers(frame.filename)]
    theirs = [frame for frame in frames if not frame.filename.startswith((*OURS, "<"))]
    own = [frame for frame in theirs if not frame.filename.startswith(PACKAGES)] or theirs
    return _line(own[-1].filename, own[-1].lineno or 0, own[-1].line or "") if own else None


def _line_of(operation: Operation) -> InvalidSetting | None:
    span = next((span for span in operation.stack if not span.file.startswith(OURS)), None)
    return None if span is None else _line(span.file, span.line, linecache.getline(span.file, span.line).strip())


def _line(file: str, line: int, code: str) -> InvalidSetting:
    return InvalidSetting(N_("{file}, line {line}: {code}"), file=Path(file).name, line=line, code=code)
