"""Only the inputs are shuffled."""

import numpy as np
import torch
from torch import nn

np.random.seed(0)
x = np.random.randn(100, 4).astype("float32")
y = x[:, :3].argmax(1)
np.random.shuffle(x)  # here: labels_shuffled
inputs, labels = torch.from_numpy(x), torch.from_numpy(y)
model = nn.Linear(4, 3)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(10):
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(inputs), labels).backward()
    optimizer.step()
