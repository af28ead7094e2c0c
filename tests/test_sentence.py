"""A text that was a part of a sentence becomes one of its own, in both languages."""

from __future__ import annotations

import pytest

from core.isolation import limits
from core.script.payload import Request
from core.script.process.job import Job
from core.sentence import as_sentence
from pages.parts.your_code import data
from pages.shared import language


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("the program ended", "The program ended."),
        ("程序结束了", "程序结束了。"),
        ("请换一组设置。", "请换一组设置。"),
        ("Try again!", "Try again!"),
        ("", ""),
    ],
)
def test_a_sentence_begins_with_a_capital_and_ends_with_a_full_stop(text: str, whole: str) -> None:
    assert as_sentence(text) == whole


@pytest.mark.parametrize(("code", "last"), [("en", "."), ("zh", "。")])
def test_why_a_process_ended_is_a_sentence(monkeypatch: pytest.MonkeyPatch, code: str, last: str) -> None:
    monkeypatch.setattr(language, "current", lambda: code)
    for ended in (limits.crashed(3), limits.crashed(-9), limits.too_large(limits.Limits())):
        job = Job(Request(text="", shape=None, seconds=1.0, memory_mb=1_000))
        job.ended = ended
        assert data.of_job(job, 1)["sentence"].endswith(last)
