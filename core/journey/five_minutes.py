"""The journey of five minutes: draw, look into the network, let it learn, and see one filter at work."""

from __future__ import annotations

from core.errors import N_
from core.journey.step import Journey, Step

DRAW = Step(
    "draw",
    "home",
    N_("Draw a digit here, with the mouse, a finger or the arrow keys."),
    ".first .pad",
    element=".first[data-hand][data-rests=true]",
    after=N_("It was read while you drew: the ten probabilities stand at the end of the picture."),
)
LOOK = Step(
    "look",
    "home",
    N_("Go to one of the small maps of the network: with the pointer, a finger or the arrow keys."),
    ".first .stage",
    element=".first .picture[data-layer]:not([data-layer=''], [data-layer='-1'])",
    after=N_("What is framed in red is what this value was made of. Press the map to look closer."),
)
START = Step(
    "start",
    "home",
    N_("How did it learn that? Press Start training: a new network begins with random weights."),
    ".first .learn .main",
    element=".first .learn[data-learns=true]",
    after=N_("Filters, maps and the answer to your digit change with each of its weights."),
)
STOP = Step(
    "stop",
    "home",
    N_("Wait until it reads your digit right, then press Stop."),
    ".first .learn .main",
    element=".first .learn[data-learns=false]",
    after=N_("It found its filters by itself, by making the loss small."),
)
STRIDE = Step(
    "stride",
    "convolution",
    N_("This is one filter at work. Drag stride to 2."),
    "input[data-setting=stride]",
    {
        "convolution_part": "layer",
        "convolution_kind": "conv",
        "convolution_input": "digit",
        "convolution_size": "28",
        "convolution_kernel": "3",
        "convolution_stride": "1",
        "convolution_weights": "sobel_x",
    },
    address="convolution_stride=2",
    after=N_("The window skips every other position, so the output has half as many rows and columns."),
)
WHY = Step(
    "why",
    "draw",
    N_("The same network as on the first page. Further down you see which pixels speak for its answer."),
    "[class*=_canvas_frame]",
)
FIVE_MINUTES = Journey(N_("Five minutes"), (DRAW, LOOK, START, STOP, STRIDE, WHY))
