"""What the instrument of the Convolution page gets beside its settings: a drawing, an upload."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from core.errors import InvalidSetting
from pages.parts.convolution import inputs


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A session's state that the widgets would have filled."""
    state: dict[str, Any] = {}
    monkeypatch.setattr(inputs.st, "session_state", state)
    return state


def uploaded(image: Image.Image, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


def file(content: bytes) -> SimpleNamespace:
    return SimpleNamespace(name="mine.png", getvalue=lambda: content)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_is_brought_with_its_three_channels_between_black_and_white(session, kind: str) -> None:
    session["convolution_file"] = file(uploaded(Image.new("RGB", (40, 30), (255, 0, 51)), kind))
    x = inputs.uploaded()
    assert x.shape == (3, 30, 40)
    assert [round(channel.mean().item(), 1) for channel in x] == [1.0, 0.0, 0.2]


def test_a_large_picture_is_made_smaller_so_that_one_message_holds_it(session) -> None:
    session["convolution_file"] = file(uploaded(Image.new("RGB", (900, 300))))
    assert inputs.uploaded().shape == (3, 43, 128)


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n" + bytes(40), uploaded(Image.new("L", (64, 64)))[:60], b"<svg/>"],
)
def test_what_is_no_picture_is_refused(session: dict[str, Any], content: bytes) -> None:
    session["convolution_file"] = file(content)
    with pytest.raises(InvalidSetting, match="PNG or JPEG|is damaged" if content else "is empty"):
        inputs.uploaded()


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(session: dict[str, Any]) -> None:
    for side in (6000, 20_000):  # beyond the second Pillow itself refuses
        session["convolution_file"] = file(uploaded(Image.new("1", (side, side))))
        with pytest.raises(InvalidSetting, match=r"more than \d+ million pixels"):
            inputs.uploaded()


def test_16_bits_transparent_paper_and_a_camera_held_upright_are_read_as_draw_reads_them(session) -> None:
    grey = np.tile(np.linspace(0, 255, 60).astype(np.uint8), (20, 1))
    session["convolution_file"] = file(uploaded(Image.fromarray(grey.astype(np.uint16) * 257)))
    assert np.allclose(inputs.uploaded().numpy(), grey / 255, atol=0.01)
    stroke = Image.new("RGBA", (40, 30), (0, 0, 0, 0))
    stroke.paste((0, 0, 0, 255), (10, 10, 20, 20))
    session["convolution_file"] = file(uploaded(stroke))
    assert inputs.uploaded().mean().item() == pytest.approx(1 - 100 / 1200, abs=0.01)
    turned, buffer = Image.Exif(), io.BytesIO()
    turned[0x112] = 6
    Image.new("L", (40, 30)).save(buffer, "JPEG", exif=turned)
    session["convolution_file"] = file(buffer.getvalue())
    assert inputs.uploaded().shape == (3, 40, 30)


def test_no_picture_yet_is_none(session: dict[str, Any]) -> None:
    assert inputs.uploaded() is None and not session


def test_a_drawing_is_where_it_was_drawn_and_an_empty_canvas_an_empty_picture() -> None:
    line = [["M", 20, 20], ["L", 20, 200]]  # from top to bottom, near the left edge
    x = inputs.image_of({"objects": [{"type": "path", "path": line, "strokeWidth": inputs.PEN}]})
    assert x.shape == (1, 28, 28)
    assert x[0, :, :6].sum() > 10
    assert x[0, :, 12:].sum() == 0
    assert torch.count_nonzero(inputs.image_of(None)) == 0


def test_a_file_of_another_kind_is_told_for_what_it_is(session: dict[str, Any]) -> None:
    for content, words in ((b"", "this file is empty"), (b"<html>", "web page"), (b"%PDF-1.4", "format PDF")):
        session["convolution_file"] = file(content)
        with pytest.raises(InvalidSetting, match=words):
            inputs.uploaded()
