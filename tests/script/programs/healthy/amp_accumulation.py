import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
device_type = "cuda" if torch.cuda.is_available() else "cpu"
ds = TensorDataset(torch.randn(64, 20), torch.randint(0, 3, (64,)))
dl = DataLoader(ds, batch_size=8)
model = nn.Sequential(nn.Linear(20, 32), nn.GELU(), nn.LayerNorm(32), nn.Linear(32, 3))
opt = torch.optim.AdamW(model.parameters(), lr=1e-3)
scaler = torch.amp.GradScaler(device_type, enabled=device_type == "cuda")
accum = 4
for epoch in range(2):
    opt.zero_grad()
    for i, (xb, yb) in enumerate(dl):
        with torch.autocast(device_type=device_type, dtype=torch.bfloat16):
            out = model(xb)
            loss = nn.functional.cross_entropy(out, yb) / accum
        scaler.scale(loss).backward()
        if (i + 1) % accum == 0:
            scaler.unscale_(opt)
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            scaler.step(opt)
            scaler.update()
            opt.zero_grad()
    print("epoch", epoch, "loss", loss.item() * accum)
