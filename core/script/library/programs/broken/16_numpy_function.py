"""A function of NumPy stands on the way to the loss."""

import numpy as np, torch
w = torch.randn(4, 2, requires_grad=True)
y_pred = torch.randn(3, 4) @ w
loss = np.square(y_pred - 1).sum()  # here: numpy_grad
