"""multinomial gets logits."""

import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(8, 5)
logits = model(torch.randn(3, 8))
token = torch.multinomial(logits, num_samples=1)  # here: multinomial_weights
print(token)
