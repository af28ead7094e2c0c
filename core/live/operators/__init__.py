"""Operators as instruments, one each: arguments and the numbers of x -> the tensors, the gradients, an opened cell.

``settings`` declares the settings, ``run`` runs the program that they describe, ``answer`` makes the messages.
"""

from functools import partial

from core.errors import InvalidSetting
from core.live.instrument import Instrument
from core.live.operators.answer import answer
from core.live.operators.settings import FAMILY, settings_of
from core.live.settings import RELOAD
from core.ops.registry import OPERATORS


def one(name: str) -> Instrument:
    """Return the instrument of operator ``name``; raises ``InvalidSetting`` where there is none."""
    operator = OPERATORS.get(name)
    if operator is None:
        raise InvalidSetting(RELOAD)
    return Instrument(f"{FAMILY}.{name}", settings_of(operator), partial(answer, operator), gradients=True)
