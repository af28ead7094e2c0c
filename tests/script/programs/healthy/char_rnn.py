"""A character RNN that carries its state, cut off at each step, and sums losses over time."""

import torch
from torch import nn

torch.manual_seed(0)
text = "abcabcabdabc" * 6
letters = sorted(set(text))
data = torch.tensor([letters.index(c) for c in text])
embedding, cell, head = nn.Embedding(4, 6), nn.GRUCell(6, 8), nn.Linear(8, 4)
parameters = [*embedding.parameters(), *cell.parameters(), *head.parameters()]
optimizer = torch.optim.Adam(parameters, lr=0.01)
h = torch.zeros(1, 8)
for start in range(0, 60, 10):
    h = h.detach()
    loss = 0
    for t in range(start, start + 10):
        h = cell(embedding(data[t : t + 1]), h)
        loss = loss + nn.functional.cross_entropy(head(h), data[t + 1 : t + 2])
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(parameters, 5)
    optimizer.step()
    print(loss.item() / 10)
