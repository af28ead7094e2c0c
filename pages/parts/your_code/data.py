"""What the page's drawing is given."""

from __future__ import annotations

from typing import TypedDict

from core.ops.plain import ExplanationData
from core.script.examples import examples
from core.script.payload import RecordData
from core.script.process.job import Job
from core.sentence import as_sentence
from pages.parts.your_code import labels
from pages.shared.language import _, current, sentence


class ExampleData(TypedDict):
    """A program on offer."""

    key: str
    title: str
    text: str


class ProgressData(TypedDict):
    """How far a running program is."""

    line: int
    lines: int
    operations: int
    seconds: float
    prints: list[str]


class JobData(TypedDict):
    """A run: ``state`` is "none", "waiting", "running" or "done"; ``sentence`` says why there is no record."""

    number: int
    state: str
    sentence: str
    progress: ProgressData


class ProgramData(TypedDict):
    """A program that a link opens: taken into the editor once for each ``visit``."""

    visit: int
    text: str


class QuestionData(TypedDict):
    """The cell that was asked for."""

    operation: int
    part: int
    index: list[int]


class AnswerData(TypedDict):
    """A cell of a run, opened; ``sentence`` says why there is no explanation, ``more`` terms are not listed."""

    job: int
    question: QuestionData
    sentence: str
    explanation: ExplanationData | None
    more: int


class CellsData(TypedDict):
    """What ``static/js/your_code/cells.js`` is given: the last answer."""

    answer: AnswerData | None


class PageData(TypedDict):
    """Everything; ``token`` is what the tab keeps, so that a reload needs no new one."""

    language: str
    words: dict[str, str]
    examples: list[ExampleData]
    text: str
    program: ProgramData
    job: JobData
    record: RecordData | None
    token: str


def of_job(job: Job | None, number: int) -> JobData:
    """Describe a run; None: there is none yet."""
    if job is None:
        return JobData(number=0, state="none", sentence="", progress=_nothing())
    at = job.progress
    reason = ""
    if job.ended is not None:
        reason = as_sentence(sentence(job.ended))
    elif job.state == "done" and not job.began:
        reason = _("The program was stopped before it began.")
    elif job.state == "done" and job.record is None:
        reason = _("The program was stopped. It did not answer, so there is no record of it.")
    progress = ProgressData(
        line=at.line,
        lines=at.lines,
        operations=at.operations,
        seconds=round(job.seconds, 1),
        prints=at.prints,
    )
    return JobData(number=number, state=job.state, sentence=reason, progress=progress)


def _nothing() -> ProgressData:
    return ProgressData(line=0, lines=0, operations=0, seconds=0.0, prints=[])


def of_page(job: Job | None, number: int, program: ProgramData, token: str) -> PageData:
    """Return what the drawing is given."""
    return PageData(
        language=current(),
        words=labels.of_page(),
        examples=[ExampleData(key=one.key, title=_(one.title), text=one.text) for one in examples()],
        text="" if job is None else job.request["text"],
        program=program,
        job=of_job(job, number),
        record=None if job is None else job.record,
        token=token,
    )
