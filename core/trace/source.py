"""Where in a person's source a torch call was made: the innermost frame that is neither torch's nor ours."""

from __future__ import annotations

import sys
from pathlib import Path
from types import CodeType, FrameType

import torch

from core.trace.records import Span

TORCH = str(Path(torch.__file__).parent)
OURS = str(Path(__file__).parent)


def locate(boundary: CodeType) -> Span | None:
    """Return the expression that is being evaluated, searched from here up to the frame that runs ``boundary``.

    None when every frame up to there is torch's own, as in a ``Sequential``: no line of the network's source
    made that call.
    """
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code is not boundary:
        file = frame.f_code.co_filename
        if not file.startswith((TORCH, OURS, "<frozen", "<__array_function__")):
            return _span(frame)
        frame = frame.f_back
    return None


def _span(frame: FrameType) -> Span | None:
    code = frame.f_code
    positions = list(code.co_positions())
    line, end_line, column, end_column = positions[frame.f_lasti // 2]
    if line is None or end_line is None or column is None or end_column is None:
        return None
    text = code.co_filename
    return Span(text, code.co_name, line, end_line, column, end_column)
