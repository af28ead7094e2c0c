"""A text and a number are joined with +."""

import torch
acc = torch.tensor(0.5)
print(f"accuracy: {acc}")
