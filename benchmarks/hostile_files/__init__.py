"""The files of ``benchmarks.hostile``: each module makes one kind, hostile or damaged, from a sound one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class HostileFile:
    """A file to try. ``kind`` says by which door it comes in; one that is neither of these has to be refused.

    ``sound``: it is right and has to be taken. ``harmless``: it is strange, and may be taken or refused.
    ``checked``: its kind has checksums, so what is taken has to give what the sound file of the kind gives.
    """

    name: str
    kind: str
    content: bytes
    sound: bool = False
    harmless: bool = False
    checked: bool = False
