"""Transport: how the server reaches the nodes of a cluster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol


class NodeLost(Exception):
    """A node does not answer any more: what ran there is to go on elsewhere."""


@dataclass(frozen=True)
class Member:
    """A machine of the cluster: ``slots`` runs train there at once; ``gpu``: it has an NVIDIA card."""

    id: str
    name: str
    slots: int
    gpu: bool = False


class Transport(Protocol):
    """Each method may be called from any thread."""

    def members(self) -> list[Member]:
        """Return the machines that are there now."""

    def start(self, member: Member) -> None:
        """Start a ``core.engines.node.Node`` on a machine. Raises ``NodeLost``."""

    def call(self, member: Member, method: str, *arguments: Any) -> Any:
        """Call a method of that machine's ``Node``. Raises ``NodeLost``, or what the method raised."""

    def stop(self, member: Member) -> None:
        """End that machine's ``Node`` if it is there still."""

    def close(self) -> None:
        """Leave the cluster."""
