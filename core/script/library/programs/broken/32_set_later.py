"""A function adds to a number of the program."""

import torch

right = 0


def count(scores, labels):
    right = right + (scores.argmax(1) == labels).sum().item()  # here: unbound
    return right


torch.manual_seed(0)
for batch in range(3):
    print(count(torch.randn(10, 3), torch.randint(0, 3, (10,))))
