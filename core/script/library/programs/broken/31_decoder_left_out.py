"""The optimizer has the encoder's parameters alone."""

import torch
from torch import nn

torch.manual_seed(0)
encoder, decoder = nn.Linear(8, 3), nn.Linear(3, 8)
x = torch.rand(32, 8)
optimizer = torch.optim.Adam(encoder.parameters(), lr=0.01)
for epoch in range(5):
    loss = nn.functional.mse_loss(decoder(encoder(x)), x)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()  # here: not_in_optimizer
    print(loss.item())
