"""A program that asks, and nobody is there to answer."""

import torch

epochs = int(input("How many epochs? "))  # here: input
for epoch in range(epochs):
    print(epoch, torch.rand(1).shape)
