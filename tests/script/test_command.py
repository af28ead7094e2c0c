"""``python -m core.script``: one object, an outline, exit statuses, limits; programs run as Python runs them."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from benchmarks import recording
from core.isolation.limits import CallFailed, Limits
from core.script import lines
from core.script.__main__ import main
from core.script.outline import outline
from core.script.run import Runner
from core.script.source import Source

ROOT = Path(__file__).resolve().parents[2]


def write(folder: Path, text: str) -> Path:
    path = folder / "program.py"
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return path


BROKEN = """\
    import torch
    from torch import nn

    layer = nn.Linear(3, 2)
    print("before")
    x = torch.randn(4, 5)
    y = layer(x)
    """


@pytest.mark.usefixtures("command_with_runner")
def test_json_is_one_object_and_the_exit_status_says_that_the_program_raised(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(write(tmp_path, BROKEN)), "--json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert set(data) == {"lines", "operations", "prints", "error", "findings"}
    error = data["error"]
    assert (error["type"], error["line"], error["expression"]) == ("RuntimeError", 7, "layer(x)")
    assert error["cause"] == "in_features"
    assert error["operands"][0] == {"name": "x", "shape": [4, 5], "dtype": "float32", "device": "cpu"}
    assert "layer = nn.Linear(5, 2)" in error["repair"]
    assert data["prints"] == [{"line": 5, "text": "before", "skipped_before": 0}]
    assert {line["line"]: line["count"] for line in data["lines"]}[7] == 1
    randn = next(one for one in data["operations"] if one["name"] == "randn")
    assert (randn["line"], randn["expression"]) == (6, "torch.randn(4, 5)")
    assert randn["outputs"][0]["shape"] == [4, 5] and len(randn["outputs"][0]["values"]["first"]) == 8


@pytest.mark.parametrize(("language", "words"), [("en", "Change line 4 to"), ("zh", "把第 4 行改为")])
def test_the_outline_explains_in_both_languages(tmp_path: Path, runner: Runner, language: str, words: str) -> None:
    program = write(tmp_path, BROKEN)
    assert words in "\n".join(outline(runner.run(program), Source.read(program), language))


def test_a_program_that_cannot_be_read_is_exit_status_2(tmp_path: Path) -> None:
    assert main([str(tmp_path / "none.py")]) == 2


def test_it_never_imports_streamlit_or_pages() -> None:
    code = (
        "import sys, core.script.__main__, core.script.warm_up\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('streamlit', 'pages')])"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_a_program_runs_as_python_runs_it(tmp_path: Path, runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "beside.py").write_text("NUMBER = 7\n")
    elsewhere = tmp_path / "cwd"
    elsewhere.mkdir()
    program = write(
        tmp_path,
        """\
        import os, pickle, sys
        from beside import NUMBER

        class Thing:
            pass

        print(__name__, NUMBER, sys.argv[1:], os.path.basename(os.getcwd()), os.path.basename(__file__))
        print(type(pickle.loads(pickle.dumps(Thing()))).__name__, sys.modules["__main__"].NUMBER)
        """,
    )
    monkeypatch.chdir(elsewhere)
    record = runner.run(program, ["--lr", "3"])
    assert record.error is None, record.error
    assert [one.text for one in record.prints] == ["__main__ 7 ['--lr', '3'] cwd program.py", "Thing 7"]


def test_the_numbers_of_a_program_are_those_of_python(tmp_path: Path, runner: Runner) -> None:
    program = ROOT / "tests" / "script" / "programs" / "healthy" / "lstm.py"
    plain = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, check=True, cwd=tmp_path)
    recorded = runner.run(program)
    expected = json.loads(plain.stdout)
    assert json.loads(recorded.prints[-1].text) == pytest.approx(expected, rel=1e-6)


def test_without_a_seed_each_run_has_other_random_numbers(tmp_path: Path, runner: Runner) -> None:
    program = write(
        tmp_path, "import random, numpy, torch\nprint(torch.rand(1).item(), random.random(), numpy.random.rand())\n"
    )
    first, second = (runner.run(program).prints[0].text.split() for _ in range(2))
    assert all(one != other for one, other in zip(first, second, strict=True))


@pytest.mark.parametrize(("status", "raised"), [(0, False), (3, True)])
def test_sys_exit_raises_where_its_status_does(tmp_path: Path, runner: Runner, status: int, raised: bool) -> None:
    record = runner.run(write(tmp_path, f"import sys\nsys.exit({status})\n"))
    assert (record.error is not None) == raised
    assert record.error is None or record.error.cause == "exit"


def test_a_process_that_ended_is_said_in_a_sentence_without_a_line_that_is_not_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = write(tmp_path, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")
    assert main([str(program)]) == 1
    printed = capsys.readouterr().out
    assert "process" in printed and "--memory-mb" in printed
    assert "Ended" not in printed and "[ended]" not in printed and "Line 0" not in printed
    assert main([str(program), "--language", "zh"]) == 1
    assert "--memory-mb" in (chinese := capsys.readouterr().out) and chinese != printed


def test_an_endless_loop_is_recorded_up_to_its_end(tmp_path: Path, runner: Runner) -> None:
    record = runner.run(write(tmp_path, "n = 0\nwhile True:\n    n += 1\n"), limits=Limits(1.0, 2_000))
    assert record.error is not None
    assert (record.error.type, record.error.cause) == ("TimeLimit", "time")
    assert record.error.line in (2, 3)
    assert {one.line for one in record.lines} == {1, 2, 3}


def test_memory_is_bounded(tmp_path: Path, runner: Runner) -> None:
    program = write(tmp_path, "import torch\nx = [torch.ones(10_000_000) for _ in range(1000)]\n")
    record = runner.run(program, limits=Limits(60.0, 500))
    assert record.error is not None
    assert (record.error.cause, record.error.line) == ("memory", 2)


def test_a_program_that_kills_its_process_harms_nothing_else(tmp_path: Path, runner: Runner) -> None:
    with pytest.raises(CallFailed):
        runner.run(write(tmp_path, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n"))
    assert runner.run(write(tmp_path, "print(1)\n")).error is None


def test_a_million_lines_and_prints_and_operations_stay_within_bounds(tmp_path: Path, runner: Runner) -> None:
    program = write(
        tmp_path,
        """\
        import torch

        total = 0
        for i in range(1_000_000):
            total += i
        for i in range(3000):
            print("x" * 100)
        t = torch.zeros(1)
        for i in range(5000):
            t = t + 1
        print(t.item())
        """,
    )
    record = runner.run(program)
    assert record.error is None
    assert {one.line: one.count for one in record.lines}[5] == 1_000_000
    assert len(record.prints) <= 700 and record.prints[-1].text == "5000.0"
    assert len(record.operations) <= 1000 < record.total_operations
    assert record.operations[-1].index == record.total_operations - 1
    assert sum(one.skipped_before for one in record.operations) == record.total_operations - len(record.operations)
    assert len(json.dumps(record.as_json())) < 2_000_000


def test_counting_lines_ends_at_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MOST", 10)
    counter = lines.Lines("<text>")
    counter.start()
    try:
        exec(compile("for i in range(100):\n    pass\n", "<text>", "exec"), {})
    finally:
        counter.stop()
    assert sum(one.count for one in counter.records()) == 10
    assert all(one.at_least for one in counter.records())


@pytest.mark.parametrize("takes_over", [False, True])
def test_a_trace_function_goes_on_seeing_other_files_and_is_put_back(takes_over: bool) -> None:
    calls = []

    def trace(frame: FrameType, event: str, _argument: Any) -> Any:
        calls.append((frame.f_code.co_name, event))
        if takes_over and event == "call":  # as coverage does, at the first call that it sees
            sys.settrace(trace)
        return trace

    variables: dict[str, Any] = {}
    exec(compile("def other():\n    return 1\n", "<other>", "exec"), variables)
    counter = lines.Lines("<text>")
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        counter.start()
        exec(compile("for i in range(3):\n    other()\n", "<text>", "exec"), variables)
        counter.stop()
        after = sys.gettrace()
    finally:
        sys.settrace(before)
    assert after is trace
    assert [event for name, event in calls if name == "other"] == ["call", "line", "return"] * 3
    assert {one.line: one.count for one in counter.records()} == {1: 4, 2: 3}


def test_a_module_alone_is_walked_with_a_suggested_input(runner: Runner) -> None:
    record = runner.run(ROOT / "tests" / "script" / "programs" / "healthy" / "module_alone.py")
    assert [note.values["shapes"] for note in record.notes] == ["(2, 1, 28, 28)"]
    assert "conv2d" in {one.name for one in record.operations}


def test_a_module_alone_that_does_not_fit_is_explained(tmp_path: Path, runner: Runner) -> None:
    program = write(
        tmp_path,
        """\
        import torch.nn as nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.a = nn.Linear(4, 8)
                self.b = nn.Linear(9, 2)

            def forward(self, x):
                return self.b(self.a(x))
        """,
    )
    error = runner.run(program).error
    assert error is not None
    assert (error.cause, error.line, error.expression) == ("in_features", 10, "self.b(self.a(x))")


@pytest.mark.parametrize(
    ("text", "cause", "repair"),
    [
        ("x = np.ones(3)\n", "name", "import numpy as np"),
        ("if 1:\n\u00a0\u00a0x = 1\n", "character", "with a space: in line 2"),
        ("print(1\uff0c 2\uff09\n", "character", "with ,: in line 1"),
        ("print(\u201chello\u201d)\n", "character", 'with ": in line 1'),
        ("x =\u200b 1\n", "character", "with no character"),
        ("%matplotlib inline\n!pip install torch\nx = 1\n", "syntax", "write # before it: lines 1, 2"),
        (">>> x = 1\n>>> x\n1\n", "syntax", "Delete >>> at the beginning"),
        ("```python\nx = 1\n```\n", "syntax", "Delete it: lines 1, 3"),
        ("import torch\n\ntorch.relu(1\n", "syntax", "missing bracket"),
    ],
)
def test_what_comes_with_copied_code_is_named(
    tmp_path: Path, runner: Runner, text: str, cause: str, repair: str
) -> None:
    error = runner.run(write(tmp_path, text)).error
    assert error is not None and error.cause == cause
    assert repair in error.repair.text("en")
    assert error.repair.text("zh") != error.repair.text("en")


def test_torch_compile_is_switched_off_and_said(tmp_path: Path, runner: Runner) -> None:
    program = write(
        tmp_path,
        """\
        import torch
        from torch import nn

        torch.manual_seed(0)
        plain = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
        model = torch.compile(plain, mode="reduce-overhead")
        x = torch.randn(16, 4)
        for step in range(3):
            loss = model(x).square().mean()
            loss.backward()

        @torch.compile
        def f(x):
            return torch.sin(x) + torch.cos(x)

        print(torch.equal(f(x), torch.sin(x) + torch.cos(x)), list(model.state_dict()) == list(plain.state_dict()))
        print(model._orig_mod is plain)
        plain.compile()
        plain(x)
        """,
    )
    record = runner.run(program)
    assert record.error is None and not record.troubles
    assert [one.text for one in record.prints] == ["True True", "True"]
    assert record.notes[0].text("en").startswith("torch.compile was switched off")
    assert sum(one.name == "linear" for one in record.operations) == 8, "three passes and one, two layers each"


@pytest.mark.skipif(sys.gettrace() is not None, reason="measured lines take longer")
@pytest.mark.long
def test_recording_costs_a_few_times_the_plain_run(tmp_path: Path, runner: Runner) -> None:
    """The benchmark wants 5; other processes of the tests share the two cores, so twice that is let pass here.

    One pair is enough for it: processor time is compared, of which a hundred steps take seconds.
    """
    rows = {row.metric: row for row in recording.lenet(runner, tmp_path / "program.py", pairs=1)}
    assert 1 < rows["recorded against plain"].value < 10, rows
