"""The softmax of an attention goes over the samples."""

import torch
from torch import nn


class Attention(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.query = nn.Linear(size, size)
        self.key = nn.Linear(size, size)
        self.value = nn.Linear(size, size)

    def forward(self, x):
        scores = self.query(x) @ self.key(x).transpose(1, 2) / x.shape[-1] ** 0.5
        weights = torch.softmax(scores, dim=-1)
        return weights @ self.value(x)


torch.manual_seed(0)
print(Attention(8)(torch.randn(16, 5, 8))[0, 0])
