from __future__ import annotations
from dataclasses import dataclass, field
from pathlib import Path
import copy, json, tempfile
import torch
from torch import nn, Tensor

@dataclass
class Config:
    lr: float = 1e-2
    epochs: int = 20
    patience: int = 3
    hidden: list[int] = field(default_factory=lambda: [8, 8])

class EarlyStopping:
    def __init__(self, patience): self.patience, self.best, self.wait = patience, float("inf"), 0
    def __call__(self, v) -> bool:
        if v < self.best - 1e-4: self.best, self.wait = v, 0
        else: self.wait += 1
        return self.wait >= self.patience

def build(cfg: Config) -> nn.Module:
    layers: list[nn.Module] = []
    d = 3
    for h in cfg.hidden:
        layers += [nn.Linear(d, h), nn.SiLU()]
        d = h
    return nn.Sequential(*layers, nn.Linear(d, 1))

cfg = Config()
model = build(cfg)
x: Tensor = torch.randn(128, 3); y = x.prod(1, keepdim=True)
xv = torch.randn(32, 3); yv = xv.prod(1, keepdim=True)
opt = torch.optim.RMSprop(model.parameters(), lr=cfg.lr)
plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(opt, patience=2)
stop, history, best = EarlyStopping(cfg.patience), [], None
for epoch in range(cfg.epochs):
    model.train()
    perm = torch.randperm(len(x))
    for idx in perm.split(32):
        opt.zero_grad()
        nn.functional.mse_loss(model(x[idx]), y[idx]).backward()
        opt.step()
    model.eval()
    with torch.inference_mode():
        v = nn.functional.mse_loss(model(xv), yv).item()
    plateau.step(v)
    history.append(v)
    if v <= min(history): best = copy.deepcopy(model.state_dict())
    if stop(v): break
model.load_state_dict(best)
with tempfile.TemporaryDirectory() as d:
    p = Path(d) / "h.json"
    p.write_text(json.dumps(history)); print(len(json.loads(p.read_text())) > 0)
