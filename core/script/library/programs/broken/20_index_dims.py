"""gather takes an index with as many dimensions as the tensor."""

import torch

values = torch.tensor([[0.1, 0.9], [0.7, 0.2], [0.4, 0.6]])  # of two actions in three states
actions = torch.tensor([1, 0, 0])
chosen = values.gather(1, actions)  # here: index_dims
print(chosen)
