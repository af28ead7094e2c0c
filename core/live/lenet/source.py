"""What a page lets its drawing ask about: a network and what may go into its step, under a name nobody guesses."""

from __future__ import annotations

import hashlib
import secrets
import threading
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch
from torch import Tensor

from core.errors import N_, InvalidSetting
from core.live.latest import Latest
from core.live.lenet.settings import SEED, SHIPPED, label
from core.recognise import readers
from core.training import checkpoint
from core.walk import own_module, scene, setup
from core.walk.cell_explanation import add_saved
from core.walk.network_view import network_view
from core.walk.own_module import Own
from core.walk.scene import GroupData, NetworkData, Tensors
from core.walk.setup import Choice
from core.walk.walk import Walk, differs_only_by_optimizer, take, with_optimizer

KEPT = 4  # steps of one page, of some megabytes each


@dataclass(frozen=True, eq=False)
class TakenStep:
    """A step that was taken, its tensors as the browser numbers them, and its name: a hash of its choice.

    ``groups`` are the tensors that each of its operations shows, ``label`` is that of the test image that went in.
    """

    walk: Walk
    tensors: Tensors
    groups: list[list[GroupData]]
    label: int
    key: str
    picture: NetworkData | None  # of the network; None where ``no_picture`` says why
    no_picture: InvalidSetting | None


@dataclass(eq=False)
class Source:
    """A network and what a session may put into its step; to know ``name`` is to be allowed to ask.

    ``weights`` are the folders of checkpoints by "<run>:<checkpoint>", ``drawing`` is uint8 (28, 28). A module of
    the reader's own, ``own``, is imported and run only by the page, which does so in another process first.
    """

    network: str
    drawing: Tensor | None = None
    weights: Mapping[str, Path] = field(default_factory=dict)
    own: Own | None = None
    name: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    steps: Latest[Choice, TakenStep | InvalidSetting] = field(default_factory=lambda: Latest(KEPT))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, choice: Choice) -> TakenStep:
        """Return the step of ``choice``, taken now unless it was; raises ``InvalidSetting``."""
        with self.lock:
            entry = self.steps.get(choice) or self._with_optimizer(choice) or self.keep(self._take_walk(choice))
        if isinstance(entry, InvalidSetting):
            raise entry
        return entry

    def step_of(self, key: str) -> TakenStep | None:
        """Return the step ``key`` where it is still here."""
        return next((each for each in self._taken_steps() if each.key == key), None)

    def waits_for_page(self, choice: Choice) -> bool:
        """Return whether the page has to take this step, and has not yet."""
        return self.own is not None and choice not in self.steps

    def refuse(self, choice: Choice, error: InvalidSetting) -> None:
        """Keep that this step cannot be taken."""
        self.steps.keep(choice, error)

    def keep(self, walk: Walk) -> TakenStep:
        """Keep a step that was taken."""
        tensors, choice = Tensors(), walk.setup.choice
        groups = [scene.groups(walk, tensors, step) for step in walk.steps]
        add_saved(walk, tensors)
        picture = _picture(walk, tensors)
        return self._keep(TakenStep(walk, tensors, groups, label(choice), self._key(choice), *picture))

    def _keep(self, step: TakenStep) -> TakenStep:
        self.steps.keep(step.walk.setup.choice, step)
        return step

    def _taken_steps(self) -> list[TakenStep]:
        """Return the steps that are here, the newest first."""
        return [each for each in reversed(list(self.steps.values())) if isinstance(each, TakenStep)]

    def _key(self, choice: Choice) -> str:
        pixels = b"" if self.drawing is None else self.drawing.numpy().tobytes()
        file = "" if self.own is None else self.name  # the file may change until the server is started again
        return hashlib.sha256(repr((choice, pixels, file)).encode()).hexdigest()[:12]

    def _with_optimizer(self, choice: Choice) -> TakenStep | None:
        """Return the step of ``choice`` where one is here that differs from it by no more than its update."""
        steps = self._taken_steps()
        earlier = next((each for each in steps if differs_only_by_optimizer(each.walk, choice)), None)
        if earlier is None:
            return None
        with torch.enable_grad():
            walk = with_optimizer(earlier.walk, choice)
        tensors = earlier.tensors.with_others(scene.of_update(walk))
        return self._keep(replace(earlier, walk=walk, tensors=tensors, key=self._key(choice)))

    def _take_walk(self, choice: Choice) -> Walk:
        own_network = None if self.own is None else own_module.build(self.own, choice.seed)
        weights = None if own_network else self._weights(choice)
        with torch.enable_grad():
            return take(setup.prepare(choice, drawing=self.drawing, weights=weights, own=own_network))

    def _weights(self, choice: Choice) -> dict[str, Tensor] | None:
        if choice.weights == SEED:
            return None
        if choice.weights == SHIPPED and choice.network == "reader":
            return readers.shipped().net.state_dict()
        if choice.weights not in self.weights:
            raise InvalidSetting(N_("these weights are not among those that are offered: reload the page"))
        return checkpoint.load_model(self.weights[choice.weights]).state_dict()


def _picture(walk: Walk, tensors: Tensors) -> tuple[NetworkData | None, InvalidSetting | None]:
    try:
        return network_view(walk, tensors), None
    except InvalidSetting as error:
        return None, error


_offers: weakref.WeakValueDictionary[str, Source] = weakref.WeakValueDictionary()


def offer(source: Source) -> Source:
    """Let drawings ask ``source`` for as long as it is held."""
    _offers[source.name] = source
    return source


def source(name: str) -> Source:
    """Return the source ``name``; raises ``InvalidSetting`` where no session holds it any more."""
    result = _offers.get(name)
    if result is None:
        raise InvalidSetting(N_("this training step is no longer open here: reload the page"))
    return result
