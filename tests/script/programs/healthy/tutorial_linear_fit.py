"""nn.Linear finds a known matrix from random batches of four."""

import numpy as np
import torch
import torch.nn as nn
import torch.optim as optim

torch.manual_seed(0)
W = torch.tensor([[0.3, 0.4], [0.5, 0.6], [0.6, 0.2]])
num_samples, input_dim, output_dim, batch_size = 100, 3, 2, 4
x = torch.rand((num_samples, input_dim))
y = torch.matmul(W.t(), x.t()).t()


class LinearFit(nn.Module):
    def __init__(self):
        super().__init__()
        self.W = nn.Linear(input_dim, output_dim, bias=False)

    def forward(self, X):
        return self.W(X)


def random_batch():
    random_x = torch.zeros((batch_size, input_dim))
    random_y = torch.zeros((batch_size, output_dim))
    random_index = np.random.choice(range(len(x)), batch_size, replace=False)
    for i, index in enumerate(random_index):
        random_x[i] = x[index]
        random_y[i] = y[index]
    return random_x, random_y


model = LinearFit()
criterion = nn.MSELoss()
optimizer = optim.SGD(model.parameters(), lr=0.01)
for epoch in range(500):
    input_batch, output_batch = random_batch()
    optimizer.zero_grad()
    output_pred = model(input_batch)
    loss = criterion(output_pred, output_batch)
    if (epoch + 1) % 100 == 0:
        print("Epoch:", f"{epoch + 1:04d}", "cost =", f"{loss:.6f}")
    loss.backward()
    optimizer.step()
print(model.W.weight.t())
