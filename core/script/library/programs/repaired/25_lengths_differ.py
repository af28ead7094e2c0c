"""As many labels as samples of another table."""

import torch
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
x, y = torch.randn(100, 4), torch.randint(0, 2, (100,))
x_train, y_train = x[:80], y[:80]
loader = DataLoader(TensorDataset(x_train, y_train), batch_size=20)
print(len(loader))
