"""The tutorials' networks: two LeNets, the MNIST network, the linear and the two-layer network, the one that
ships.
"""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn


class LeNet(nn.Module):
    """LeNet for 32x32 images: two convolutions, two poolings, three linear layers, raw scores out.

    Input (N, 1, 32, 32), output (N, 10). With ``kernel_size`` 5 the flattened size is 16*5*5 = 400, with 3
    it is 16*6*6 = 576. Source: PyTorch's "Neural Networks" tutorial (5x5 and, in older editions, 3x3).
    """

    def __init__(self, kernel_size: int = 5) -> None:
        super().__init__()
        side = ((32 - kernel_size + 1) // 2 - kernel_size + 1) // 2
        self.conv1 = nn.Conv2d(1, 6, kernel_size)
        self.conv2 = nn.Conv2d(6, 16, kernel_size)
        self.fc1 = nn.Linear(16 * side * side, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = F.max_pool2d(F.relu(self.conv1(x)), (2, 2))
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = x.view(-1, self.num_flat_features(x))
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        x = self.fc3(x)
        return x

    def num_flat_features(self, x: Tensor) -> int:
        """Return how many numbers one example of ``x`` holds."""
        size = x.size()[1:]
        num_features = 1
        for s in size:
            num_features *= s
        return num_features


class MnistNet(nn.Module):
    """The MNIST network of the tutorials: 10 and 20 filters of 5x5, ``Dropout2d``, 320-50-10, log-probabilities.

    Input (N, 1, 28, 28), output (N, 10). Source: PyTorch's MNIST example in its first edition.
    ``dropout`` is the probability of both dropouts; 0 turns them off.
    """

    def __init__(self, dropout: float = 0.5) -> None:
        super().__init__()
        self.dropout = dropout
        self.conv1 = nn.Conv2d(1, 10, kernel_size=5)
        self.conv2 = nn.Conv2d(10, 20, kernel_size=5)
        self.conv2_drop = nn.Dropout2d(dropout)
        self.fc1 = nn.Linear(320, 50)
        self.fc2 = nn.Linear(50, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(F.max_pool2d(self.conv1(x), 2))  # (N, 1, 28, 28) -> (N, 10, 12, 12)
        x = F.relu(F.max_pool2d(self.conv2_drop(self.conv2(x)), 2))  # -> (N, 20, 4, 4)
        x = x.view(-1, 320)
        x = F.relu(self.fc1(x))
        x = F.dropout(x, p=self.dropout, training=self.training)
        x = self.fc2(x)
        return F.log_softmax(x, dim=1)


class ReaderNet(nn.Module):
    """The network that ships: five convolutions, three poolings, one linear layer, raw scores out; 105,882 numbers.

    Input (N, 1, 28, 28), output (N, 10). It was trained with batch normalisation, which is folded into its
    convolutions (``core.pretraining``), so that what ships is convolution, ReLU, pooling and linear only.
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, kernel_size=5)
        self.conv2 = nn.Conv2d(16, 32, kernel_size=3, padding=1)
        self.conv3 = nn.Conv2d(32, 48, kernel_size=3, padding=1)
        self.conv4 = nn.Conv2d(48, 64, kernel_size=3, padding=1)
        self.conv5 = nn.Conv2d(64, 96, kernel_size=3)
        self.fc = nn.Linear(384, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)  # (N, 1, 28, 28) -> (N, 16, 12, 12)
        x = F.relu(self.conv2(x))  # -> (N, 32, 12, 12)
        x = F.max_pool2d(F.relu(self.conv3(x)), 2)  # -> (N, 48, 6, 6)
        x = F.relu(self.conv4(x))  # -> (N, 64, 6, 6)
        x = F.max_pool2d(F.relu(self.conv5(x)), 2)  # -> (N, 96, 2, 2)
        return self.fc(x.flatten(1))  # type: ignore[no-any-return]


class LinearFit(nn.Module):
    """One linear layer without a bias, y = x Wᵀ: (N, 3) -> (N, 2)."""

    def __init__(self, in_features: int = 3, out_features: int = 2) -> None:
        super().__init__()
        self.W = nn.Linear(in_features, out_features, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.W(x)  # type: ignore[no-any-return]


class TwoLayerNet(nn.Module):
    """Two linear layers without biases and a clamp between them: (N, D_in) -> (N, D_out)."""

    def __init__(self, D_in: int = 1000, H: int = 100, D_out: int = 10) -> None:  # noqa: N803
        super().__init__()
        self.linear1 = nn.Linear(D_in, H, bias=False)
        self.linear2 = nn.Linear(H, D_out, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear2(self.linear1(x).clamp(min=0))  # type: ignore[no-any-return]
