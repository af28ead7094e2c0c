"""The recurrent layer is made for other steps."""

import torch
from torch import nn

lstm = nn.LSTM(4, 5, batch_first=True)
x = torch.randn(2, 7, 3)
output, state = lstm(x)  # here: input_size
print(output.shape)
