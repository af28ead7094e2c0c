"""The recurrent layer is made for other steps."""

import torch
from torch import nn

lstm = nn.LSTM(3, 5, batch_first=True)
x = torch.randn(2, 7, 3)
output, state = lstm(x)
print(output.shape)
