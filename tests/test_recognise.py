"""Answers, doubt, reasons and the command line: what is said, how sure, why, and never a traceback."""

from __future__ import annotations

import codecs
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image, ImageDraw

from core import recognise
from core.datasets import load as load_data
from core.datasets import normalise
from core.errors import InvalidSetting
from core.export.recognise_script import script
from core.networks.registry import DIGIT_NETS, build
from core.networks.tutorials import ReaderNet
from core.pretraining import measure, skeleton
from core.recognise import command, doubt, evidence, readers
from core.recognise.forward import forward
from core.settings import PROJECT
from core.sketch import drawing, examples, record
from core.sketch.picture_ink import PictureInk
from tests.pace import within

READS = {"seven": 7, "three": 3, "one": 1, "four": 4, "corner": 2}
SEVEN = record.from_drawing(examples.example("seven")).image


def line(sketch: drawing.Drawing) -> str:
    return json.dumps({"width": 280, "height": 280, "strokes": [each.tolist() for each in sketch.strokes]})


def run(arguments: list[str], **how: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [sys.executable, "-m", "core.recognise", *arguments],
        capture_output=True,
        text=True,
        cwd=PROJECT,
        timeout=120,
        **how,
    )


# --- Answers


def test_the_examples_are_read_and_small_ones_in_corners_too() -> None:
    answers = recognise.of_drawings(recognise.shipped(), [examples.example(name) for name in READS])
    assert [answer.digit for answer in answers] == list(READS.values())
    assert all(answer.doubt is None and max(answer.probabilities) > 0.5 for answer in answers)


def test_the_same_drawing_gets_the_same_answer_whatever_the_pen() -> None:
    pens = [examples.example("three", stroke_width=width) for width in (1, 8, 40)]
    answers = recognise.of_drawings(recognise.shipped(), pens)
    assert len({answer.probabilities for answer in answers}) == 1


def test_probabilities_are_the_softmax_of_the_networks_scores() -> None:
    for net in (ReaderNet(), build("mnist", seed=3), build("lenet5", seed=3), build("lenet3", seed=3)):
        reader = readers.of_module("net", net)
        x = normalise(F.pad(torch.from_numpy(SEVEN[None]), [(reader.input_size - 28) // 2] * 4))
        with torch.no_grad():
            expected = net.eval()(x).double().softmax(dim=1).numpy()
        assert np.allclose(readers.probabilities(reader, SEVEN[None]), expected, atol=1e-12)


def test_thousands_of_drawings_take_seconds() -> None:
    sketches = [examples.example(name) for name in READS] * 600
    assert within(4000, lambda: recognise.of_drawings(recognise.shipped(), sketches))
    assert len(recognise.of_drawings(recognise.shipped(), sketches[:30])) == 30


# --- Doubt


@pytest.mark.parametrize(
    "name, reason", [("two_digits", "several"), ("scribble", "scribble"), ("seven", None), ("four", None)]
)
def test_several_digits_and_scribbles_are_doubted(name: str, reason: str | None) -> None:
    answer = recognise.of_drawings(recognise.shipped(), [examples.example(name)])[0]
    assert answer.doubt == reason
    assert (max(answer.probabilities) < 0.3) == (reason is not None)
    assert sum(answer.probabilities) == pytest.approx(1)


def test_an_empty_canvas_is_not_a_digit() -> None:
    for nothing in (drawing.Drawing(()), drawing.Drawing((np.empty((0, 2)),))):
        answer = recognise.of_drawings(recognise.shipped(), [nothing])[0]
        assert (answer.digit, answer.doubt) == (None, "empty")
        assert answer.probabilities == pytest.approx((0.1,) * 10)


def test_a_single_point_is_doubted() -> None:
    answer = recognise.of_drawings(recognise.shipped(), [drawing.Drawing((np.array([[9.0, 9.0]]),))])[0]
    assert answer.doubt == "spot" and max(answer.probabilities) < 0.3


def traced_test_digits(folder: Path, count: int) -> list[drawing.Drawing]:
    images = load_data("mnist", folder).test_images[:count]
    return measure.as_drawings(skeleton.strokes_of(images), seed=5)


def test_single_digits_are_hardly_ever_doubted_and_pairs_mostly_are(mnist_folder: Path) -> None:
    singles = traced_test_digits(mnist_folder, 400)
    assert sum(doubt.of_drawing(each) is not None for each in singles) <= 4  # 1 in 100

    def scaled(each: drawing.Drawing, x: float) -> list[np.ndarray]:
        points = np.concatenate(each.strokes)
        low, height = points.min(axis=0), max(float(np.ptp(points[:, 1])), 1e-9)
        return [(stroke - low) / height * 100 + [x, 0] for stroke in each.strokes]

    pairs = []
    for one, two in zip(singles[:200], singles[200:], strict=True):
        first = scaled(one, 0.0)
        edge = max(float(stroke[:, 0].max()) for stroke in first)
        pairs.append(drawing.Drawing((*first, *scaled(two, edge + 20))))
    assert sum(doubt.of_drawing(each) == "several" for each in pairs) >= 190


def test_scribbles_of_many_kinds_are_doubted() -> None:
    random = np.random.default_rng(0)
    walks = [np.cumsum(random.normal(0, 9, (120, 2)), axis=0) for _ in range(30)]
    stars = [random.uniform(0, 200, (25, 2)) for _ in range(30)]
    zigzags = [
        np.stack([np.where(np.arange(14) % 2, 200.0, 0) + random.normal(0, 20, 14), np.arange(14) * 15.0], axis=1)
        for _ in range(30)
    ]
    doubts = [doubt.of_drawing(drawing.Drawing((each,))) for each in walks + stars + zigzags]
    assert sum(reason is not None for reason in doubts) >= 86


def test_pictures_are_doubted_too() -> None:
    def ink(name: str) -> np.ndarray:
        return record.paint(examples.example(name))

    names = ["seven", "three", "two_digits"]
    assert [doubt.of_ink(ink(name)) for name in names] == [None, None, "several"]
    assert doubt.of_ink(np.zeros((50, 50), np.float32)) == "empty"
    image = np.zeros((28, 28, 3), np.float32)
    pictures = [PictureInk(image, ink(name)) for name in ("seven", "three")]
    answers = recognise.of_pictures(recognise.shipped(), pictures)
    assert [answer.digit for answer in answers] == [7, 3]


def test_confidence_by_hand() -> None:
    # q = 0.2: 0.2 * 0.9 + 0.8 / 10 = 0.26 and 0.2 * 0.1 / 9 + 0.08
    sure = np.full((1, 10), 0.1 / 9)
    sure[0, 4] = 0.9
    levelled = doubt.believe(sure, ["several"])[0]
    assert levelled[4] == pytest.approx(0.26) and levelled[0] == pytest.approx(0.2 * 0.1 / 9 + 0.08)


# --- Why


def test_the_shares_add_up_to_how_far_the_answer_is_ahead_of_blank_paper() -> None:
    reader = recognise.shipped()
    result = evidence.integrated_gradients(reader, SEVEN, 7, 1)
    with torch.no_grad():
        scores = reader.net(readers.inputs(reader, np.stack([SEVEN, np.zeros_like(SEVEN)]))).double()
    assert result.lead == pytest.approx((scores[0, 7] - scores[0, 1]).item())
    assert result.blank == pytest.approx((scores[1, 7] - scores[1, 1]).item())
    assert result.error < 0.05 * abs(result.lead - result.blank)
    finer = evidence.integrated_gradients(reader, SEVEN, 7, 1, steps=256)
    assert finer.error < max(result.error, 0.01)
    assert not result.shares[SEVEN == 0].any()  # where the drawing is paper nothing changed on the way


def test_for_a_linear_network_a_share_is_weight_times_change() -> None:
    linear = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(784, 10))
    reader = readers.of_module("linear", linear)
    result = evidence.integrated_gradients(reader, SEVEN, 2, 5)
    weight = (linear[1].weight[2] - linear[1].weight[5]).detach().view(28, 28)
    expected = weight * (normalise(torch.from_numpy(SEVEN[None])) - normalise(torch.zeros(1, 28, 28)))[0, 0]
    assert np.allclose(result.shares, expected.numpy(), atol=1e-5)
    assert result.error < 1e-3


def test_erasing_is_asking_again() -> None:
    reader = recognise.shipped()
    result = evidence.erased(reader, SEVEN, 7, 1)
    covered = SEVEN.copy()
    covered[8:13, 8:13] = 0
    with torch.no_grad():
        scores = reader.net(readers.inputs(reader, np.stack([SEVEN, covered]))).double()
    lead = scores[:, 7] - scores[:, 1]
    assert result.shares.shape == (28, 28)
    assert result.shares[10, 10] == pytest.approx((lead[0] - lead[1]).item(), abs=1e-5)


@pytest.mark.parametrize("name", ["mnist", "lenet3", "lenet5"])
def test_the_values_of_each_layer_are_those_of_the_networks_own_modules(name: str) -> None:
    net = build(name, seed=0)
    reader = readers.of_module(name, net)
    values_by_name: dict[str, torch.Tensor] = {}
    for path, module in net.named_children():
        module.register_forward_hook(
            lambda _m, _i, output, path=path: values_by_name.__setitem__(path, output[0].detach())
        )
    passed = forward(reader.net, readers.inputs(reader, SEVEN[None]))
    by_name = {each.name: each.values for each in passed.layers if each.name}
    weighted = {path for path, module in net.named_children() if hasattr(module, "weight")}
    assert set(by_name) == weighted and weighted <= set(values_by_name)
    assert all(torch.equal(values, values_by_name[path]) for path, values in by_name.items())


# --- Networks from files


def test_a_state_dict_is_recognised_by_its_shapes(tmp_path: Path) -> None:
    for name in DIGIT_NETS:
        net = build(name, seed=1)
        torch.save(net.state_dict(), tmp_path / "model.pth")
        reader = recognise.load(tmp_path / "model.pth")
        assert type(reader.net) is type(net) and reader.input_size == DIGIT_NETS[name].input_size
        for ours, theirs in zip(reader.net.parameters(), net.parameters(), strict=True):
            assert torch.equal(ours, theirs)


def test_files_that_hold_no_known_network_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "model.pth"
    diverged = build("mnist", seed=0).state_dict()
    diverged["fc1.bias"][0] = torch.nan
    for content in ({"a": torch.zeros(3)}, [1, 2], diverged, {"conv1.weight": torch.zeros(10, 1, 5, 5)}):
        torch.save(content, file)
        with pytest.raises(InvalidSetting):
            recognise.load(file)
    for content in (b"", b"junk", b"PK\x03\x04"):
        file.write_bytes(content)
        with pytest.raises(InvalidSetting):
            recognise.load(file)
    for missing in (tmp_path / "nowhere.pth", tmp_path):
        with pytest.raises(InvalidSetting):
            recognise.load(missing)


# --- The command line


def test_strokes_are_answered_one_line_each_and_bad_lines_in_their_place(tmp_path: Path) -> None:
    file = tmp_path / "drawings.jsonl"
    good = [line(examples.example(name)) for name in READS]
    bad = ["{", '{"strokes": 3}', '{"strokes": [[["x", 1]]]}', "[" * 100_000, "\xff\x00"]
    file.write_text("\n".join([good[0], *bad, "", *good[1:], '{"strokes": []}']) + "\n", encoding="utf-8")
    result = run(["--strokes", str(file)])
    assert result.returncode == 1 and "Traceback" not in result.stderr
    answers = [json.loads(text) for text in result.stdout.splitlines()]
    assert len(answers) == len(good) + len(bad) + 1
    assert list(answers[0]) == ["digit", "probabilities"] and len(answers[0]["probabilities"]) == 10
    assert [answer["digit"] for answer in (answers[0], *answers[6:10])] == list(READS.values())
    assert all(set(answer) == {"error"} and "line" in answer["error"] for answer in answers[1:6])
    assert answers[-1]["digit"] is None and answers[-1]["doubt"] == "empty"


def test_the_command_says_what_the_app_says(tmp_path: Path) -> None:
    torch.save(build("mnist", seed=4).state_dict(), tmp_path / "model.pth")
    result = run(
        ["--strokes", "-", "--checkpoint", str(tmp_path / "model.pth")], input=line(examples.example("four"))
    )
    expected = recognise.of_drawings(recognise.load(tmp_path / "model.pth"), [examples.example("four")])[0]
    answer = json.loads(result.stdout)
    assert result.returncode == 0 and answer["digit"] == expected.digit
    assert answer["probabilities"] == pytest.approx(expected.probabilities, abs=1e-6)


def test_images_are_answered_the_same_way(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("seven", "three"):
        ink = record.paint(examples.example(name))
        Image.fromarray((255 - 255 * ink).astype(np.uint8)).save(tmp_path / f"{name}.png")
    (tmp_path / "bad.png").write_bytes(b"no image")
    paths = [str(tmp_path / name) for name in ("seven.png", "bad.png", "three.png", "missing.png")]
    assert command.main(paths) == 1
    answers = [json.loads(text) for text in capsys.readouterr().out.splitlines()]
    assert [answer.get("digit") for answer in answers] == [7, None, 3, None]
    assert ["error" in answer for answer in answers] == [False, True, False, True]
    assert answers[3]["error"].count("missing.png") == 1


def test_what_was_left_out_of_a_picture_is_said_and_a_shape_is_doubted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = Image.fromarray((255 - 255 * record.paint(examples.example("three"))).astype(np.uint8))
    ImageDraw.Draw(picture).rectangle((30, 20, 250, 270), outline=0, width=5)
    picture.save(tmp_path / "framed.png")
    shape = Image.new("RGB", (200, 200), "white")
    ImageDraw.Draw(shape).rectangle((60, 50, 140, 150), fill=(200, 20, 20))
    shape.save(tmp_path / "shape.png")
    assert command.main([str(tmp_path / "framed.png"), str(tmp_path / "shape.png")]) == 0
    framed, filled = (json.loads(text) for text in capsys.readouterr().out.splitlines())
    assert framed["digit"] == 3 and "doubt" not in framed and framed["removed"]
    assert filled["doubt"] in ("filled", "scribble") and max(filled["probabilities"]) < 0.3


def test_a_picture_of_which_no_digit_is_probable_is_doubted_and_its_probabilities_stay() -> None:
    probable = np.full((2, 10), 0.05)
    probable[0, 3], probable[1, 3] = 0.55, 0.65
    assert doubt.unless_sure(probable, [None, None], [True, True]) == ["unsure", None]
    assert doubt.unless_sure(probable, ["several", None], [True, True]) == ["several", None]
    assert doubt.unless_sure(probable, [None, None], [False, True]) == [None, None]  # one of MNIST's own
    assert np.array_equal(doubt.believe(probable, ["unsure", None]), probable)


def test_what_cannot_begin_ends_with_status_2_and_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["--strokes", str(tmp_path / "nowhere.jsonl")]) == 2
    assert command.main(["x.png", "--checkpoint", str(tmp_path / "nowhere.pth")]) == 2
    assert capsys.readouterr().err.count("cannot be read") == 2
    with pytest.raises(SystemExit):
        command.main([])


GOOD = line(examples.example("seven"))
SPOILED = {
    "a byte that is no UTF-8": GOOD.encode() + b'\n{"caf\xe9": 1}\n' + GOOD.encode(),
    "a mark at the beginning": codecs.BOM_UTF8 + f"{GOOD}\n[]\n{GOOD}\n".encode(),
    "UTF-16": f"{GOOD}\r\n[]\r\n{GOOD}\r\n".encode("utf-16"),
}


@pytest.mark.parametrize("by", ["standard input", "file"])
@pytest.mark.parametrize("spoiled", SPOILED)
def test_bytes_are_read_alike_from_standard_input_and_from_a_file(
    by: str, spoiled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "drawings.jsonl"
    file.write_bytes(SPOILED[spoiled])
    strict = io.TextIOWrapper(io.BufferedReader(io.BytesIO(SPOILED[spoiled])), "utf-8", "strict")
    monkeypatch.setattr(sys, "stdin", strict)
    assert command.main(["--strokes", "-" if by != "file" else str(file)]) == 1
    output = capsys.readouterr()
    assert not output.err
    assert_only_the_second_is_refused(output.out)


def test_bytes_that_come_through_a_pipe_are_read_too() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "core.recognise", "--strokes", "-"],
        input=SPOILED["a byte that is no UTF-8"],
        capture_output=True,
        cwd=PROJECT,
        timeout=120,
        env={**os.environ, "PYTHONIOENCODING": "utf-8:strict"},
    )
    assert result.returncode == 1 and not result.stderr, result.stderr
    assert_only_the_second_is_refused(result.stdout.decode())


def assert_only_the_second_is_refused(printed: str) -> None:
    answers = [json.loads(text) for text in printed.splitlines()]
    assert [answer.get("digit") for answer in answers] == [7, None, 7] and "line 2" in answers[1]["error"]


@pytest.mark.parametrize(
    "content, words",
    [
        (b"<!doctype html><p>\n" * 50, "web page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", "Git LFS pointer"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "of the format PNG, not drawings, one a line"),
        (b"PK\x03\x04" + bytes(100_000), "of the format ZIP"),
    ],
)
def test_a_file_of_another_kind_is_told_once_for_what_it_is(
    content: bytes, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "given"
    file.write_bytes(content)
    assert command.main(["--strokes", str(file)]) == 2
    output = capsys.readouterr()
    assert words in output.err and output.err.startswith("given is") and not output.out


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "is empty"),
        (b"<html></html>", "is a web page"),
        (b"%PDF-1.7\n", "of the format PDF, not a picture"),
        (b"\0\0\0\x18ftypheic" + bytes(50), "of the format HEIC, not a picture that can be read: use PNG or JPEG"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "of the format SVG"),
        (b"no picture", "use PNG or JPEG"),
    ],
)
def test_a_picture_of_another_kind_is_told_for_what_it_is(
    content: bytes, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "given.png"
    file.write_bytes(content)
    assert command.main([str(file), str(tmp_path / "gone.png")]) == 1
    first, second = (json.loads(text)["error"] for text in capsys.readouterr().out.splitlines())
    assert words in first and first.count("given.png") == 1 and second.count("gone.png") == 1


# --- The code to export


@pytest.mark.parametrize("name, reason", [("reader", None), ("lenet5", None), ("reader", "several")])
def test_the_script_prints_the_same_probabilities(
    name: str,
    reason: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    reader = recognise.shipped() if name == "reader" else readers.of_module(name, build(name, seed=2))
    torch.save(reader.net.state_dict(), tmp_path / "reader.pth")
    text = script(reader.net, reader.input_size, SEVEN, reason, "reader.pth")
    assert text is not None and "core" not in text.split("import", 1)[1].split("class", 1)[0]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["recognise.py"])
    exec(compile(text, "recognise.py", "exec"), {})
    printed = [float(line.split(": ")[1]) for line in capsys.readouterr().out.splitlines()]
    expected = recognise.answer(reader, SEVEN[None], [reason])[0].probabilities
    assert printed == pytest.approx(expected, abs=2e-6)
