"""Your own module takes its step in another process first: what ends or blocks a process, ends that one."""

from __future__ import annotations

from torch import Tensor

from core.isolation.limits import Limits
from core.walk import own_module, setup, walk
from core.walk.own_module import Own
from core.walk.setup import Choice

LIMITS = Limits(seconds=60.0, memory_mb=6_000)  # some ten copies of 30 million parameters, and their gradients


def run(own: Own, choice: Choice, drawing: Tensor | None) -> None:
    """Build ``own`` and take its step; nothing is kept. Raises ``InvalidSetting`` as the step itself does.

    To be called through ``core.isolation`` within ``LIMITS``. The walk holds live tensors and the autograd graph,
    which cannot cross to another process; a step that comes to its end here is taken again where it is shown.
    """
    walk.take(setup.prepare(choice, drawing=drawing, own=own_module.build(own, choice.seed)))
