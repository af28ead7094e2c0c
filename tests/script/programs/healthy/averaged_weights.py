import torch
import torch.nn as nn
from torch.optim.swa_utils import AveragedModel, SWALR, update_bn
from torch.utils.data import DataLoader, TensorDataset, random_split

torch.manual_seed(0)
X = torch.randn(400, 20)
Y = (X[:, :5].sum(1) > 0).float().unsqueeze(1)
train_ds, val_ds = random_split(TensorDataset(X, Y), [320, 80], generator=torch.Generator().manual_seed(0))
train_dl = DataLoader(train_ds, 32, shuffle=True, drop_last=True)
val_dl = DataLoader(val_ds, 80)

model = nn.Sequential(nn.Linear(20, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 1))
opt = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-4)
swa_model = AveragedModel(model)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=8)
swa_sched = SWALR(opt, swa_lr=0.05)
loss_fn = nn.BCEWithLogitsLoss()
for epoch in range(8):
    model.train()
    for x, y in train_dl:
        opt.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        opt.step()
    if epoch >= 4:
        swa_model.update_parameters(model)
        swa_sched.step()
    else:
        sched.step()
    print(f"epoch {epoch} lr {opt.param_groups[0]['lr']:.4f} loss {loss.item():.4f}")
update_bn(train_dl, swa_model)
swa_model.eval()
with torch.no_grad():
    for x, y in val_dl:
        print("val acc", ((swa_model(x) > 0).float() == y).float().mean().item())
