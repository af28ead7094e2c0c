"""A picture is what is trained."""

import torch
from torch import nn

torch.manual_seed(0)
features = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Conv2d(4, 4, 3)).eval()
target = features(torch.rand(1, 3, 12, 12)).detach()
picture = torch.rand(1, 3, 12, 12, requires_grad=True)
optimizer = torch.optim.LBFGS([picture], max_iter=3)
for step in range(3):

    def closure():
        with torch.no_grad():
            picture.clamp_(0, 1)
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(features(picture), target)
        loss.backward()
        return loss

    print(optimizer.step(closure).item())
