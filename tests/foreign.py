"""Modules as other people write them: the kinds that a recorder of torch calls can get wrong, each very small."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint


class LayeredNet(nn.Module):
    """A network with one linear layer ``a`` of 4 inputs, and ``step(self, x)`` as its forward."""

    def __init__(self, step: Callable[[Any, Tensor], Any], out: int = 4, **more: nn.Module) -> None:
        super().__init__()
        self.a = nn.Linear(4, out)
        for name, module in more.items():
            self.add_module(name, module)
        self.step = step

    def forward(self, x: Tensor) -> Any:
        return self.step(self, x)


def attention_to_none(self: Any, x: Tensor) -> Tensor:
    """Return each row plus what it takes of no other: of keys and values that are not there."""
    y = self.a(x)[None]
    return y[0] + F.scaled_dot_product_attention(y, y[:, :0], y[:, :0])[0]


def over_no_channels(self: Any, x: Tensor) -> Tensor:
    """Return the rows plus the sum of what a convolution makes of images without channels: nothing."""
    return self.a(x) + self.c(x.new_ones(2, 0, 5, 5)).sum()


class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Tensor:
        (x,) = ctx.saved_tensors
        return 2 * x * g


class Both(torch.autograd.Function):
    @staticmethod
    def forward(_ctx: Any, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        return x + y, x - y

    @staticmethod
    def backward(_ctx: Any, g: Tensor, h: Tensor) -> tuple[Tensor, Tensor]:
        return g + h, g - h


class Round(torch.autograd.Function):
    @staticmethod
    def forward(_ctx: Any, x: Tensor) -> Tensor:
        return x.round()

    @staticmethod
    def backward(_ctx: Any, g: Tensor) -> Tensor:
        return g


def in_place(self: Any, x: Tensor) -> Tensor:
    y = self.a(x)
    y[:, 0] = 0.5
    z = y.clone()
    z[:, 1:].mul_(2)
    z += y
    return z.relu_()


def hooked(self: Any, x: Tensor) -> Tensor:
    h = self.a(x)
    h.register_hook(lambda g: 2 * g)
    return h * h


def inner_gradient(self: Any, x: Tensor) -> Tensor:
    x = x.detach().requires_grad_()
    u = torch.tanh(self.a(x)).sum(1)
    (slope,) = torch.autograd.grad(u.sum(), x, create_graph=True)
    return slope + u[:, None]


def penalised(self: Any, x: Tensor) -> Tensor:
    """The gradient of a gradient leads into what the layer had saved, as a gradient penalty's does."""
    x = x.detach().requires_grad_()
    (slope,) = torch.autograd.grad(self.a(x).tanh().sum(), x, create_graph=True)
    return self.a(x) * slope.norm()


def view_without_graph(self: Any, x: Tensor) -> Tensor:
    with torch.no_grad():
        norm = self.a.weight[0].norm() + self.a.weight.view(-1).sum()
    return F.linear(x, self.a.weight / norm, self.a.bias)


def averaged(self: Any, x: Tensor) -> Tensor:
    with torch.inference_mode():
        mean = self.a.weight * 0.9 + self.a.weight.mean()
    return self.a(x) * mean.sum().item()


def shifted_weight(self: Any, x: Tensor) -> Tensor:
    with torch.no_grad():
        self.a.weight.add_(0.1)
    return self.a(x)


def spectrum(self: Any, x: Tensor) -> Tensor:
    z = torch.fft.rfft(self.a(x))
    return (z * z.conj()).real + z.imag


def over_rows(self: Any, x: Tensor) -> Tensor:
    return torch.vmap(lambda row: (self.a(row) * row).sum())(x)[:, None]


def twice_normed(self: Any, x: Tensor) -> Tensor:
    return self.n(self.n(self.a(x)) ** 3)


def attention(self: Any, x: Tensor) -> Tensor:
    return self.m(x, x, x)[0]


def own_leaf(self: Any, x: Tensor) -> Tensor:
    temperature = torch.full((1,), 2.0, requires_grad=True)
    return self.a(x) / temperature


def dropped(self: Any, x: Tensor) -> Tensor:
    return torch.dropout(
        torch.feature_dropout(self.a(x)[:, :, None], 0.5, self.training)[:, :, 0], 0.5, self.training
    )


def named_by_torch(self: Any, x: Tensor) -> Tensor:
    y = torch.conv2d(x.view(-1, 1, 2, 2), self.k.weight, self.k.bias, padding=1)
    y = torch.max_pool2d(torch.relu(y), 2)
    return torch.log_softmax(torch.flatten(y, 1), 1)


def keywords(self: Any, x: Tensor) -> Tensor:
    return F.linear(bias=self.a.bias, weight=self.a.weight, input=x)


def several(self: Any, x: Tensor) -> Any:
    y = self.a(x)
    return {"index": y.argmax(1), "logits": y, "hidden": (y.tanh(), [y.exp()])}


def mixed(self: Any, x: Tensor) -> Tensor:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        y = self.a(x)
        return (y @ y.T).float()


def tied(self: Any, x: Tensor) -> Tensor:
    return F.linear(torch.relu(self.a(x)), self.a.weight.T)


def changed_data(self: Any, x: Tensor) -> Tensor:
    y = self.a(x)
    z = y.tanh()
    y.data = y.data * 2
    z = z + 1
    z.detach()[0] = 3.0
    return y * y + z


def changed_by_numpy(self: Any, x: Tensor) -> Tensor:
    y = self.a(x)
    y.detach().numpy()[:, 0] = 1.0
    with torch.no_grad():
        z = y * 3
        z.view(-1)[0] = 7.0
    return y * z


class NoGradient(torch.autograd.Function):
    @staticmethod
    def forward(_ctx: Any, x: Tensor, y: Tensor) -> Tensor:
        return x * y

    @staticmethod
    def backward(_ctx: Any, g: Tensor) -> tuple[Tensor, None]:
        return g, None


class SparseWeight(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.eye(4).to_sparse())

    def forward(self, x: Tensor) -> Tensor:
        return torch.sparse.mm(self.w, x.t()).t()


def changed_views(self: Any, x: Tensor) -> Tensor:
    y = self.a(x)
    y[:, 0] = y[:, 1] * 2
    y[0] += 1
    y[:, 2:] *= y[:, :2].clone()
    return y


class LabelTensor(Tensor):
    """A subclass that computes as ``Tensor`` does."""


class TwiceTensor(Tensor):
    """A subclass whose every addition comes out twice as large."""

    @classmethod
    def __torch_function__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = super().__torch_function__(func, types, args, kwargs or {})
        return result * 2 if func is Tensor.add else result


class LabelWeight(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.randn(4, 3).as_subclass(LabelTensor))

    def forward(self, x: Tensor) -> Tensor:
        return (x @ self.w).as_subclass(Tensor)


def doubled(self: Any, x: Tensor) -> Tensor:
    return self.a(x).as_subclass(TwiceTensor).add(x).as_subclass(Tensor)


def looped(self: Any, x: Tensor) -> Tensor:
    for _ in range(5):
        x = torch.tanh(self.a(x))
    return x


MODULES: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...]]] = {
    "y*y": (lambda: LayeredNet(lambda s, x: (y := s.a(x)) * y), (2, 4)),
    "y+y": (lambda: LayeredNet(lambda s, x: (y := s.a(x)) + y), (2, 4)),
    "y-y, weighted": (lambda: LayeredNet(lambda s, x: torch.sub(y := s.a(x), y, alpha=3)), (2, 4)),
    "rsub": (lambda: LayeredNet(lambda s, x: torch.rsub(y := s.a(x), y, alpha=3)), (2, 4)),
    "bmm": (lambda: LayeredNet(lambda s, x: torch.bmm(y := s.a(x), y)), (2, 4, 4)),
    "matmul with itself": (lambda: LayeredNet(lambda s, x: (y := s.a(x)) @ y), (4, 4)),
    "cat": (lambda: LayeredNet(lambda s, x: torch.cat([y := s.a(x), y])), (2, 4)),
    "stack of three": (lambda: LayeredNet(lambda s, x: torch.stack([y := s.a(x), y, y])), (2, 4)),
    "addmm of one": (lambda: LayeredNet(lambda s, x: torch.addmm(y := s.a(x), y, y)), (4, 4)),
    "add in place": (lambda: LayeredNet(lambda s, x: (y := s.a(x)).add_(y)), (2, 4)),
    "where": (lambda: LayeredNet(lambda s, x: torch.where((y := s.a(x)) > 0, y, y)), (2, 4)),
    "self-attention": (lambda: LayeredNet(attention, m=nn.MultiheadAttention(4, 2, batch_first=True)), (2, 3, 4)),
    "attention with dropout": (
        lambda: LayeredNet(attention, m=nn.MultiheadAttention(4, 2, dropout=0.5, batch_first=True)),
        (2, 3, 4),
    ),
    "scaled dot product": (
        lambda: LayeredNet(lambda s, x: F.scaled_dot_product_attention(y := s.a(x), y, y)),
        (2, 3, 4),
    ),
    "encoder layer": (lambda: nn.TransformerEncoderLayer(4, 2, 8, batch_first=True), (2, 3, 4)),
    "unused layer": (lambda: LayeredNet(lambda s, x: s.a(x), unused=nn.Linear(4, 3)), (2, 4)),
    "detached": (lambda: LayeredNet(lambda s, x: s.b(torch.relu(s.a(x)).detach()), b=nn.Linear(4, 2)), (2, 4)),
    "custom function": (lambda: LayeredNet(lambda s, x: Square.apply(s.a(x)) + 1), (2, 4)),
    "custom function at the end": (lambda: LayeredNet(lambda s, x: Round.apply(s.a(x))), (2, 4)),
    "custom function with two results": (
        lambda: LayeredNet(lambda s, x: torch.mul(*Both.apply(y := s.a(x), y.tanh()))),
        (2, 4),
    ),
    "custom function of one tensor twice": (lambda: LayeredNet(lambda s, x: Both.apply(y := s.a(x), y)[0]), (2, 4)),
    "checkpoint": (
        lambda: LayeredNet(lambda s, x: s.b(checkpoint(s.a, x, use_reentrant=False)), b=nn.Linear(4, 3)),
        (2, 4),
    ),
    "reentrant checkpoint": (
        lambda: LayeredNet(
            lambda s, x: s.b(checkpoint(s.a, s.c(x), use_reentrant=True)), b=nn.Linear(4, 3), c=nn.Linear(4, 4)
        ),
        (2, 4),
    ),
    "in-place": (lambda: LayeredNet(in_place), (2, 4)),
    "hooked": (lambda: LayeredNet(hooked), (2, 4)),
    "inner gradient": (lambda: LayeredNet(inner_gradient), (2, 4)),
    "gradient penalty": (lambda: LayeredNet(penalised), (2, 4)),
    "view without graph": (lambda: LayeredNet(view_without_graph), (2, 4)),
    "inference mode": (lambda: LayeredNet(averaged), (2, 4)),
    "weight changed": (lambda: LayeredNet(shifted_weight), (2, 4)),
    "complex": (lambda: LayeredNet(spectrum), (2, 4)),
    "vmap": (lambda: LayeredNet(over_rows), (2, 4)),
    "norm used twice": (lambda: LayeredNet(twice_normed, n=nn.BatchNorm1d(4)), (3, 4)),
    "leaf made inside": (lambda: LayeredNet(own_leaf), (2, 4)),
    "torch.dropout": (lambda: LayeredNet(dropped), (2, 4)),
    "torch's own names": (lambda: LayeredNet(named_by_torch, k=nn.Conv2d(1, 2, 2)), (2, 4)),
    "keywords in another order": (lambda: LayeredNet(keywords), (2, 4)),
    "dict out": (lambda: LayeredNet(several), (2, 4)),
    "autocast": (lambda: LayeredNet(mixed), (2, 4)),
    "tied weights": (lambda: LayeredNet(tied), (2, 4)),
    "loop": (lambda: LayeredNet(looped), (2, 4)),
    "LSTM": (lambda: nn.LSTM(4, 3, batch_first=True), (2, 3, 4)),
    "GRU, bidirectional": (lambda: nn.GRU(4, 3, bidirectional=True), (2, 3, 4)),
    "RNN cell": (lambda: LayeredNet(lambda s, x: s.r(x, s.r(x)), r=nn.RNNCell(4, 4)), (2, 4)),
    "spectral norm": (lambda: nn.utils.parametrizations.spectral_norm(nn.Linear(4, 3)), (2, 4)),
    "weight norm": (lambda: nn.utils.parametrizations.weight_norm(nn.Linear(4, 3)), (2, 4)),
    "sparse weights": (lambda: LayeredNet(lambda s, x: torch.sparse.mm(x.detach().to_sparse(), s.a(x))), (4, 4)),
    "scalar out": (lambda: LayeredNet(lambda s, x: s.a(x).sum()), (2, 4)),
    "0-d and math": (lambda: LayeredNet(lambda s, x: s.a(x) * math.pi + s.a.bias.sum()), (2, 4)),
    "numbers changed through .data": (lambda: LayeredNet(changed_data), (2, 4)),
    "numbers changed through NumPy": (lambda: LayeredNet(changed_by_numpy), (2, 4)),
    "custom function without one gradient": (
        lambda: LayeredNet(lambda s, x: NoGradient.apply(s.a(x), s.b(x)), b=nn.Linear(4, 4)),
        (2, 4),
    ),
    "sparse parameter": (SparseWeight, (4, 4)),
    "data loss inside": (lambda: LayeredNet(lambda s, x: s.a(x).clamp(min=0).data + s.a(x)), (2, 4)),
    "views changed in place": (lambda: LayeredNet(changed_views), (2, 4)),
    "mean of no rows": (lambda: LayeredNet(lambda s, x: s.a(x) + s.a(x)[:0].mean(0).nan_to_num()), (2, 4)),
    "softmax of no classes": (lambda: LayeredNet(lambda s, x: s.a(x) + s.a(x)[:, :0].softmax(1).sum()), (2, 4)),
    "attention to no keys": (lambda: LayeredNet(attention_to_none), (2, 4)),
    "layers of no units": (lambda: nn.Sequential(nn.Linear(4, 0), nn.Linear(0, 3)), (2, 4)),
    "a convolution of no channels": (lambda: LayeredNet(over_no_channels, c=nn.Conv2d(0, 3, 3)), (2, 4)),
    "a subclass of Tensor as a weight": (LabelWeight, (2, 4)),
    "a subclass of Tensor that computes otherwise": (lambda: LayeredNet(doubled), (2, 4)),
}
