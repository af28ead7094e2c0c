import torch
from torch.utils.data import Dataset, DataLoader
import torch.nn.functional as F


class Circles(Dataset):
    def __init__(self, n, transform=None):
        g = torch.Generator().manual_seed(1)
        self.x = torch.randn(n, 2, generator=g)
        self.y = (self.x.pow(2).sum(1) > 1.4).long()
        self.transform = transform

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        x, y = self.x[i], self.y[i]
        if self.transform:
            x = self.transform(x)
        return x, y


if __name__ == '__main__':
    ds = Circles(200, transform=lambda v: v * 2)
    dl = DataLoader(ds, batch_size=20, shuffle=True, num_workers=2)
    net = torch.nn.Sequential(torch.nn.Linear(2, 16), torch.nn.Tanh(), torch.nn.Linear(16, 2))
    opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9, nesterov=True)
    for epoch in range(2):
        for i, (x, y) in enumerate(dl):
            opt.zero_grad()
            loss = F.cross_entropy(net(x), y)
            loss.backward()
            opt.step()
        print('epoch', epoch, 'loss', loss.item())
