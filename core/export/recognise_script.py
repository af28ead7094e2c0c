"""What the Draw page shows as a standalone PyTorch script: this drawing, this network, these probabilities."""

from __future__ import annotations

import inspect
import textwrap

import numpy as np
from numpy.typing import NDArray
from torch import nn

from core.networks import tutorials
from core.recognise import doubt

OWN = (tutorials.ReaderNet, tutorials.MnistNet, tutorials.LeNet)

SCRIPT = '''\
"""Read one drawn digit: prints the ten probabilities that the app showed. Needs {weights} beside it."""

import sys

import torch
import torch.nn.functional as F
from torch import Tensor, nn

{network}

# The drawing as the network sees it: 28 rows of 28 pixels in hexadecimal, 00 is paper, ff is ink.
IMAGE = """
{image}
"""

net = {build}
net.load_state_dict(torch.load(sys.argv[1] if len(sys.argv) > 1 else "{weights}", weights_only=True))
net.eval()

x = torch.tensor(list(bytes.fromhex(IMAGE.replace("\\n", "")))).view(1, 1, 28, 28)
x = F.pad(x, [{border}] * 4)  # paper around it, where the network takes {size}x{size}
x = (x.float() / 255 - 0.1307) / 0.3081
with torch.no_grad():
    p = torch.softmax(net(x).double(), dim=1)[0]
{confidence}for digit in range(10):
    print(f"{{digit}}: {{p[digit]:.6f}}")
'''

CONFIDENCE = """\
# The app doubts that this is one digit ({reason}), so it believes the network only in part.
p = {q} * p + (1 - {q}) / 10
"""


def script(
    net: nn.Module, input_size: int, image: NDArray[np.uint8], reason: str | None, weights: str
) -> str | None:
    """Return the script, or None for a network whose class is not one of ``core.networks.registry``.

    ``image`` is uint8 (28, 28), ``reason`` the doubt, ``weights`` the file name of the ``state_dict``.
    """
    kind = next((each for each in OWN if isinstance(net, each)), None)
    if kind is None:
        return None
    build = f"LeNet({net.conv1.kernel_size[0]})" if isinstance(net, tutorials.LeNet) else f"{kind.__name__}()"
    return SCRIPT.format(
        network=textwrap.dedent(inspect.getsource(kind)).strip(),
        image="\n".join(row.tobytes().hex() for row in image),
        build=build,
        weights=weights,
        border=(input_size - 28) // 2,
        size=input_size,
        confidence=""
        if reason is None or doubt.CONFIDENCE[reason] == 1
        else CONFIDENCE.format(reason=reason, q=doubt.CONFIDENCE[reason]),
    )
