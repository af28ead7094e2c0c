"""What the instrument can be set to."""

from core.live.settings import Choice, Flag, Number, Text
from core.recognise.doubt import CONFIDENCE

SHIPPED = "shipped"
SETTINGS = (
    Text("network", 60, SHIPPED),  # a name of ``source``
    Text("known", 40),  # the version of the weights that the browser has
    Choice("reads", ("nothing", "strokes", "image")),  # the tensor of this name that was left on the line
    Number("pen", 0.005, 0.2, 18 / 280, 0.005),  # width, in parts of the canvas' side
    Flag("centred", True),  # framed as MNIST does
    Choice("reason", ("", *CONFIDENCE)),  # of an image: why it may not be one digit, "" for no reason
    Flag("of_page"),  # whether the image was found on a larger picture
)
