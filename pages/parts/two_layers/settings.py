"""What the page Two layers can be set to beside its sizes (``core/live/two_layers/settings.py``)."""

from __future__ import annotations

from core.foundations.mistakes import MISTAKES
from core.foundations.two_layers import WAYS
from core.live.settings import Choice, Flag

PART = Choice("two_layers_part", ("programs", "derivation", "mistakes", "timing", "sgd", "claims"))
PROGRAM = Choice("two_layers_home", tuple(WAYS))  # which one is downloaded
LINES = Choice("two_layers_derive", ("numpy", "tensors"))  # of which program the derivation shows
MISTAKE = Choice("two_layers_mistake", tuple(map(str, range(1, len(MISTAKES) + 1))))
ONLY_DIFFERENT = Flag("two_layers_differ")
