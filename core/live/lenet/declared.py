"""What the instrument can be set to: which training step, the open cell, where the timeline stands, what-if."""

from core.live.settings import Number, Text

START = 1  # the first operation: the image goes in
HIDDEN = ("source", "cell")  # settings that are not in the address
SETTINGS = (
    Text("source", 60),  # a name of ``core.live.lenet.source``
    Text("cell", 500),  # what is open, as JSON: what ``core.walk.scene.pane`` asks for, with the index
    Number("at", 0, 99_999, START),
    Text("changes", 1200),  # what-if: the numbers that are changed, as ``core.walk.what_if`` reads them
)
