"""Weights from outside, read the same way for the command, Draw and Train, and checked before they count.

``read`` gives what a file holds, written by ``torch.save`` or safetensors. ``network_of`` finds the known network
that it is for, ``weights_for`` the weights of one network; both say what differs when it is another's.
"""

from core.weights.candidates import network_of, weights_for
from core.weights.reading import LARGEST, read
from core.weights.state_dict import checked_tensor

__all__ = ["LARGEST", "checked_tensor", "network_of", "read", "weights_for"]
