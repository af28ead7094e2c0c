"""Experiments on what the tutorials print and say of networks, gradients and accuracy."""

from __future__ import annotations

import torch

from core.claims.experiment import Experiment, Variables
from core.claims.lenet_code import PRELUDE
from core.errors import N_
from core.sentence import Sentence

TORCH = """\
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
"""


def _parameters(ran: Variables) -> tuple[bool, Sentence]:
    count, layers = len(ran["params"]), len(list(ran["net"].children()))
    return count == 2 * layers and ran["params"][0].size() == (6, 1, 5, 5), Sentence(
        N_(
            "{count}: each of the {layers} layers has a weight and a bias. params[0] is conv1.weight: {out} "
            "filters of {kernel}. Together they hold {total:,} numbers."
        ),
        {
            "count": count,
            "layers": layers,
            "out": ran["params"][0].size(0),
            "kernel": "×".join(map(str, ran["params"][0].size()[1:])),
            "total": ran["total"],
        },
    )


def _target(ran: Variables) -> tuple[bool, Sentence]:
    row, column = ran["row"].item(), ran["column"].item()
    return ran["seen"].size() == (1, 10) and row != column, Sentence(
        N_(
            "−1 stands for the size that is left: (10,) becomes (1, 10), the shape of the output. As (10, 1) the "
            "target is broadcast to 10×10 differences: the loss is {column:.4f} in place of {row:.4f}, and "
            "PyTorch only warns."
        ),
        {"row": row, "column": column},
    )


def _parameter(ran: Variables) -> tuple[bool, Sentence]:
    scale = ran["scale"]
    return ran["names"] == ["b"] and scale.a.grad is not None and torch.equal(scale.a, torch.ones(3)), Sentence(
        N_(
            "Only {names}: assigning an nn.Parameter registers it. The tensor a gets a gradient, but "
            "parameters() and state_dict() do not list it: no optimizer moves it and no checkpoint keeps it."
        ),
        {"names": ", ".join(ran["names"])},
    )


def _function(ran: Variables) -> tuple[bool, Sentence]:
    same = torch.equal(ran["own"], ran["torchs"]) and ran["checked"]
    return same and ran["name"] == "SquareBackward", Sentence(
        N_(
            "A Function is such a pair: forward saves what backward needs, and backward turns the gradient of "
            "the output into that of the input. Every tensor operation leaves one in the graph; this one is "
            "{name}. Its gradient is the same as that of x * x, and gradcheck compared it with differences."
        ),
        {"name": ran["name"]},
    )


def _data(ran: Variables) -> tuple[bool, Sentence]:
    return ran["hidden"] != 6 and "modified by an inplace operation" in ran.get("error", ""), Sentence(
        N_(
            "y was 3·3, so its gradient is 2·3 = 6. Through .data the weight changed unseen, and backward computed "
            "{hidden:g} without a word. Under no_grad autograd counts the change and refuses."
        ),
        {"hidden": ran["hidden"]},
    )


def _accuracy(ran: Variables) -> tuple[bool, Sentence]:
    return ran["right"] == ran["modern"] != ran["careless"], Sentence(
        N_(
            "max(1, keepdim=True) returns (values, indices); [1] are the classes, of shape {shape}. Beside "
            "labels of shape (8,), eq broadcasts to 8×8 comparisons and counts {careless} right answers in place "
            "of {right}. view_as gives the labels the same shape; argmax(dim=1) == labels needs neither."
        ),
        {"shape": tuple(ran["pred"].size()), "careless": ran["careless"], "right": ran["right"]},
    )


def _cudnn(ran: Variables) -> tuple[bool, Sentence]:
    return torch.equal(ran["on"], ran["off"]), Sentence(
        N_(
            "cuDNN is NVIDIA's library for layers on a GPU. These tensors are on the {device}, so the switch "
            "changes nothing. To repeat a run on a GPU exactly, set torch.backends.cudnn.deterministic = True."
        ),
        {"device": ran["on"].device.type.upper()},
    )


def _relu_comment(ran: Variables) -> tuple[bool, Sentence]:
    return ran["first"].name().endswith("AccumulateGrad") and ran["relu"].name().startswith("Relu"), Sentence(
        N_(
            "next_functions[0][0] of {linear} is AccumulateGrad of {leaf}: addmm takes the bias first. "
            "{relu} is next_functions[1][0]."
        ),
        {"linear": ran["linear"].name(), "leaf": ran["leaf"], "relu": ran["relu"].name()},
    )


def _fan_out(ran: Variables) -> tuple[bool, Sentence]:
    a, b, x, y = ran["a"], ran["b"], ran["x"], ran["y"]
    through_a, through_b = (2 * x * a.grad).item(), (3 * b.grad).item()  # the derivatives of x·x and 3·x
    return y.grad == a.grad == b.grad == 1 and x.grad == through_a + through_b, Sentence(
        N_(
            "Gradients flow from y to x: y.grad, a.grad and b.grad are all {one:g}. What adds up is x.grad: "
            "{through_a:g} through a and {through_b:g} through b make {total:g}."
        ),
        {"one": y.grad.item(), "through_a": through_a, "through_b": through_b, "total": x.grad.item()},
    )


def _nll_unbatched(ran: Variables) -> tuple[bool, Sentence]:
    return torch.equal(ran["one"], ran["batch"]), Sentence(
        N_(
            "nll_loss also takes log-probabilities of shape (C,) with one target: {one:.4f}, as with a batch of "
            "one."
        ),
        {"one": ran["one"].item()},
    )


def _slide(ran: Variables) -> tuple[bool, Sentence]:
    return ran["windows"][0] == [0, 1, 2] and ran["first"] == 3 and ran["last"] == 0, Sentence(
        N_(
            "The first output, {first:g}, comes from the window at the left. The window moves to the right and, "
            "at the end of a row, down."
        ),
        {"first": ran["first"]},
    )


EXPERIMENTS: dict[str, Experiment] = {
    "parameters": Experiment(
        N_("How many parameters? len(list(net.parameters()))"),
        N_("Five layers have parameters, so the list might hold 5."),
        _parameters,
        """\
params = list(net.parameters())
print(len(params))
print(params[0].size())
for name, p in net.named_parameters():
    print(f"{name:13} {tuple(p.size())}")
total = sum(p.numel() for p in params)
print("numbers in all:", total)
""",
        PRELUDE,
    ),
    "target_view": Experiment(
        N_("target.view(1, -1)"),
        N_("Ten numbers are ten numbers: the shape of the target should not change the loss."),
        _target,
        """\
output = net(input)
target = torch.randn(10)
seen = target.view(1, -1)
print(output.size(), target.size(), seen.size())
row = nn.MSELoss()(output, seen)
print(row)
column = nn.MSELoss()(output, target.view(-1, 1))
print(column)
""",
        "from torch import nn\n" + PRELUDE,
    ),
    "parameter": Experiment(
        N_("nn.Parameter, and a tensor that is none"),
        N_("Both are tensors with requires_grad=True, so the optimizer should train both."),
        _parameter,
        """\
class Scale(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = torch.ones(3, requires_grad=True)
        self.b = nn.Parameter(torch.ones(3))

scale = Scale()
names = [name for name, _ in scale.named_parameters()]
print("parameters:", names)
print("state_dict:", list(scale.state_dict()))
optimizer = torch.optim.SGD(scale.parameters(), lr=0.1)
(scale.a * scale.b).sum().backward()
optimizer.step()
print("a:", scale.a.tolist(), "a.grad:", scale.a.grad.tolist())
print("b:", scale.b.tolist(), "b.grad:", scale.b.grad.tolist())
""",
        TORCH,
    ),
    "function": Experiment(
        N_("autograd.Function: a forward with its own backward"),
        N_("Autograd derives everything itself, so there is no place for your own backward."),
        _function,
        """\
class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return grad_output * 2 * x

x = torch.tensor([1.0, -2.0, 3.0], requires_grad=True)
y = Square.apply(x)
name = y.grad_fn.name()
y.backward(torch.tensor([1.0, 1.0, 0.5]))
own = x.grad
print(y)
print("Square: ", own)

x.grad = None
(x * x).backward(torch.tensor([1.0, 1.0, 0.5]))
torchs = x.grad
print("x * x:  ", torchs)
checked = torch.autograd.gradcheck(Square.apply, x.detach().double().requires_grad_())
print("gradcheck:", checked)
""",
        TORCH,
    ),
    "data_hides": Experiment(
        N_("What .data hides: a wrong gradient, and no error"),
        N_("Changing a weight through .data or under torch.no_grad() should be the same."),
        _data,
        """\
w = torch.tensor(3.0, requires_grad=True)
y = w * w  # its gradient is 2 * w = 6
w.data.sub_(1)
y.backward()
hidden = w.grad.item()
print("changed through .data:", hidden)

w = torch.tensor(3.0, requires_grad=True)
y = w * w
with torch.no_grad():
    w.sub_(1)
y.backward()
""",
        TORCH,
        raises=True,
    ),
    "accuracy": Experiment(
        N_("Accuracy: max(1, keepdim=True)[1] and eq(view_as)"),
        N_("pred.eq(labels) should count the right answers, with view_as or without."),
        _accuracy,
        """\
output = F.log_softmax(torch.randn(8, 10), dim=1)
labels = torch.tensor([4, 3, 1, 0, 5, 8, 9, 7])
pred = output.max(1, keepdim=True)[1]
print(pred.size(), labels.size())
right = pred.eq(labels.view_as(pred)).sum().item()
print("with view_as:   ", right, "of 8")
careless = pred.eq(labels).sum().item()
print("without view_as:", careless, "of 8")
modern = (output.argmax(dim=1) == labels).sum().item()
print("argmax:         ", modern, "of 8")
""",
        TORCH,
    ),
    "cudnn": Experiment(
        N_("torch.backends.cudnn.enabled = False"),
        N_("MNIST programs often begin with this line, so it should change something."),
        _cudnn,
        """\
with torch.backends.cudnn.flags(enabled=False):
    off = net(input)
on = net(input)
print("enabled:    ", torch.backends.cudnn.enabled)
print("GPU here:   ", torch.cuda.is_available())
print("device:     ", input.device)
print("same output:", torch.equal(on, off))
""",
        PRELUDE,
    ),
    "relu_comment": Experiment(
        N_("What one tutorial says: next_functions[0][0] behind the last layer is ReLU"),
        N_("Before the last linear layer comes ReLU, so the chain should lead there."),
        _relu_comment,
        """\
loss = F.mse_loss(net(input), target)
print(loss.grad_fn)
linear = loss.grad_fn.next_functions[0][0]
print(linear)
first = linear.next_functions[0][0]
print(first)
leaf = next(name for name, p in net.named_parameters() if p is first.variable)
relu = linear.next_functions[1][0]
print("next_functions[1][0]:", relu)
""",
        PRELUDE,
    ),
    "fan_out": Experiment(
        N_("What one tutorial says: with y = a + b, y.grad = a.grad + b.grad"),
        N_("y is the sum, so its gradient would be the sum, too."),
        _fan_out,
        """\
x = torch.tensor(2.0, requires_grad=True)
a = x * x
b = 3 * x
y = a + b
for t in (a, b, y):
    t.retain_grad()
y.backward()
print("y.grad:", y.grad)
print("a.grad:", a.grad)
print("b.grad:", b.grad)
print("x.grad:", x.grad)
""",
        TORCH,
    ),
    "nll_unbatched": Experiment(
        N_("What many tutorials say: losses take mini-batches only"),
        N_("F.nll_loss of log-probabilities of shape (C,) would fail."),
        _nll_unbatched,
        """\
output = torch.randn(10)
one = F.nll_loss(F.log_softmax(output, dim=0), torch.tensor(3))
print("(C,):  ", one)
batch = F.nll_loss(F.log_softmax(output.unsqueeze(0), dim=1), torch.tensor([3]))
print("(1, C):", batch)
""",
        TORCH,
    ),
    "slide": Experiment(
        N_("What one tutorial says: the kernel slides to the left"),
        N_("The first output would come from the right end of the image."),
        _slide,
        """\
image = torch.zeros(1, 1, 3, 6)
image[..., 0] = 1  # a line at the left
print(image[0, 0])
y = F.conv2d(image, torch.ones(1, 1, 3, 3))
print(y[0, 0])
first, last = y[0, 0, 0, 0].item(), y[0, 0, 0, -1].item()
windows = torch.arange(6).unfold(0, 3, 1).tolist()
print("columns under the window:", windows)
""",
        TORCH,
    ),
}
