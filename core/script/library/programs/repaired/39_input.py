"""A program that asks, and nobody is there to answer."""

import torch

epochs = 3
for epoch in range(epochs):
    print(epoch, torch.rand(1).shape)
