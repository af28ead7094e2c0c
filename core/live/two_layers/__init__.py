"""The two-layer network four ways as an instrument: sizes and rates -> the losses of all four, in lockstep.

``settings`` declares the settings, ``run`` lets the programs run, ``answer`` makes the messages.
"""

from core.live.instrument import Instrument
from core.live.two_layers.answer import answer
from core.live.two_layers.settings import SETTINGS

INSTRUMENT = Instrument("two_layers", SETTINGS, answer, gradients=True)
