"""Where in the source a torch call was made: the frames that are neither torch's, nor Python's own, nor ours."""

from __future__ import annotations

import os
import sys
import sysconfig
from functools import lru_cache
from pathlib import Path
from types import CodeType, FrameType

import torch

from core.trace.trace_record import Span


def _folder(path: str) -> str:
    return path.rstrip(os.sep) + os.sep  # "…/torch/" is no beginning of "…/torchvision/nn.py"


TORCH = _folder(str(Path(torch.__file__).parent))
OURS = _folder(str(Path(__file__).parent))
PYTHON = _folder(sysconfig.get_paths()["stdlib"])
PACKAGES = tuple({_folder(sysconfig.get_paths()[name]) for name in ("purelib", "platlib")})  # inside PYTHON's


def is_readers(file: str) -> bool:
    """Return whether ``file`` is the user's source: not torch's, not Python's own library, not this recorder."""
    if file.startswith((TORCH, OURS, "<frozen", "<__array_function__")):
        return False
    return not file.startswith(PYTHON) or file.startswith(PACKAGES)


def locate(boundary: CodeType) -> tuple[Span, ...]:
    """Return the expressions that are being evaluated, the innermost first, up to the frame that runs ``boundary``.

    Empty when every frame up to there is torch's own, as in a ``Sequential``: no line of the network's source
    made that call.
    """
    spans = []
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code is not boundary:
        if is_readers(frame.f_code.co_filename):
            span = span_of(frame.f_code, frame.f_lasti)
            if span is not None:
                spans.append(span)
        frame = frame.f_back
    return tuple(spans)


@lru_cache(maxsize=4096)
def span_of(code: CodeType, instruction: int) -> Span | None:
    """Return the piece of source that an instruction of ``code`` belongs to."""
    line, end_line, column, end_column = list(code.co_positions())[instruction // 2]
    if line is None or end_line is None or column is None or end_column is None:
        return None
    return Span(code.co_filename, code.co_name, line, end_line, column, end_column)
