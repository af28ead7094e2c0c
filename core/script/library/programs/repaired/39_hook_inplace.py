"""A backward hook on a layer, and ReLU in place after it."""

import torch, torch.nn as nn
net = nn.Sequential(nn.Linear(2, 2), nn.ReLU(inplace=False))
net[0].register_full_backward_hook(lambda m, i, o: None)
net(torch.randn(1, 2)).sum().backward()
