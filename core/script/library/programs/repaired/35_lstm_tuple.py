"""An LSTM returns two things."""

import torch
from torch import nn


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(3, 5, batch_first=True)
        self.fc = nn.Linear(5, 2)

    def forward(self, x):
        x, _ = self.lstm(x)
        return self.fc(x)


print(Tagger()(torch.randn(2, 7, 3)).shape)
