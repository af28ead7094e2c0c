import torch, torch.nn as nn, torch.nn.functional as F
torch.manual_seed(0)
class VQ(nn.Module):
    def __init__(self, k=8, d=4): super().__init__(); self.book = nn.Embedding(k, d)
    def forward(self, z):
        idx = torch.cdist(z, self.book.weight).argmin(1); q = self.book(idx)
        loss = F.mse_loss(q, z.detach()) + 0.25 * F.mse_loss(z, q.detach())
        return z + (q - z).detach(), loss
enc, dec, vq = nn.Linear(10, 4), nn.Linear(4, 10), VQ()
opt = torch.optim.Adam([*enc.parameters(), *dec.parameters(), *vq.parameters()], 1e-2); x = torch.rand(64, 10)
for _ in range(8):
    q, l = vq(enc(x)); loss = F.mse_loss(dec(q), x) + l
    opt.zero_grad(); loss.backward(); opt.step()
print(loss.item())
