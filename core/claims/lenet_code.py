"""The code of the experiments: shown, run and exported as it stands here."""

PRELUDE = """\
import torch
import torch.nn.functional as F

torch.manual_seed(0)
net = LeNet()
input = torch.randn(1, 1, 32, 32)
target = torch.randn(1, 10)
"""

CODE = {
    "two_backwards": """\
net.zero_grad()
F.mse_loss(net(input), target).backward()
once = net.conv1.bias.grad.clone()
F.mse_loss(net(input), target).backward()
twice = net.conv1.bias.grad
print("after one:", once)
print("after two:", twice)
print("ratio:    ", twice / once)
""",
    "retain_graph": """\
loss = F.mse_loss(net(input), target)
loss.backward()
loss.backward()
""",
    "bias_grad": """\
net.zero_grad()
before = net.conv1.bias.grad
print("before backward:", before)
F.mse_loss(net(input), target).backward()
after = net.conv1.bias.grad
print("after backward: ", after)
""",
    "by_hand": """\
import copy

lr = 0.01
F.mse_loss(net(input), target).backward()
hand, alpha = copy.deepcopy(net), copy.deepcopy(net)
with torch.no_grad():
    for p, h, a in zip(net.parameters(), hand.parameters(), alpha.parameters()):
        h.sub_(p.grad * lr)
        a.add_(p.grad, alpha=-lr)
torch.optim.SGD(net.parameters(), lr=lr).step()

def differ(other):
    return sum(int((p != q).sum()) for p, q in zip(net.parameters(), other.parameters()))

total = sum(p.numel() for p in net.parameters())
def steps_between(p, q):  # how many float32 numbers further
    return int((p.view(torch.int32) - q.view(torch.int32)).abs().max())

rounded_twice, fused = differ(hand), differ(alpha)
apart = max(steps_between(p.detach(), q.detach()) for p, q in zip(net.parameters(), hand.parameters()))
print(f"sub_(grad * lr):       {rounded_twice} of {total} weights differ from optim.SGD")
print(f"add_(grad, alpha=-lr): {fused} of {total} weights differ from optim.SGD")
print("units in the last place:", apart)
""",
    "race": """\
import copy

optimizers = {
    "SGD": lambda p: torch.optim.SGD(p, lr=0.01),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9),
    "Nesterov": lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9, nesterov=True),
    "Adam": lambda p: torch.optim.Adam(p, lr=0.001),
    "RMSprop": lambda p: torch.optim.RMSprop(p, lr=0.001),
}
curves = {}
for name, make in optimizers.items():
    runner = copy.deepcopy(net)  # the same start for each
    optimizer = make(runner.parameters())
    curves[name] = []
    for _ in range(21):
        optimizer.zero_grad()
        loss = F.mse_loss(runner(input), target)
        curves[name].append(loss.item())
        loss.backward()
        optimizer.step()
    print(f"{name:8} {curves[name][0]:.4f} -> {curves[name][-1]:.4f}")
""",
    "until_gone": """\
optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
losses = []
for step in range(301):
    optimizer.zero_grad()
    loss = F.mse_loss(net(input), target)
    losses.append(loss.item())
    if losses[-1] < 1e-6:
        break
    loss.backward()
    optimizer.step()
print(f"step 0: {losses[0]:.4f}, step {len(losses) - 1}: {losses[-1]:.1e}")
""",
    "no_channel": """\
image = torch.randn(32, 32)
net(image)
""",
    "unbatched": """\
image = torch.randn(1, 32, 32)
y = net.conv1(image)
print("conv1 gives", tuple(y.shape))
net(image)
""",
    "wrong_size": """\
image = torch.randn(1, 1, 28, 28)
net(image)
""",
    "train_eval": """\
net = MnistNet()
image = torch.randn(1, 1, 28, 28)
net.train()
train_same = torch.equal(net(image), net(image))
net.eval()
eval_same = torch.equal(net(image), net(image))
print("train mode, same output twice:", train_same)
print("eval mode, same output twice: ", eval_same)
""",
    "momentum": """\
w = torch.zeros(1, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=1.0, momentum=0.5)
for step in (1, 2):
    before = w.item()
    w.grad = torch.ones(1)
    optimizer.step()
    moved = w.item() - before
    print(f"step {step} moves w by {moved}")
""",
    "dropout2d": """\
maps = torch.ones(1, 8, 3, 3)
dropped = F.dropout2d(maps, p=0.5)
kept = (dropped != 0).sum((0, 2, 3)).float().tolist()
scale = dropped.max().item()
print("cells left in each map:", kept)
print("what survives:", scale)
""",
    "nll": """\
scores = torch.tensor([[2.0, 5.0, 1.0]])
label = torch.tensor([1])
raw = F.nll_loss(scores, label).item()
right = F.nll_loss(F.log_softmax(scores, dim=1), label).item()
entropy = F.cross_entropy(scores, label).item()
print("nll_loss of raw scores:     ", raw)
print("nll_loss after log_softmax: ", right)
print("cross_entropy of raw scores:", entropy)
""",
    "flip": """\
x = torch.tensor([[1, 2, 3], [4, 5, 6]])
flat, flipped = x.view(-1).tolist(), x.T.reshape(-1).tolist()
print("x.view(-1):     ", flat)
print("x.T.reshape(-1):", flipped)
print("same memory:    ", x.view(-1).data_ptr() == x.data_ptr())
""",
    "in_place": """\
F.mse_loss(net(input), target).backward()
for p in net.parameters():
    p.sub_(p.grad * 0.01)
""",
}
