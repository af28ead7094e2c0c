import torch
from torch import nn
from torch.optim import lr_scheduler


def run(name, make):
    torch.manual_seed(0)
    net = nn.Linear(4, 1)
    opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    sched = make(opt)
    x = torch.randn(32, 4)
    y = x @ torch.tensor([[1.0], [-2.0], [0.5], [3.0]])
    lrs = []
    for epoch in range(5):
        opt.zero_grad()
        loss = ((net(x) - y) ** 2).mean()
        loss.backward()
        opt.step()
        match sched:
            case lr_scheduler.ReduceLROnPlateau():
                sched.step(loss.item())
            case _:
                sched.step()
        lrs.append(opt.param_groups[0]["lr"])
    print(f"{name:>10}", " ".join(f"{v:.4f}" for v in lrs))


zoo = {
    "step": lambda o: lr_scheduler.StepLR(o, step_size=2, gamma=0.5),
    "exp": lambda o: lr_scheduler.ExponentialLR(o, gamma=0.9),
    "onecycle": lambda o: lr_scheduler.OneCycleLR(o, max_lr=0.1, total_steps=5),
    "plateau": lambda o: lr_scheduler.ReduceLROnPlateau(o, patience=1),
    "lambda": lambda o: lr_scheduler.LambdaLR(o, lambda e: 1 / (e + 1)),
}
for name, make in zoo.items():
    run(name, make)
