"""The linear fit as an instrument: its settings -> every iteration in their order, and the surface of the loss.

``declared`` has the settings, ``run`` trains, ``words`` says why a fit goes as it goes, and ``answer`` makes the
messages.
"""

from core.live.instrument import Instrument
from core.live.linear_fit.answer import answer
from core.live.linear_fit.declared import SETTINGS

INSTRUMENT = Instrument("linear_fit", SETTINGS, answer, gradients=True)
