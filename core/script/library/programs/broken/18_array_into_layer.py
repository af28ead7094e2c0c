"""A NumPy array goes into a layer."""

import numpy as np
import torch
from torch import nn

torch.manual_seed(0)
table = np.random.default_rng(0).normal(size=(5, 3))
model = nn.Linear(3, 1)
print(model(table).shape)  # here: numpy_input
