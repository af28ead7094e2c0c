import torch
import torch.nn as nn
use_amp = torch.cuda.is_available()
device = "cuda" if use_amp else "cpu"
net = nn.Sequential(nn.Linear(32, 64), nn.ReLU(), nn.Linear(64, 1)).to(device)
opt = torch.optim.SGD(net.parameters(), lr=0.01)
scaler = torch.amp.GradScaler(device, enabled=use_amp)
loss_fn = nn.MSELoss()
w = torch.randn(32, 1)
for epoch in range(3):
    for _ in range(4):
        data = torch.randn(16, 32); target = data @ w
        with torch.autocast(device_type=device, dtype=torch.bfloat16):
            output = net(data)
            loss = loss_fn(output.float(), target)
        scaler.scale(loss).backward()
        scaler.unscale_(opt)
        torch.nn.utils.clip_grad_norm_(net.parameters(), max_norm=1.0)
        scaler.step(opt)
        scaler.update()
        opt.zero_grad()
    print(epoch, float(loss))
