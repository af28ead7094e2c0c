"""Ray: how the server reaches the nodes. Nothing else in Stepwise knows it; without Ray the import fails.

One actor a machine takes all of its cores, so that Ray gives them to nobody else. Ray has neither statistics nor a
dashboard here, and lets nobody in without its token (``docs/cluster.md``).
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
from typing import Any

import ray
from ray.exceptions import GetTimeoutError, RayActorError, RaySystemError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from core.engines import join
from core.engines.node import Node
from core.engines.transport import Member, NodeLost

STORE_BYTES = 100_000_000  # of Ray's shared memory: what passes are checkpoints
LOOPBACK = (
    "127.0.0.2" if sys.platform == "linux" else "127.0.0.1"
)  # Ray puts a public address in place of the latter
CALL_SECONDS = 20.0  # without an answer a machine is lost
START_SECONDS = 60.0  # to start an actor, which imports Stepwise
CALLS_AT_ONCE = 4  # news are waited for while commands come


class RayNode(Node):
    """A node in an actor."""

    def __init__(self) -> None:
        os.environ.pop("OMP_NUM_THREADS", None)  # Ray's guess; a run says how many threads it takes
        super().__init__()


class RayTransport:
    """The cluster at ``address`` ("192.0.2.1:6379"); "": a local one, on loopback, that ends with this server."""

    def __init__(self, address: str = "", runs: int | None = None) -> None:
        self.address, self.runs = address, runs or os.cpu_count() or 1
        self._actors: dict[str, Any] = {}
        self._connecting = threading.Lock()
        self._connected = False

    def _connect(self) -> None:
        """Connect when it is first needed: a server that starts does not wait for it."""
        with self._connecting:
            if self._connected:
                return
            quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
            if self.address:
                ray.init(address=self.address, **quiet)
            else:
                os.environ["PYTHONPATH"] = join.environment()["PYTHONPATH"]  # its nodes import Stepwise
                own = {"num_cpus": self.runs, "object_store_memory": STORE_BYTES, "_node_ip_address": LOOPBACK}
                ray.init(address="local", include_dashboard=False, **own, **quiet)
            self._connected = True

    def members(self) -> list[Member]:
        """Return the machines that are there now and have cores."""
        self._connect()
        nodes = [(node, node["Resources"]) for node in ray.nodes() if node["Alive"]]
        return [
            Member(
                node["NodeID"],
                f"{node['NodeManagerHostname']} {node['NodeID'][:6]}",
                int(has["CPU"]),
                has.get("GPU", 0) > 0,
            )
            for node, has in nodes
            if has.get("CPU", 0) >= 1
        ]

    def start(self, member: Member) -> None:
        """Start the actor that is the machine's node, with all of its cores and cards."""
        here = NodeAffinitySchedulingStrategy(member.id, soft=False)
        kind = ray.remote(RayNode).options(
            num_cpus=member.slots,
            num_gpus=1 if member.gpu else 0,
            max_concurrency=CALLS_AT_ONCE,
            scheduling_strategy=here,
        )
        self._actors[member.id] = kind.remote()
        self._get(self._actors[member.id].facts.remote(), START_SECONDS)

    def call(self, member: Member, method: str, *arguments: Any) -> Any:
        """Call a method of the machine's node."""
        actor = self._actors.get(member.id)
        if actor is None:
            raise NodeLost(member.name)
        return self._get(getattr(actor, method).remote(*arguments), CALL_SECONDS)

    def _get(self, answer: Any, seconds: float) -> Any:
        try:
            return ray.get(answer, timeout=seconds)
        except (RayActorError, GetTimeoutError, RaySystemError) as error:
            raise NodeLost(str(error)[:200]) from error

    def stop(self, member: Member) -> None:
        """End the machine's actor; its workers leave when it is gone."""
        actor = self._actors.pop(member.id, None)
        if actor is not None:
            with contextlib.suppress(Exception):
                ray.get(actor.close.remote(), timeout=CALL_SECONDS)
            with contextlib.suppress(Exception):
                ray.kill(actor)

    def close(self) -> None:
        """Leave the cluster; a local one ends."""
        with self._connecting:
            if self._connected:
                ray.shutdown()
                self._connected = False
