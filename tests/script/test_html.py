"""A record as one file: small, self-contained, and nothing of a program can leave the element that holds it."""

from __future__ import annotations

import base64
import json
import re
import zlib
from pathlib import Path
from typing import Any

import pytest

from core.script import html
from core.script.__main__ import main
from core.script.exported_cells import pack_cells
from core.script.payload import RecordData, of_record
from core.script.run import Runner
from core.script.viewer_labels import LABELS

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "core" / "script" / "examples" / "programs"
HELD = re.compile(r'<script type="text/plain" id="record">(?P<data>.*?)</script>', re.DOTALL)
HOSTILE = """\
text = "</script><script>window.taken = 1</script><!-- ' \\" -->"
names = {"<b onclick='x'>": "</script>"}
print(text)
print("\\ud83d", "\\u2028", {"format": "{braces} %s"})
raise ValueError(text)
"""


def contents(text: str) -> Any:
    match = HELD.search(text)
    assert match is not None
    return json.loads(zlib.decompress(base64.b64decode(match["data"])))


def data_of(runner: Runner, path: Path) -> RecordData:
    text = path.read_text(encoding="utf-8")
    return of_record(runner.run(path), text)


def test_lenets_walk_is_one_file_under_2_mb_with_all_words_and_cells(runner: Runner) -> None:
    path = PROGRAMS / "lenet.py"
    ran = runner.run(path)
    record = of_record(ran, path.read_text(encoding="utf-8"))
    cells = pack_cells(ran.calls, ran.gradients, "zh")  # its words take more bytes
    answers = json.loads(zlib.decompress(base64.b64decode(cells)))
    explanations = [
        (key.split(".")[:2], one["explanation"]) for key, one in answers.items() if "explanation" in one
    ]
    assert {(int(part[0]), int(part[1])) for part, _one in explanations} >= {
        *((index, 0) for index, call in ran.calls.items() if call.name != "getitem"),
        *(place for place, gradient in ran.gradients.items() if gradient.uses),
    }, "of every tensor and gradient some cells open"
    assert all(one["result"] == pytest.approx(one["torch"], rel=1e-3, abs=1e-5) for _part, one in explanations)
    for language in ("en", "zh"):
        text = html.page(record, language, name="lenet.py", cells=cells)
        assert len(text.encode()) < 2_000_000
        data = contents(text)
        assert data["record"] == json.loads(json.dumps(record))
        assert data["words"].keys() == LABELS.keys() and data["language"] == language
        assert not re.search(r"(?:src|href)=|url\(|@import", text.split('id="record"')[0])


def test_a_program_cannot_leave_the_element_that_holds_it(runner: Runner, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(HOSTILE, encoding="utf-8")
    record = data_of(runner, program)
    name = "<img src=x>\"'.py"
    text = html.page(record, "en", name=name)
    assert text.count("</script>") == text.count("<script") == 3
    assert name not in text and "<!--" not in text
    assert contents(text)["record"] == json.loads(json.dumps(record))
    assert text.encode()  # half of a surrogate pair is no UTF-8


DEEP = """
import torch
from torch import nn

net = nn.Sequential(*[part for _ in range(100) for part in (nn.Linear(32, 32), nn.Tanh())])
other = nn.Sequential(*[nn.Conv2d(8, 8, 3, padding=1) for _ in range(9)])
for step in range(3):
    net(torch.rand(4, 32)).sum().backward()
    other(torch.rand(2, 8, 40, 40)).sum().backward()
"""


def test_a_large_network_is_below_2_mb_and_what_has_no_room_is_named(
    runner: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "program.py"
    program.write_text(DEEP, encoding="utf-8")
    record = data_of(runner, program)
    assert len(json.dumps(record)) > 2_000_000 and len(record["pictures"]) == 2
    text = html.page(record, "en")
    assert len(text.encode()) < html.MOST_BYTES and contents(text)["record"] == json.loads(json.dumps(record))
    monkeypatch.setattr(html, "MOST_BYTES", len(text) - 10_000)
    small = html.page(record, "en")
    assert len(small) < html.MOST_BYTES
    smaller = contents(small)["record"]
    assert [one["module"] for one in smaller["pictures"]] == ["net: Sequential"]
    assert smaller["notes"][-1]["en"].startswith("The pictures of other: Sequential are left out")
    assert smaller["notes"][:-1] == record["notes"]


def test_every_module_that_is_imported_is_there_by_name() -> None:
    modules = html.needed(html.ENTRY, html.from_disk)
    assert {"your_code/viewer.js", "your_code/timeline.js", "lib/dom.js"} <= modules.keys()
    assert not {"your_code/page.js", "lib/live.js"} & modules.keys()
    for source in modules.values():
        assert not re.search(r"\b(?:fetch|WebSocket|XMLHttpRequest|importScripts)\b|import\(", source)


@pytest.mark.usefixtures("command_with_runner")
def test_the_command_writes_both_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = tmp_path / "program.py"
    program.write_text("x = 2\r\nprint(x * 21)\r\n", encoding="utf-8")
    page, annotated = tmp_path / "run.html", tmp_path / "with_comments.py"
    assert main([str(program), "--html", str(page), "--annotated", str(annotated)]) == 0
    assert "<title>program.py · A program&#x27;s run</title>" in page.read_text(encoding="utf-8")
    assert annotated.read_text(encoding="utf-8") == "x = 2\nprint(x * 21)  # prints 42\n"
    assert main([str(program), "--html", str(tmp_path / "none" / "run.html")]) == 2
    assert "run.html" in capsys.readouterr().err
