"""A number takes the name of the function that computed it."""

import torch


def accuracy(scores, labels):
    return (scores.argmax(1) == labels).float().mean().item()


torch.manual_seed(0)
labels = torch.randint(0, 3, (10,))
for epoch in range(3):
    scores = torch.randn(10, 3)
    accuracy = accuracy(scores, labels)  # here: not_callable
    print(epoch, accuracy)
