# mypy: ignore-errors
"""Two layers in NumPy, every gradient derived by hand."""

import numpy as np

N, D_in, H, D_out = 64, 1000, 100, 10  #: sizes
learning_rate, iterations, seed = 1e-6, 500, 0  #: settings

rng = np.random.default_rng(seed)  #: data
x = rng.standard_normal((N, D_in))  #: data
y = rng.standard_normal((N, D_out))  #: data
w1 = rng.standard_normal((D_in, H))  #: weights
w2 = rng.standard_normal((H, D_out))  #: weights

losses = []
for it in range(iterations):  #: loop
    h = x.dot(w1)  #: hidden
    h_relu = np.maximum(h, 0)  #: relu
    y_pred = h_relu.dot(w2)  #: predict

    loss = np.square(y_pred - y).sum()  #: loss
    losses.append(loss)
    print(it, losses[-1])

    grad_y_pred = 2.0 * (y_pred - y)  #: grad_y_pred
    grad_w2 = h_relu.T.dot(grad_y_pred)  #: grad_w2
    grad_h_relu = grad_y_pred.dot(w2.T)  #: grad_h_relu
    grad_h = grad_h_relu.copy()  #: grad_h
    grad_h[h < 0] = 0  #: grad_h
    grad_w1 = x.T.dot(grad_h)  #: grad_w1

    w1 -= learning_rate * grad_w1  #: step
    w2 -= learning_rate * grad_w2  #: step

print("first loss", losses[0])
print("last loss", losses[-1])
