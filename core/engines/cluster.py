"""The cluster: one fair queue for all machines, the machines, and what happens when one of them is lost."""

from __future__ import annotations

import itertools
import logging
import queue
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.engines import mirror, versions
from core.engines.messages import Facts
from core.engines.remote_run import RemoteRun, Rest
from core.engines.transport import Member, NodeLost, Transport
from core.errors import N_, InvalidSetting
from core.training.config import Batches, TrainConfig
from core.training.engine import Worker
from core.training.run_folder import RunFolder
from core.training.status import problem, read_status, write_status
from core.training.worker_pool import Waiting, WorkerPool

LOOK_SECONDS = 2.0  # between two looks at which machines there are
PATIENCE = 1.0  # seconds that a node may wait with an answer until there is news
RETURN_LOOKS = 15  # looks after which a machine that was lost may be tried again
LOSSES_MOST = 3  # machines that one run may lose: it may be what ends them

log = logging.getLogger(__name__)


class ClusterNode:
    """A machine of the cluster: its runs, a thread that asks it for news and one that tells it what to do."""

    def __init__(
        self, member: Member, facts: Facts, transport: Transport, lost: Callable[[ClusterNode], None]
    ) -> None:
        self.member, self.facts = member, facts
        self.is_closed = threading.Event()
        self._transport, self._lost = transport, lost
        self._runs: dict[str, RemoteRun] = {}
        self._guard = threading.Lock()  # never held while another lock is taken
        self._posts: queue.SimpleQueue[tuple[str, tuple[Any, ...]] | None] = queue.SimpleQueue()
        for work in (self._listen, self._tell):
            threading.Thread(target=self._work, args=(work,), daemon=True, name=f"node {member.name}").start()

    def take(self, run: RemoteRun) -> None:
        """Give the run a place here."""
        with self._guard:
            self._runs[run.key] = run

    def runs(self) -> dict[str, RemoteRun]:
        """Return a copy of the runs that have a place here, by their key."""
        with self._guard:
            return dict(self._runs)

    def post(self, method: str, *arguments: Any) -> None:
        """Have a method of the node called soon, in order, without waiting for it."""
        self._posts.put((method, arguments))

    def hang_up(self, key: str) -> None:
        """Forget the run: its place on the node is free."""
        with self._guard:
            self._runs.pop(key, None)

    def close(self) -> None:
        """Ask the machine for nothing any more."""
        self.is_closed.set()
        self._posts.put(None)

    def _work(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # a node whose own code fails is as good as lost
            if not isinstance(error, NodeLost):
                log.exception("%s failed", self.member.name)
            if not self.is_closed.is_set():
                self.close()
                self._lost(self)

    def _listen(self) -> None:
        while not self.is_closed.is_set():
            cursors = {key: run.cursor for key, run in self.runs().items() if run.cursor is not None}
            news = self._transport.call(self.member, "news", cursors, PATIENCE)
            runs = self.runs()
            for key, update in news.items():
                if key in runs:
                    runs[key].apply(update)

    def _tell(self) -> None:
        while (post := self._posts.get()) is not None:
            method, arguments = post
            try:
                self._transport.call(self.member, method, *arguments)
            except NodeLost:
                raise
            except Exception as error:  # of one run: a full disk, for example
                log.exception("%s of %s failed", method, self.member.name)
                if method == "begin" and (run := self.runs().get(arguments[0])) is not None:
                    run.fail(error)


class Cluster(WorkerPool):
    """The engine of several machines; its limit follows from the machines that are there."""

    def __init__(self, transport: Transport, ended: Callable[[Path], None] = lambda _folder: None) -> None:
        super().__init__(limit=1, standby=False, ended=ended)
        self.limit = 0
        self.refused: dict[str, InvalidSetting] = {}  # machine -> why nothing trains there
        self._transport = transport
        self._nodes: dict[str, ClusterNode] = {}
        self._starting: set[str] = set()
        self._absent: dict[str, int] = {}  # machine that was lost -> looks until it is tried again
        self._rests: dict[Path, Rest] = {}  # what is left to do of runs whose node was lost
        self._losses: Counter[Path] = Counter()
        self._keys = itertools.count()
        self._looked, self._stopped = threading.Event(), threading.Event()
        self._looking = threading.Thread(target=self._look, daemon=True, name="cluster")
        self._looking.start()

    # ---- machines

    def _look(self) -> None:
        """Notice which machines come and go."""
        while not self._stopped.is_set():
            try:
                members = {member.id: member for member in self._transport.members()}
            except Exception:
                log.exception("the cluster does not answer")
                members = {}
            self._absent = {name: count - 1 for name, count in self._absent.items() if count > 1}
            for node in [node for name, node in self.nodes().items() if name not in members]:
                node.close()
                self._lose(node)
            names = {*self.nodes(), *self._starting, *self.refused, *self._absent}
            for name, member in members.items():
                if name not in names:
                    self._starting.add(name)
                    threading.Thread(target=self._join, args=(member,), daemon=True).start()
            if not members:
                self._looked.set()
                self._refuse_waiting()
            self._stopped.wait(LOOK_SECONDS)

    def _join(self, member: Member) -> None:
        """Start a node on a machine and count on it if its versions are this server's."""
        try:
            self._transport.start(member)
            facts = self._transport.call(member, "facts")
            versions.check(member.name, facts.versions, versions.here())
            if not self._stopped.is_set():
                with self._lock:
                    self._nodes[member.id] = ClusterNode(member, facts, self._transport, self._lose)
                self._resize()
        except InvalidSetting as error:
            log.warning("%s", error)
            self.refused[member.id] = error
            self._transport.stop(member)
        except Exception as error:
            log.warning("%s cannot train yet: %s", member.name, error, exc_info=not isinstance(error, NodeLost))
            self._absent[member.id] = RETURN_LOOKS
        finally:
            self._starting.discard(member.id)
            if not self._starting:
                self._looked.set()
                self._refuse_waiting()

    def refusal(self) -> InvalidSetting | None:
        """Return why nothing can train; None when something can, or may soon."""
        if self.nodes() or self._starting or self._absent or not self._looked.is_set():
            return None
        reason = N_("the cluster has no machine that trains: start a node, as docs/cluster.md says")
        return next(iter(self.refused.values()), InvalidSetting(reason))

    def _refuse_waiting(self) -> None:
        """End the wait of runs that came before it was known that no machine may train."""
        error = self.refusal()
        for folder in self.waiting() if error is not None else ():
            if error is not None and self.take_out(folder, "interrupted"):
                write_status(folder, problem(read_status(folder), error, folder))

    def nodes(self) -> dict[str, ClusterNode]:
        """Return the machines that train, by their id."""
        with self._lock:
            return dict(self._nodes)

    def _resize(self) -> None:
        with self._lock:
            self.limit = sum(node.member.slots for node in self._nodes.values())
        self._start_next()

    def _lose(self, node: ClusterNode) -> None:
        """Let the runs of a machine that is gone go on elsewhere, before all that wait for their first turn."""
        with self._lock:
            if self._nodes.pop(node.member.id, None) is None:
                return
            self._absent[node.member.id] = RETURN_LOOKS
        log.warning("%s is lost, with %d runs", node.member.name, len(node.runs()))
        self._transport.stop(node.member)
        for run in node.runs().values():
            rest = run.lost()
            if rest is not None:
                self._again(run, rest)
        self._resize()

    def _again(self, run: RemoteRun, rest: Rest) -> None:
        with self._lock:
            self._losses[run.path] += 1
            goes_on = not self._closed and self._losses[run.path] < LOSSES_MOST
            self._let_go(run)
            if (old := self._waiting.pop(run.path, None)) is not None:  # it had not begun there
                old.lock.release()
            if goes_on:
                self._rests[run.path] = rest
                self._let_wait(run.path, rest.batches, run.owner, again=True)
            elif not self._closed:
                reason = N_(
                    "{count} {count:machine was|machines were} lost while {count:it|they} trained this run: "
                    "resume it when you know why"
                )
                error = InvalidSetting(reason, count=self._losses.pop(run.path))
                write_status(run.path, problem(read_status(run.path), error, run.path))
            run.hand_back()
        if not goes_on:
            self._go_on_after(run.path)

    # ---- runs

    def enter(self, folder: Path, batches: Batches, owner: str) -> None:
        """Let the run wait; ``InvalidSetting`` when no machine of the cluster may train."""
        if (error := self.refusal()) is not None:
            raise error
        super().enter(folder, batches, owner)

    def worker_for(self, waiting: Waiting) -> Worker:
        """Return the run on the machine with most room among those that have what it needs."""
        run = RunFolder(waiting.folder.parent, waiting.folder.name)
        node, fits = self._choose(run.config, waiting.folder)
        rest = self._rests.pop(waiting.folder, Rest(waiting.batches))
        remote = RemoteRun(f"run-{next(self._keys)}", waiting.folder, waiting.owner, node, self._reports)
        node.take(remote)
        if fits:
            begin, arguments = remote.begin, (node.member.name, node.facts, rest)
            threading.Thread(target=begin, args=arguments, daemon=True).start()
        else:
            reason = N_("no machine of the cluster has {data} and {device}")
            error = InvalidSetting(reason, data=run.config.dataset, device=run.config.device)
            threading.Thread(target=remote.fail, args=(error,), daemon=True).start()
        return remote

    def _choose(self, config: TrainConfig, folder: Path) -> tuple[ClusterNode, bool]:
        """Return the best machine for a run, and whether it has the data and the device."""
        before = mirror.last_place(folder)

        def rank(node: ClusterNode) -> tuple[bool, bool, bool, int]:
            room = node.member.slots - len(node.runs())
            same = before is None or before.processor in ("", node.facts.processor)
            return has(node, config), room > 0, same, room

        best = max(self._nodes.values(), key=rank)
        return best, has(best, config)

    def close(self) -> None:
        """Checkpoint and end every worker, then leave the cluster; nothing is left behind."""
        self._stopped.set()
        super().close()
        self._looking.join(LOOK_SECONDS)
        nodes = self.nodes()
        for node in nodes.values():
            node.close()
        with self._lock:
            self._nodes.clear()
        for node in nodes.values():
            self._transport.stop(node.member)
        self._transport.close()


def has(node: ClusterNode, config: TrainConfig) -> bool:
    """Return whether a machine has the data and the device of a run."""
    return config.dataset in node.facts.data and (
        config.device == "cpu" or (config.device == "cuda" and node.member.gpu)
    )
