"""core.classroom.log: one line, whatever the user typed."""

from __future__ import annotations

import io
import json

from hypothesis import given
from hypothesis import strategies as st

from core.classroom import log


@given(st.text(max_size=500), st.floats(), st.integers())
def test_whatever_a_user_typed_is_one_line_that_json_reads(text: str, number: float, whole: int) -> None:
    stream = io.StringIO()
    log.write("run", stream, name=text, loss=number, step=whole)
    line = stream.getvalue()
    assert line.count("\n") == 1
    assert line.endswith("\n")
    assert line.isascii()
    assert "\x1b" not in line
    entry = json.loads(line)
    assert entry["event"] == "run"
    assert entry["name"] == text[: log.TEXT_MAX]
