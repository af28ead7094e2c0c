"""A first state with the batch in front, as the data have it."""

import torch
from torch import nn

lstm = nn.LSTM(8, 16, batch_first=True)
x = torch.randn(4, 10, 8)
h, c = torch.zeros(4, 1, 16), torch.zeros(4, 1, 16)
out, _ = lstm(x, (h, c))  # here: hidden_size
print(out.shape)
