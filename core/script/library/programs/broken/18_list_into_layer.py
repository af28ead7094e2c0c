"""A list goes into a layer."""

from torch import nn

model = nn.Linear(3, 1)
print(model([1.0, 2.0, 3.0]))  # here: numpy_input
