"""Linear fit: the tutorial's first program, played iteration by iteration while it trains."""

from __future__ import annotations

from pages.parts.linear_fit import experiments, one_fit
from pages.shared import frame
from pages.shared.language import _

frame.heading(_("Linear fit"), _("Watch nn.Linear learn a known matrix, one mini-batch at a time."))
one_fit.show()
experiments.show_programs()
