"""A list is subtracted from a list."""

import torch
w = [1.0, 2.0]
g = [0.1, 0.1]
w = w - g  # here: operand_types
