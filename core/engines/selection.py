"""Which engine trains: the one that the environment names."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from core.errors import N_, InvalidSetting
from core.training.engine import Engine
from core.training.worker_pool import WorkerPool

ENGINE = "STEPWISE_ENGINE"  # "" or "processes": worker processes of this machine; "ray"
RAY_ENVIRONMENT = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_AUTH_MODE": "token", "RAY_DEDUP_LOGS": "0"}
ADDRESS = "STEPWISE_RAY_ADDRESS"  # of the cluster; "": one of this machine alone, which the server starts


def engine(
    limit: int | None = None,
    standby: bool = True,
    ended: Callable[[Path], None] = lambda _folder: None,
    environment: Mapping[str, str] = os.environ,
) -> Engine:
    """Return a new engine; ``InvalidSetting`` when there is no such one or Ray is not installed.

    ``limit`` and ``standby`` are those of this machine's processes; each machine of a cluster says how many runs it
    takes. ``ended`` is told, in some thread, the folder of each run whose worker is gone.
    """
    name = environment.get(ENGINE, "").strip() or "processes"
    if name == "processes":
        return WorkerPool(limit, standby, ended)
    if name != "ray":
        raise InvalidSetting(
            N_("{setting} must be {allowed}, not {value}"),
            setting=ENGINE,
            allowed="processes / ray",
            value=name[:40],
        )
    if importlib.util.find_spec("ray") is None:
        raise InvalidSetting(N_("{setting}=ray needs Ray: pip install -r requirements-cluster.txt"), setting=ENGINE)
    for variable, value in RAY_ENVIRONMENT.items():
        os.environ.setdefault(variable, value)  # Ray reads it when it is imported
    from core.engines.cluster import Cluster
    from core.engines.ray_transport import RayTransport

    return Cluster(RayTransport(environment.get(ADDRESS, "").strip()), ended)
