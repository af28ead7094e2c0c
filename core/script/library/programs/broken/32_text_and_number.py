"""A text and a number are joined with +."""

import torch
acc = torch.tensor(0.5)
print("accuracy: " + acc)  # here: text_and_number
