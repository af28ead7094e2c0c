"""A list is asked for its shape."""

import torch

heights = [1.62, 1.80, 1.75]
print(heights.shape)  # here: plain_value
print(torch.tensor(heights).mean())
