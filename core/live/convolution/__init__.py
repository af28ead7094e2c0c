"""One layer as an instrument: its settings, the picture and the kernels -> what torch returns, and why so large.

``declared`` has the settings, ``run`` makes the layer and its tensors of them, ``words`` says what follows, and
``answer`` puts the message together.
"""

from core.live.convolution.answer import answer
from core.live.convolution.declared import SETTINGS
from core.live.instrument import Instrument

INSTRUMENT = Instrument("convolution", SETTINGS, answer)
