"""What the instrument can be set to."""

from core.live.settings import Text

SETTINGS = (Text("network", 60),)  # a name of ``core.live.network.source``, of a network that learns from digits
