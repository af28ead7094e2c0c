import torch, torch.nn as nn
torch.manual_seed(0)
X = torch.randn(80, 2); y = torch.where(X[:, 0] + X[:, 1] > 0, 1.0, -1.0)
svm = nn.Linear(2, 1); opt = torch.optim.SGD(svm.parameters(), 0.1)
for epoch in range(3):
    total = 0.0
    for i in range(0, 80, 40):
        out = svm(X[i:i + 40]).squeeze(1)
        loss = torch.clamp(1 - y[i:i + 40] * out, min=0).mean() + 0.01 * svm.weight.pow(2).sum()
        opt.zero_grad(); loss.backward(); opt.step()
        total += loss.item()
    print(epoch, total / 2)
