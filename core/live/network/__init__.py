"""A network reads a drawing, as an instrument: the answer, why to doubt it, and every layer that led to it.

``drawn`` reads the strokes that a browser sends, ``source`` finds the network, ``answer`` makes the message.
"""

from core.live.instrument import Instrument
from core.live.network.answer import answer
from core.live.network.settings import SETTINGS

INSTRUMENT = Instrument("network", SETTINGS, answer)
