"""Adam is given a number that it does not take."""

import torch
opt = torch.optim.Adam([torch.zeros(1, requires_grad=True)], lr=0.1, betas=(0.0, 0.9))
