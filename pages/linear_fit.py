"""Linear fit: the tutorial's first program, played iteration by iteration while it trains."""

from __future__ import annotations

from pages.parts.linear_fit import experiments, one_fit
from pages.shared import frame

frame.opening("linear_fit")
one_fit.show()
experiments.show_programs()
