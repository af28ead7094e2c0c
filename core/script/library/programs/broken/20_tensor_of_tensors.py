"""torch.tensor is given a list of tensors."""

import torch
xs = [torch.randn(3) for _ in range(4)]
x = torch.tensor(xs)  # here: tensor_of_tensors
