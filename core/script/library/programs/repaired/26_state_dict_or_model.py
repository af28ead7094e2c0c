"""A state_dict is used as if it were the model."""

import io

import torch
from torch import nn

model = nn.Linear(2, 1)
file = io.BytesIO()
torch.save(model.state_dict(), file)
file.seek(0)
loaded = nn.Linear(2, 1)
loaded.load_state_dict(torch.load(file))
print(loaded(torch.randn(3, 2)))
