"""A record as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from core.errors import N_
from core.i18n import translate
from core.script.program_record import Error, Operation, Record, TensorFacts
from core.script.source import Source
from core.sentence import as_sentence

MOST = 40  # operations that are listed, from the beginning and from the end


def outline(record: Record, source: Source, language: str) -> Iterator[str]:
    """Give the lines of the outline."""

    def say(message: str, **values: object) -> str:
        return translate(language, message, **values)

    yield say(
        N_(
            "{lines} of {all} {all:line|lines} ran; {operations} torch {operations:operation|operations}, "
            "{listed} of them recorded."
        ),
        lines=len(record.lines),
        all=len(source.lines),
        operations=record.total_operations,
        listed=len(record.operations),
    )
    if any(line.at_least for line in record.lines):
        yield say(N_("Lines were counted until {most:,} had run."), most=sum(line.count for line in record.lines))
    yield from (note.text(language) for note in record.notes)
    if record.operations:
        yield ""
        yield from _operations(record.operations, language)
    if record.prints:
        yield ""
        yield say(N_("Printed:"))
        for one in record.prints:
            if one.skipped_before:
                yield say(N_("  … {count} left out …"), count=one.skipped_before)
            yield f"  {one.line:>4}  {one.text}"
    for finding in record.findings:
        yield ""
        yield say(N_("Line {line}: {code}"), line=finding.line, code=source.line(finding.line))
        yield f"  [{finding.key}] {finding.evidence.text(language)}"
        yield f"  {finding.repair.text(language)}"
    if record.error is not None:
        yield ""
        yield from _error(record.error, source, language)


def _operations(operations: tuple[Operation, ...], language: str) -> Iterator[str]:
    excerpt = operations if len(operations) <= MOST else (*operations[: MOST // 2], *operations[-MOST // 2 :])
    before = -1
    for one in excerpt:
        if one.index > before + 1:
            yield translate(language, N_("  … {count} left out …"), count=one.index - before - 1)
        before = one.index
        inputs = ", ".join(f"{part.name} {_shape(part)}" for part in one.inputs)
        outputs = ", ".join(map(_shape, one.outputs))
        expression = " ".join(one.expression.split())
        expression = expression if len(expression) <= 50 else expression[:49] + "…"
        yield f"  {one.line:>4}  {expression:<50}  {one.name}({inputs}) -> {outputs}"


def _shape(tensor: TensorFacts) -> str:
    return f"{list(tensor.shape)} {tensor.dtype}"


def _error(error: Error, source: Source, language: str) -> Iterator[str]:
    if not error.type:  # its process ended: the program raised nothing
        yield as_sentence(error.why.text(language))
        yield f"  {error.repair.text(language)}"
        return
    yield translate(language, N_("Line {line}: {code}"), line=error.line, code=source.line(error.line))
    yield f"  {error.type}: {error.message}"
    if error.expression:
        yield "  " + translate(language, N_("It happened in {expression}"), expression=error.expression)
    for one in error.operands:
        yield f"    {one.name}: {list(one.shape)} {one.dtype} {one.device}"
    if error.why.message:
        yield f"  [{error.cause}] {error.why.text(language)}"
        yield f"  {error.repair.text(language)}"
