"""A view between softmax and the loss changes nothing: the softmax is one too many."""

import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
words = torch.randint(0, 9, (4, 6))
model = nn.Sequential(nn.Embedding(9, 8), nn.Linear(8, 9), nn.Softmax(dim=-1))
optimizer = torch.optim.Adam(model.parameters())
for _ in range(3):
    scores = model(words)  # (N, L, 9)
    loss = F.cross_entropy(scores.view(-1, 9), words.view(-1))  # here: softmax_before_cross_entropy
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
