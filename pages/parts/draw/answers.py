"""What the networks answer, asked once more for what is shown when the pen rests: evidence, and the script."""

from __future__ import annotations

from core import recognise
from core.recognise import Answer, Reader
from pages.parts.draw.source import Source


def ask(source: Source, readers: list[tuple[str, Reader]]) -> list[Answer]:
    """Return each network's answer."""
    image = source.sketch.image[None]
    return [recognise.answer(reader, image, [source.doubt], [source.of_page])[0] for _name, reader in readers]
