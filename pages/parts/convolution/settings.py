"""What the page Convolution can be set to beside its instrument (``core/live/convolution/settings.py``)."""

from __future__ import annotations

from core.convolution.exercises import LEVELS
from core.live.settings import Choice, Number, Text
from core.networks.stack import TUTORIALS

PART = Choice("convolution_part", ("layer", "practice", "stack"))
PIN = Text("convolution_pin", 7)  # "row,column" of the output cell at which the window stands
NETWORK = Text("convolution_network", 200)  # whose filters are taken: the built-in network, or "<run>:<checkpoint>"
LEVEL = Choice("convolution_level", tuple(map(str, range(1, LEVELS + 1))))
EXERCISE = Number("convolution_draw", 0, 999_999, 0)  # which of a level
STACK = Text("convolution_stack", 1500, TUTORIALS["mnist"])
REACH = Text("convolution_reach", 40)  # the layer whose receptive field is drawn
