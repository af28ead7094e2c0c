"""shuffle changes the list itself and returns nothing."""

import random

import torch

random.seed(0)
samples = [(i / 10, i % 2) for i in range(10)]
samples = random.shuffle(samples)
x = torch.tensor([value for value, label in samples])  # here: none
print(x)
