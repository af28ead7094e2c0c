"""Several machines on one: a Ray cluster on loopback whose nodes train runs, and one of which dies meanwhile.

    python -m benchmarks.cluster --json
    python -m benchmarks.cluster --nodes 3 --runs 6

Reported: runs, events and final states that were lost or differ, how long a lost node held its runs up, how fair
the queue was, what an event costs against the same run on this machine alone, and what the server spends on it.
Without Ray (`requirements-cluster.txt`) there is nothing to measure.
"""

from __future__ import annotations

import argparse
import importlib.util
import itertools
import json
import os
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.report import Row, percentile, show
from core import datasets
from core.engines import versions
from core.engines.cluster import Cluster
from core.engines.messages import Cursor, Facts, Update
from core.engines.mirror import Mirror
from core.training import checkpoint, run_folder
from core.training.config import TrainConfig
from core.training.events import Batch, History, Started
from core.training.jobs import Jobs
from core.training.loop import new_state, train
from core.training.run_folder import RunFolder
from core.training.status import Status
from core.training.store import sequence

NAME = "cluster"
NODES_MOST, RUNS_MOST = 6, 40
SECONDS_MOST = 420.0  # for all of it
STORE_BYTES = 100_000_000
CONFIG = TrainConfig(dataset="digits", epochs=60, threads=1, batch_size=64)  # long beside the start of a node
OWNERS = "ab"  # the first asks for all of its runs before the second does


@dataclass
class Findings:
    """What was counted over all runs."""

    lost_runs: int = 0
    equal: int = 0
    lost: int = 0
    doubled: int = 0
    disordered: int = 0


@contextmanager
def ray_cluster(nodes: int) -> Iterator[tuple[str, Callable[[], None]]]:
    """Start nodes of one core each beside a head that trains nothing; yield its address and what kills a node."""
    os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": uuid.uuid4().hex}
    from ray.cluster_utils import Cluster as RayCluster

    from core.engines.ray_transport import LOOPBACK

    shared: dict[str, Any] = {"object_store_memory": STORE_BYTES, "node_ip_address": LOOPBACK}
    ray_cluster = RayCluster(
        initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False, **shared}
    )
    try:
        there = [ray_cluster.add_node(num_cpus=1, **shared) for _ in range(nodes)]

        def kill() -> None:
            ray_cluster.remove_node(there.pop(), allow_graceful=False)

        yield str(ray_cluster.address), kill
    finally:
        ray_cluster.shutdown()


def wait_for(what: Callable[[], object], end: float) -> None:
    """Wait until ``what`` is true; a benchmark that hangs ends with an error."""
    while not what():
        if time.monotonic() > end:
            raise SystemExit("the cluster did not come to its end in time")
        time.sleep(0.02)


def digest(config: TrainConfig, state: Any) -> list[bytes]:
    """Return all weights, buffers and the optimizer's state, bit for bit."""
    from benchmarks.resume import digest as of

    del config
    return of(state)


def judge(run: RunFolder, findings: Findings) -> None:
    """Compare the run with one that nothing happened to, given the same commands."""
    if run.status().state != "finished":
        print(run.id, run.status(), file=sys.stderr)
        findings.lost_runs += 1
        return
    state = new_state(run.config)
    expected: list[History] = list(train(run.config, datasets.load("digits"), state, run.commands()))
    events = [event for _, event in run.events(limit=10**9)]
    steps = [event.step for event in events if isinstance(event, Batch)]
    findings.lost += sum(event not in events for event in expected if not isinstance(event, Batch))
    findings.lost += len({event.step for event in expected if isinstance(event, Batch)} - set(steps))
    findings.doubled += len(steps) - len(set(steps))
    findings.disordered += sum(later < earlier for earlier, later in itertools.pairwise(steps))
    last = checkpoint.restore(run.config, checkpoint.load(run.checkpoint(f"epoch-{run.config.epochs}").path))
    findings.equal += events == expected and digest(run.config, last) == digest(run.config, state)


def under_way(run: RunFolder) -> bool:
    """Return whether the run trains and will do so for a while."""
    status = run.status()
    return status.state == "running" and 0 < status.step < status.steps // 2


def starts(run: RunFolder) -> list[tuple[float, Started]]:
    """Return when the run was started, on which node each time."""
    return [(at, event) for at, event in run.life() if isinstance(event, Started)]


def overtaken(runs: list[tuple[str, RunFolder]], slots: int) -> int:
    """Return how many runs of the first owner began, beyond those that began at once, before the second's first."""
    first = {owner: [starts(run)[0][0] for who, run in runs if who == owner] for owner in OWNERS}
    return sum(at < min(first["b"]) for at in first["a"][slots:])


def delays(run: RunFolder, seconds: float, end: float) -> list[float]:
    """Watch a run as a page does and return, for each new status, how old it was when it was seen here."""
    newest, late, stop = 0.0, [], min(end, time.monotonic() + seconds)
    while time.monotonic() < stop and run.status().state in ("running", "waiting", "interrupted"):
        updated = run.status().updated
        if updated > newest and run.status().state == "running":
            late.append(time.time() - updated)
            newest = updated
        time.sleep(0.002)
    return late[1:]


def alone(jobs: Jobs, config: TrainConfig, end: float) -> tuple[float, list[float], float]:
    """Train one run; return batches a second, how late its events are seen, and the server's seconds per status."""
    run = RunFolder(jobs.root, jobs.submit(config))
    wait_for(lambda: run.status().step > 30, end)
    before = time.process_time()
    late = delays(run, 8.0, end)
    spent = time.process_time() - before
    speed = run.status().examples_per_second or 0.0
    jobs.kill(run.id)
    return speed / config.batch_size, late, spent / max(1, len(late))


def training(jobs: Jobs, count: int, kill: Callable[[], None], nodes: int, end: float) -> Iterator[Row]:
    """Let runs train, kill a node while they do, and compare every run with one that nothing happened to."""
    begun = time.monotonic()
    owned_runs = []
    for seed in range(count):
        owner = OWNERS[2 * seed // count]
        owned_runs.append((owner, RunFolder(jobs.root, jobs.submit(CONFIG.with_(seed=seed), owner=owner))))
    wait_for(lambda: sum(under_way(run) for _owner, run in owned_runs) >= nodes, end)
    kill()
    killed = time.time()
    for _owner, run in owned_runs:
        if under_way(run):  # on the node that died, too: nobody knows yet
            jobs.command(run.id, "learning_rate", value=0.02)
    wait_for(lambda: all(run.status().state in ("finished", "interrupted") for _owner, run in owned_runs), end)
    took = time.monotonic() - begun
    findings = Findings()
    for _owner, run in owned_runs:
        judge(run, findings)
    moved = [began for _owner, run in owned_runs for began in starts(run)[1:]]
    waits = [at - killed for at, _event in moved]
    used = {event.node for _owner, run in owned_runs for _at, event in starts(run)}
    yield Row(NAME, "nodes that trained", len(used), "", f">= {min(nodes, count)}" if nodes > 1 else "")
    yield Row(NAME, "runs", count, "")
    yield Row(NAME, "seconds for all runs", took, "s")
    yield Row(NAME, "runs that went on elsewhere", len(moved), "", ">= 1")
    yield Row(NAME, "runs lost", findings.lost_runs, "", "<= 0")
    yield Row(NAME, "events lost", findings.lost, "", "<= 0")
    yield Row(NAME, "events doubled", findings.doubled, "", "<= 0")
    yield Row(NAME, "events out of order", findings.disordered, "", "<= 0")
    yield Row(NAME, "runs whose events and last state were equal", 100 * findings.equal / count, "%", ">= 100")
    yield Row(
        NAME, "from the death of a node until its runs train elsewhere", max(waits, default=0.0), "s", "<= 60"
    )
    yield Row(NAME, "turns that one user had before another's first", overtaken(owned_runs, nodes), "", "<= 1")


def write_cost(runs: int = 20, updates: int = 50, batches: int = 5) -> float:
    """Return the server's processor seconds for one update of one run: events and status, no checkpoint."""
    facts = Facts(versions.here(), versions.processor(), ("digits",))
    with tempfile.TemporaryDirectory() as folder:
        mirrors = [Mirror(run_folder.create(Path(folder), CONFIG).path, "a node", facts) for _ in range(runs)]
        for mirror in mirrors:
            mirror.apply(Update(Cursor(), examples=1437, life=((0.0, Started(0)),)))
        begun = time.process_time()
        for number in range(updates):
            steps = range(number * batches + 1, (number + 1) * batches + 1)
            events = tuple((sequence(event), event) for event in (Batch(step, 1, 64 * step, 0.5) for step in steps))
            status = json.dumps(asdict(Status(state="running", step=steps[-1]))).encode()
            for mirror in mirrors:
                mirror.apply(Update(Cursor(), events=events, status=status))
        spent = time.process_time() - begun
        for mirror in mirrors:
            mirror.close()
    return spent / runs / updates


def measure(nodes: int, count: int) -> Iterator[Row]:
    """Yield all rows at the end: what Ray prints meanwhile is no row."""
    with redirect_stdout(sys.stderr):
        rows = list(_measure(nodes, count))
    yield from rows


def _measure(nodes: int, count: int) -> Iterator[Row]:
    end = time.monotonic() + SECONDS_MOST
    long = CONFIG.with_(epochs=3000)
    with tempfile.TemporaryDirectory() as folder:
        local = Jobs(Path(folder) / "local", limit=1, standby=True)
        here = alone(local, long, end)
        local.close()
        with ray_cluster(nodes) as (address, kill):
            from core.engines.ray_transport import RayTransport

            engine = Cluster(RayTransport(address))
            jobs = Jobs(Path(folder) / "cluster", pool=engine)
            try:
                wait_for(lambda: len(engine.nodes()) == nodes, end)
                there = alone(jobs, long, end)
                yield from training(jobs, count, kill, nodes, end)
            finally:
                jobs.close()
    yield Row(NAME, "batches a second, this machine's processes", here[0], "1/s")
    yield Row(NAME, "batches a second, on a node", there[0], "1/s")
    for what, late in (("this machine's processes", here[1]), ("on a node", there[1])):
        yield Row(NAME, f"an event until a page can see it, {what}, p50", 1000 * percentile(late, 0.5), "ms")
        yield Row(NAME, f"an event until a page can see it, {what}, p95", 1000 * percentile(late, 0.95), "ms")
    added = percentile(there[1], 0.5) - percentile(here[1], 0.5)
    yield Row(NAME, "overhead of an event, p50", 1000 * added, "ms", "<= 500")
    yield Row(NAME, "server's processor time for an update of the only run", 1000 * (there[2] - here[2]), "ms")
    yield Row(NAME, "of it, to write the update into the run's folder", 1000 * write_cost(), "ms", "<= 5")


def main() -> int:
    """Print the rows; exit status 1 when a target is not met, 0 without Ray."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--nodes", type=int, default=2, help=f"that train, at most {NODES_MOST}")
    parser.add_argument("--runs", type=int, default=6, help=f"at most {RUNS_MOST}")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    options = parser.parse_args()
    if importlib.util.find_spec("ray") is None:
        print("Ray is not installed: pip install -r requirements-cluster.txt")
        return 0
    nodes, runs = min(max(options.nodes, 2), NODES_MOST), min(max(options.runs, 2), RUNS_MOST)
    return show(measure(nodes, runs), options.json)


if __name__ == "__main__":
    sys.exit(main())
