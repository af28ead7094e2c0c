"""Losses that are kept in an object keep their graphs."""

import torch
from torch import nn


class Trainer:
    def __init__(self):
        self.model = nn.Linear(2, 1)
        self.losses = []

    def fit(self):
        optimizer = torch.optim.SGD(self.model.parameters(), lr=0.1)
        for _ in range(10):
            loss = self.model(torch.randn(3, 2)).pow(2).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            self.losses.append(loss)  # here: graph_kept


Trainer().fit()
