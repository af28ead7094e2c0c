"""What the view of a run can be set to."""

from core.figures.run_curves import SMOOTHING
from core.live.settings import Flag, Number, Text

RUN = Text("run", 60)  # a name of ``core.live.run.open_run``
WATCH = (Flag("accuracy"), Flag("log"), Number("smoothing", 0.0, 0.99, SMOOTHING, 0.01), RUN)
