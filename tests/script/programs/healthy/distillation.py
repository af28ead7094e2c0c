"""A student learns from a teacher's probabilities."""

import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
teacher = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, 3)).eval()
student = nn.Linear(4, 3)
optimizer = torch.optim.Adam(student.parameters(), lr=0.01)
x = torch.randn(40, 4)
y = x[:, :3].argmax(1)
for epoch in range(5):
    with torch.no_grad():
        soft = F.softmax(teacher(x) / 2, dim=1)
    logits = student(x)
    loss = F.kl_div(F.log_softmax(logits / 2, dim=1), soft, reduction="batchmean") * 4
    loss = 0.5 * loss + 0.5 * F.cross_entropy(logits, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(loss.item())
