"""A run as it trains, as an instrument: ``run.watch`` pushes its numbers and curves."""

from core.errors import InvalidSetting
from core.live.instrument import Instrument
from core.live.run.watch import INSTRUMENT as WATCH
from core.live.settings import RELOAD

_ALL = {"watch": WATCH}


def one(which: str) -> Instrument:
    """Return the instrument ``run.<which>``; raises ``InvalidSetting`` where there is none."""
    if which not in _ALL:
        raise InvalidSetting(RELOAD)
    return _ALL[which]
