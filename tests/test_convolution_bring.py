"""Pictures that a person brings to the convolution lesson: drawn, uploaded, typed, from the data set."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from PIL import Image

from core.errors import InvalidSetting
from pages.parts.convolution import bring


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A session's state that the widgets would have filled."""
    state: dict[str, Any] = {}
    monkeypatch.setattr(bring.st, "session_state", state)
    return state


def uploaded(image: Image.Image, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


def file(content: bytes) -> SimpleNamespace:
    return SimpleNamespace(name="mine.png", getvalue=lambda: content)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_colour_picture_gives_its_three_channels(session: dict[str, Any], kind: str) -> None:
    session["convolution_file"] = file(uploaded(Image.new("RGB", (40, 30), (255, 0, 0)), kind))
    x = bring.picture("upload", 3, 6, 8)
    assert x.shape == (3, 6, 8)
    assert [round(channel.mean().item(), 1) for channel in x] == [1.0, 0.0, 0.0]


def test_a_grey_picture_lies_between_black_and_white(session: dict[str, Any]) -> None:
    session["convolution_file"] = file(uploaded(Image.new("L", (9, 9), 51)))
    assert torch.allclose(bring.picture("upload", 1, 5, 5), torch.full((1, 5, 5), 0.2))


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n" + bytes(40), uploaded(Image.new("L", (64, 64)))[:60], b"<svg/>"],
)
def test_what_is_no_picture_is_refused(session: dict[str, Any], content: bytes) -> None:
    session["convolution_file"] = file(content)
    with pytest.raises(InvalidSetting, match="PNG or JPEG" if content else "is empty"):
        bring.picture("upload", 1, 5, 5)


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(session: dict[str, Any]) -> None:
    session["convolution_file"] = file(uploaded(Image.new("1", (6000, 6000))))
    with pytest.raises(InvalidSetting, match="more than 25000000 pixels"):
        bring.picture("upload", 1, 5, 5)


def test_no_picture_yet_is_said(session: dict[str, Any]) -> None:
    assert not session
    with pytest.raises(InvalidSetting, match="choose a picture first"):
        bring.picture("upload", 1, 5, 5)


def test_a_drawing_is_where_it_was_drawn(session: dict[str, Any]) -> None:
    line = [["M", 20, 20], ["L", 20, 200]]  # from top to bottom, near the left edge
    session["convolution_saved"] = {"objects": [{"type": "path", "path": line, "strokeWidth": bring.PEN}]}
    x = bring.picture("drawing", 1, 28, 28)
    assert x.shape == (1, 28, 28)
    assert x[0, :, :6].sum() > 10
    assert x[0, :, 12:].sum() == 0


def test_an_empty_canvas_is_an_empty_picture(session: dict[str, Any]) -> None:
    assert not session
    assert bring.picture("drawing", 2, 7, 7).abs().sum() == 0


def test_digits_of_several_channels_are_different_digits(session: dict[str, Any]) -> None:
    session["convolution_digit"] = 4
    x = bring.picture("digit", 2, 28, 28)
    session["convolution_digit"] = 5
    assert torch.equal(x[1], bring.picture("digit", 1, 28, 28)[0])
    assert not torch.equal(x[0], x[1])
    assert x.min() >= 0
    assert x.max() <= 1


def test_a_file_of_another_kind_is_told_for_what_it_is(session: dict[str, Any]) -> None:
    for content, words in ((b"", "mine.png is empty"), (b"<html>", "web page"), (b"%PDF-1.4", "format PDF")):
        session["convolution_file"] = file(content)
        with pytest.raises(InvalidSetting, match=words):
            bring.picture("upload", 1, 6, 8)
