"""How a network answers to a handful of test digits while it learns, as an instrument; with its first filters."""

from core.live.examples.answer import answer
from core.live.examples.settings import SETTINGS
from core.live.instrument import Instrument

INSTRUMENT = Instrument("examples", SETTINGS, answer)
