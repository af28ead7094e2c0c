"""Labels for every pixel have a dimension too many."""

import torch, torch.nn as nn
out = torch.randn(2, 3, 8, 8)
mask = torch.randint(0, 3, (2, 8, 8))
loss = nn.CrossEntropyLoss()(out, mask)
