"""CONTRIBUTING.md, "From a slider to the picture": kernel_size passes five places, and no other one knows it."""

from __future__ import annotations

import re
from pathlib import Path

from core.convolution.scene import drawing
from core.live import settings
from core.live.convolution.run import build_layer, run
from core.live.convolution.settings import SETTINGS

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
SECTION = TEXT.partition("## From a slider to the picture\n")[2].partition("\n## ")[0]
PLACES = re.findall(r"^\d\. `([^`]+)`", SECTION, re.MULTILINE)
CARRIERS = ("core/live/*.py", "core/message.py", "pages/shared/*.py", "static/js/lib/*.js")
TEXTS = {"lessons.py", "lesson_texts.py"}  # what lessons are called and say


def test_the_five_places_are_as_they_are_described() -> None:
    assert len(PLACES) == 5
    for path in PLACES[:-1]:
        assert re.search(r"kernel_size|\"kernel\"", (ROOT / path).read_text(encoding="utf-8")), path
    drawing_modules = [ROOT / PLACES[-1], *(ROOT / PLACES[-1]).parent.glob("*_painter.js")]
    assert any("data.kernel[" in path.read_text(encoding="utf-8") for path in drawing_modules)


def test_what_lies_between_carries_kernel_size_without_knowing_it() -> None:
    paths = [path for pattern in CARRIERS for path in ROOT.glob(pattern) if path.name not in TEXTS]
    assert len(paths) > 60
    assert [path for path in paths if re.search(r"\bkernel", path.read_text(encoding="utf-8"))] == []


def test_what_the_slider_says_arrives_in_torch_and_in_the_drawing() -> None:
    for size in (2, 4, 7):
        values = settings.read(SETTINGS, {"kernel": size, "kind": "conv", "weights": "random"})
        layer = build_layer(values)
        scene = run(values, {})
        assert layer.kernel_size == (size, size) == tuple(layer.arguments()["kernel_size"])
        assert scene.weight is not None and scene.weight.shape[2:] == (size, size)
        assert drawing(scene, 0)["kernel"] == [size, size]
