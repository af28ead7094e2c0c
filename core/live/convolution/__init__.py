"""One layer as an instrument: its settings, the picture and the kernels -> what torch returns, and why so large.

``settings`` declares the settings, ``run`` makes the layer and its tensors, ``words`` says what follows, and
``answer`` puts the message together.
"""

from core.live.convolution.answer import answer
from core.live.convolution.settings import SETTINGS
from core.live.instrument import Instrument

INSTRUMENT = Instrument("convolution", SETTINGS, answer)
