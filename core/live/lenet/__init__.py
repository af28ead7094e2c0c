"""A training step as an instrument: what goes into it is chosen, and any cell of it opens to its arithmetic.

``declared`` has the settings, ``source`` what a page lets its drawing ask about, ``described`` and ``supposed``
what is told of a step and of a what-if, ``answer`` makes the messages.
"""

from core.live.instrument import Instrument
from core.live.lenet.answer import answer
from core.live.lenet.declared import SETTINGS

INSTRUMENT = Instrument("lenet", SETTINGS, answer)
