import numpy as np
import torch
from torch import nn

rng = np.random.default_rng(0)
Xn = np.concatenate([rng.normal(0, 1, (40, 4)), rng.normal(2, 1, (40, 4))]).astype(np.float32)
yn = np.array([0] * 40 + [1] * 40)
order = rng.permutation(80)
Xn, yn = Xn[order], yn[order]
X, y = torch.from_numpy(Xn), torch.from_numpy(yn)
torch.manual_seed(0)
proj = nn.Linear(4, 2, bias=False)
opt = torch.optim.SGD(proj.parameters(), lr=0.05)
for step in range(10):
    z = nn.functional.normalize(proj(X), dim=1)
    sim = z @ z.T
    same = (y.unsqueeze(0) == y.unsqueeze(1)).float()
    logits = sim / 0.5
    logits = logits - torch.eye(80) * 1e9
    log_prob = logits - torch.logsumexp(logits, dim=1, keepdim=True)
    mask = same - torch.eye(80)
    loss = -(mask * log_prob).sum(1).div(mask.sum(1)).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
print(f"supcon loss {loss.item():.4f}")
