"""A first state with the batch in front, as the data have it."""

import torch
from torch import nn

lstm = nn.LSTM(8, 16, batch_first=True)
x = torch.randn(4, 10, 8)
h, c = torch.zeros(1, 4, 16), torch.zeros(1, 4, 16)
out, _ = lstm(x, (h, c))
print(out.shape)
