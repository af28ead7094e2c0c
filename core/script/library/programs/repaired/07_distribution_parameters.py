"""Categorical gets logits for its probabilities."""

import torch
from torch import nn
from torch.distributions import Categorical

torch.manual_seed(0)
policy = nn.Linear(4, 2)
scores = policy(torch.randn(3, 4))
choice = Categorical(logits=scores)
print(choice.sample())
