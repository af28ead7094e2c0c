"""An instrument for the tests of the route."""

from tests.live.tabs import INSTRUMENTS

INSTRUMENT = INSTRUMENTS["double"]
