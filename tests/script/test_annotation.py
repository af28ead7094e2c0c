"""The program with comments runs as before: only comments are new, whatever the program looks like."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from core.script.annotation import annotate
from core.script.library import FOLDER
from core.script.payload import RecordData, of_record
from core.script.run import Runner
from core.script.source import rows

PROGRAMS = sorted([*FOLDER.rglob("*.py"), *(Path(__file__).parent / "programs").rglob("*.py")])
TENSOR = {"shape": [2], "dtype": "float32", "values": {"min": 0.0, "max": 1.0, "mean": 0.5}}
SENTENCE = {"en": "one line\nnext \x00 \x0c \u2028 line # '''", "zh": "一行\n下一行"}


def on_every_line(text: str) -> RecordData:
    """A record that has something to say on every line: a result, a print, a finding."""
    numbers = range(1, len(rows(text)) + 1)
    operations = [
        {"name": "relu", "expression": "", "line": line, "step": line, "outputs": [TENSOR]}
        for line in numbers
        if line % 2
    ]
    record: Any = {
        "text": text,
        "operations": operations,
        "prints": [{"line": line, "step": line, "text": "\x00 # \r '''"} for line in numbers],
        "lines": [{"line": line, "count": line} for line in numbers],
        "findings": [{"line": line, "evidence": SENTENCE, "repair": SENTENCE} for line in numbers],
        "error": {"line": 1, "type": "E", "message": "a\nb", "why": SENTENCE, "repair": SENTENCE},
    }
    return record  # type: ignore[no-any-return]


ODD = (
    'x = """a\n# no comment\n  b"""  # a comment\ny = (1,\n\n     2)\nif x: y = 3\nelse:\n    z = \\\n        4',
    "#!/usr/bin/env python\n# -*- coding: latin-1 -*-\nx = 1\r\ny = 'a\x0cb\u2028c'; z = f'{x!r:>{x}} # {y}'\n",
    "\x0c\n@staticmethod\ndef f(\n    a,  # of\n):\n    'a'\n\n    return [\n        a  # last\n    ]\n",
)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_only_comments_are_new(language: str) -> None:
    for text in [path.read_text(encoding="utf-8") for path in PROGRAMS] + list(ODD):
        text_with_comments = annotate(on_every_line(text), language)
        assert ast.dump(ast.parse(text_with_comments.encode())) == ast.dump(ast.parse(text)), text
        assert text_with_comments.count("#") > text.count("#")
        pairs = zip(rows(text), rows(text_with_comments), strict=False)
        assert all(line in now or "coding" in line for line, now in pairs)  # no line has another number


def test_what_python_cannot_read_stays_as_it_is() -> None:
    for text in ("x = (1,\n", "if x:\n  y\n z\n", "x = '''"):
        assert annotate(on_every_line(text), "en") == text


@pytest.mark.parametrize(
    ("language", "often", "breaks"),
    [
        ("en", "; the first of 3 times", "  # it breaks here: RuntimeError: "),
        ("zh", "共 3 次", "  # 程序在这里出错：RuntimeError: "),
    ],
)
def test_shapes_numbers_prints_and_the_error_stand_at_their_lines(
    runner: Runner, tmp_path: Path, language: str, often: str, breaks: str
) -> None:
    text = """\
import torch
from torch import nn

layer = nn.Linear(3, 2)
for _ in range(3):
    x = torch.ones(4, 3)
total = x.sum()
print("done")
layer(x.T)
"""
    program = tmp_path / "program.py"
    program.write_text(text)
    lines = annotate(of_record(runner.run(program), text), language).splitlines()
    assert lines[3] == "layer = nn.Linear(3, 2)"
    assert lines[5].startswith("    x = torch.ones(4, 3)  # (4, 3) float32, 1") and often in lines[5]
    assert lines[6] == "total = x.sum()  # () float32 12"
    assert lines[7].startswith('print("done")  # ') and lines[7].endswith(" done")
    assert lines[8].startswith(f"layer(x.T){breaks}")
    assert lines[10].startswith("# ") and "9" in lines[10]
    assert (
        lines[11].startswith("#   RuntimeError: ")
        and "mat1 and mat2" in lines[11]
        and "layer = nn.Linear(4, 2)" in lines[-1]
    )
