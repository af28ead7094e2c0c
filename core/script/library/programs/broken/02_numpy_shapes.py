"""The data have the size of the hidden layer where the input's is meant."""
import numpy as np
import torch

N, D_in, H = 16, 50, 20
x = np.random.randn(D_in, H)
w1 = np.random.randn(D_in, H)
h = x.dot(w1)  # here: numpy_shapes
print(torch.from_numpy(h).clamp(min=0).shape)
