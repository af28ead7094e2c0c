"""The linear fit as an instrument: its settings -> every iteration in their order, and the surface of the loss.

``settings`` declares the settings, ``run`` trains, ``words`` says why it goes as it does, ``answer`` makes the
messages.
"""

from core.live.instrument import Instrument
from core.live.linear_fit.answer import answer
from core.live.linear_fit.settings import SETTINGS

INSTRUMENT = Instrument("linear_fit", SETTINGS, answer, gradients=True)
