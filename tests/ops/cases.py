"""Calls of every operation of core.ops, for random shapes and options: what the tests compare with torch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from hypothesis import strategies as st
from torch import Tensor

from tests.explaining import numbers

Draw = Callable[[st.SearchStrategy[Any]], Any]
Case = tuple[Callable[[Tensor], Any], tuple[int, ...]]  # the operation, and the shape of its input
SIDE = st.integers(1, 4)


def leaf(shape: Any, seed: int = 5) -> Tensor:
    return numbers(tuple(shape), torch.float64, seed)


def shape(draw: Draw, least: int = 0, most: int = 4) -> tuple[int, ...]:
    return tuple(draw(st.lists(SIDE, min_size=least, max_size=most)))


def broadcast(draw: Draw, most: int = 4) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Two shapes that broadcast: either side misses leading dimensions or has some of size 1."""
    whole = shape(draw, 0, most)
    sides = []
    for _ in range(2):
        ones = [draw(st.sampled_from((size, size, 1))) for size in whole]
        sides.append(tuple(ones[draw(st.integers(0, len(whole))) :]))
    return sides[0], sides[1]


def two(function: Callable[[Tensor, Tensor], Tensor]) -> Callable[[Draw], Case]:
    """A case of a function of two tensors that are broadcast."""

    def case(draw: Draw) -> Case:
        first, second = broadcast(draw)
        other = leaf(second)
        return lambda x: function(x, other), first

    return case


def one(function: Callable[[Tensor], Any], least: int = 0, most: int = 4) -> Callable[[Draw], Case]:
    """A case of a function of one tensor of any shape."""
    return lambda draw: (function, shape(draw, least, most))


def linear(draw: Draw) -> Case:
    inner, outer = draw(SIDE), draw(SIDE)
    weight, bias = leaf((outer, inner)), leaf((outer,), 6) if draw(st.booleans()) else None
    return lambda x: F.linear(x, weight, bias), (*shape(draw, 0, 2), inner)


def matmul(draw: Draw) -> Case:
    n, m, k = draw(SIDE), draw(SIDE), draw(SIDE)
    kind = draw(st.sampled_from(("vectors", "left", "right", "batches")))
    first, second = ((), ()) if kind == "vectors" else (sizes[:2] for sizes in broadcast(draw, 2))
    other = leaf((k,) if kind in ("vectors", "right") else (*second, k, m))
    return lambda x: x @ other, (k,) if kind in ("vectors", "left") else (*first, n, k)


def bmm(draw: Draw) -> Case:
    b, n, m, k = (draw(SIDE) for _ in range(4))
    other = leaf((b, k, m))
    return lambda x: torch.bmm(x, other), (b, n, k)


def convolution(sides: int) -> Callable[[Draw], Case]:
    def case(draw: Draw) -> Case:
        groups, per_group, out = draw(st.integers(1, 2)), draw(st.integers(1, 2)), draw(st.integers(1, 2))
        kernel = tuple(draw(st.integers(1, 3)) for _ in range(sides))
        stride, padding, dilation = (
            tuple(draw(st.integers(low, high)) for _ in range(sides)) for low, high in ((1, 3), (0, 2), (1, 2))
        )
        size = tuple(d * (k - 1) + 1 + draw(st.integers(0, 2)) for k, d in zip(kernel, dilation, strict=True))
        weight = leaf((groups * out, per_group, *kernel))
        bias = leaf((groups * out,), 6) if draw(st.booleans()) else None
        options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
        if draw(st.booleans()):
            options |= {"stride": 1, "padding": draw(st.sampled_from(("same", "valid")))}
        function = getattr(F, f"conv{sides}d")
        batch = (draw(st.integers(1, 2)),) if draw(st.booleans()) else ()
        return lambda x: function(x, weight, bias, **options), (*batch, groups * per_group, *size)

    return case


def transposed(sides: int) -> Callable[[Draw], Case]:
    def case(draw: Draw) -> Case:
        groups, per_group, out = draw(st.integers(1, 2)), draw(st.integers(1, 2)), draw(st.integers(1, 2))
        kernel = tuple(draw(st.integers(1, 3)) for _ in range(sides))
        size = tuple(draw(st.integers(2, 3)) for _ in range(sides))
        stride = draw(st.integers(1, 3))
        dilation = draw(st.integers(1, 2))
        padding = draw(st.integers(0, min(*kernel, 2) // 2))
        extra = draw(st.integers(0, max(stride, dilation) - 1))
        weight = leaf((groups * per_group, out, *kernel))
        bias = leaf((groups * out,), 6) if draw(st.booleans()) else None
        function = getattr(F, f"conv_transpose{sides}d")
        batch = (draw(st.integers(1, 2)),) if draw(st.booleans()) else ()
        return (
            lambda x: function(x, weight, bias, stride, padding, extra, groups, dilation),
            (*batch, groups * per_group, *size),
        )

    return case


def averaged(sides: int) -> Callable[[Draw], Case]:
    def case(draw: Draw) -> Case:
        kernel = tuple(draw(st.integers(1, 3)) for _ in range(sides))
        stride = draw(st.sampled_from((None, 1, 2)))
        padding = draw(st.integers(0, min(kernel) // 2))
        size = tuple(k + draw(st.integers(0, 3)) for k in kernel)
        rest: tuple[Any, ...] = (draw(st.booleans()), draw(st.booleans()))
        rest += (draw(st.sampled_from((None, 3))),) if sides > 1 else ()
        function = getattr(F, f"avg_pool{sides}d")
        return lambda x: function(x, kernel, stride, padding, *rest), (*shape(draw, 1, 2), *size)[-sides - 2 :]

    return case


def adaptive(sides: int) -> Callable[[Draw], Case]:
    def case(draw: Draw) -> Case:
        out = tuple(draw(SIDE) for _ in range(sides))
        function = getattr(F, f"adaptive_avg_pool{sides}d")
        return lambda x: function(x, out), (draw(SIDE), *(draw(st.integers(1, 5)) for _ in range(sides)))

    return case


def greatest(sides: int) -> Callable[[Draw], Case]:
    def case(draw: Draw) -> Case:
        kernel = tuple(draw(st.integers(1, 3)) for _ in range(sides))
        padding, dilation = draw(st.integers(0, min(kernel) // 2)), draw(st.integers(1, 2))
        size = tuple(dilation * (k - 1) + 1 + draw(st.integers(0, 3)) for k in kernel)
        rest = (draw(st.sampled_from((None, 1, 2))), padding, dilation, draw(st.booleans()))
        function = getattr(F, f"max_pool{sides}d")
        return lambda x: function(x, kernel, *rest), (*shape(draw, 1, 2), *size)[-sides - 2 :]

    return case


def view(draw: Draw) -> Case:
    sizes = shape(draw, 1, 4)
    mixed = draw(st.permutations(sizes))
    return draw(
        st.sampled_from(
            (
                lambda x: x.view(mixed),
                lambda x: x.reshape(-1),
                lambda x: x.flatten(-2 if len(sizes) > 1 else 0),
                lambda x: x.unsqueeze(1),
                lambda x: x.squeeze(),
                lambda x: torch.unflatten(x, 0, (1, -1)),
            )
        )
    ), sizes


def permuted(draw: Draw) -> Case:
    sizes = shape(draw, 2, 4)
    dims = draw(st.permutations(range(len(sizes))))
    a, b = draw(st.integers(-len(sizes), -1)), draw(st.integers(0, len(sizes) - 1))
    turns = [
        lambda x: x.permute(dims),
        lambda x: torch.permute(x, tuple(dims)),
        lambda x: x.transpose(a, b),
        lambda x: torch.swapaxes(x, a, b),
        lambda x: x.mT,
    ]
    turns += [lambda x: x.t(), lambda x: x.T] if len(sizes) == 2 else []
    return draw(st.sampled_from(turns)), sizes


def cat(draw: Draw) -> Case:
    sizes = list(shape(draw, 1, 3))
    dim = draw(st.integers(-len(sizes), len(sizes) - 1))
    others = []
    for seed in range(draw(st.integers(0, 2))):
        own = [*sizes]
        own[dim] = draw(SIDE)
        others.append(leaf(own, seed))
    return lambda x: torch.cat([*others, x], dim), tuple(sizes)


def stack(draw: Draw) -> Case:
    sizes = shape(draw, 0, 3)
    dim, other = draw(st.integers(-len(sizes) - 1, len(sizes))), leaf(sizes)
    return lambda x: torch.stack([x, other], dim=dim), sizes


def indexed(draw: Draw) -> Case:
    sizes = shape(draw, 1, 3)
    entries: list[Any] = []
    for size in sizes[: draw(st.integers(0, len(sizes)))]:
        start, stop = draw(st.integers(-size, size)), draw(st.integers(-size, size))
        entries.append(draw(st.sampled_from((size - 1, -size, slice(start, stop), slice(None, None, 2)))))
        entries += [None] if draw(st.booleans()) else []
    entries += [...] if draw(st.booleans()) else []
    dim = draw(st.integers(-len(sizes), len(sizes) - 1))
    return draw(
        st.sampled_from(
            (
                lambda x: x[tuple(entries)],
                lambda x: x.select(dim, -1),
                lambda x: x.narrow(dim, 0, 1),
                lambda x: x[-1],
            )
        )
    ), sizes


def reduced(name: str) -> Callable[[Draw], Case]:
    def case(draw: Draw) -> Case:
        sizes = shape(draw, 1, 3)
        dims = draw(st.lists(st.integers(0, len(sizes) - 1), unique=True, min_size=1))
        keep = draw(st.booleans())
        function = getattr(torch, name)
        return draw(
            st.sampled_from(
                (
                    function,
                    lambda x: function(x, dims[0] - len(sizes)),
                    lambda x: function(x, dim=tuple(dims), keepdim=keep),
                    lambda x: getattr(x, name)(tuple(dims), keep),
                )
            )
        ), sizes

    return case


def cumulated(draw: Draw) -> Case:
    sizes = shape(draw, 0, 3)
    dim = draw(st.integers(-max(len(sizes), 1), max(len(sizes) - 1, 0)))
    return lambda x: x.cumsum(dim), sizes


def flipped(draw: Draw) -> Case:
    sizes = shape(draw, 0, 3)
    dims = draw(st.lists(st.sampled_from(range(len(sizes))), unique=True)) if sizes else []
    return lambda x: x.flip(dims), sizes


def expanded(draw: Draw) -> Case:
    whole = shape(draw, 1, 4)
    own = tuple(draw(st.sampled_from((size, 1))) for size in whole)[draw(st.integers(0, len(whole))) :]
    return lambda x: x.expand(whole), own


def embedding(draw: Draw) -> Case:
    rows, places = draw(SIDE), shape(draw, 0, 2)
    words = torch.randint(rows, places, generator=torch.Generator().manual_seed(3))
    padding = draw(st.none() | st.integers(-rows, rows - 1))
    by_count = draw(st.booleans())
    return lambda w: F.embedding(words, w, padding, scale_grad_by_freq=by_count), (rows, draw(SIDE))


def picked(draw: Draw) -> Case:
    """Indices and masks as learners write them: rows, pairs, lists, a mask of rows or of cells, with slices."""
    sizes = (draw(SIDE), draw(SIDE), draw(SIDE))
    generator = torch.Generator().manual_seed(draw(st.integers(0, 9)))
    rows, columns = (torch.randint(-size, size, (3,), generator=generator) for size in sizes[:2])
    mask = torch.rand(sizes, generator=generator) > 0.4
    few = mask[:, 0, 0]
    return draw(
        st.sampled_from(
            (
                lambda x: x[rows],
                lambda x: x[:, columns],
                lambda x: x[rows, columns],
                lambda x: x[rows, :, 0],
                lambda x: x[rows[:, None], columns],
                lambda x: x[[0, -1]],
                lambda x: x[..., [0], None],
                lambda x: x[mask],
                lambda x: x[few],
                lambda x: x[few, 0],
                lambda x: x[rows, ..., -1:],
            )
        )
    ), sizes


def selected(draw: Draw) -> Case:
    sizes = (draw(SIDE), draw(SIDE))
    dim = draw(st.integers(-2, 1))
    index = torch.randint(sizes[dim], (3,), generator=torch.Generator().manual_seed(3))
    return lambda x: x.index_select(dim, index), sizes


def masked(draw: Draw) -> Case:
    sizes = (draw(SIDE), draw(SIDE))
    mask = torch.rand(sizes[draw(st.integers(0, 1)) :], generator=torch.Generator().manual_seed(3)) > 0.4
    return lambda x: x.masked_select(mask), sizes


def draw_case(draw: Draw) -> Case:
    sizes = (draw(SIDE), draw(SIDE))
    count = sizes[0] * sizes[1]
    index = torch.randint(-count, count, shape(draw, 0, 2), generator=torch.Generator().manual_seed(3))
    return lambda x: torch.take(x, index), sizes


def gather(draw: Draw) -> Case:
    sizes = shape(draw, 1, 3)
    dim = draw(st.integers(-len(sizes), len(sizes) - 1))
    places = [draw(st.integers(1, size)) for size in sizes]
    places[dim] = draw(SIDE)
    index = torch.randint(sizes[dim], tuple(places), generator=torch.Generator().manual_seed(3))
    return lambda x: x.gather(dim, index), sizes


def padded(draw: Draw) -> Case:
    sizes = (1, 2, *(draw(st.integers(2, 4)) for _ in range(draw(st.integers(1, 2)))))
    mode = draw(st.sampled_from(("constant", "reflect", "replicate", "circular")))
    low = -1 if mode == "constant" else 0
    pads = [draw(st.integers(low, 1)) for _ in range(2 * (len(sizes) - 2))]
    value = draw(st.sampled_from((None, 2.5))) if mode == "constant" else None
    return lambda x: F.pad(x, pads, mode, value), sizes


def interpolated(draw: Draw) -> Case:
    sizes = (1, 2, *(draw(st.integers(1, 5)) for _ in range(draw(st.integers(1, 3)))))
    out = tuple(draw(st.integers(1, 7)) for _ in sizes[2:])
    scale = draw(st.sampled_from((1.0, 2.0, 3.0)))
    again = draw(st.sampled_from((None, True)))
    return draw(
        st.sampled_from(
            (
                lambda x: F.interpolate(x, size=out),
                lambda x: F.interpolate(x, scale_factor=scale, recompute_scale_factor=again),
            )
        )
    ), sizes


def layer_norm(draw: Draw) -> Case:
    sizes = shape(draw, 1, 3)
    own = sizes[draw(st.integers(0, len(sizes) - 1)) :]
    weight, bias = (leaf(own, 6), leaf(own, 7)) if draw(st.booleans()) else (None, None)
    return lambda x: F.layer_norm(x, own, weight, bias), sizes


def group_norm(draw: Draw) -> Case:
    groups, per_group = draw(st.integers(1, 2)), draw(st.integers(1, 2))
    channels = groups * per_group
    weight, bias = (leaf((channels,), 6), leaf((channels,), 7)) if draw(st.booleans()) else (None, None)
    return lambda x: F.group_norm(x, groups, weight, bias), (draw(SIDE), channels, *shape(draw, 1, 2), 2)


def attention(draw: Draw) -> Case:
    lead, d, e = shape(draw, 0, 2), draw(SIDE), draw(SIDE)
    queries, keys = draw(SIDE), draw(SIDE)
    causal, mask = draw(st.booleans()), None
    if not causal:
        some = torch.rand((queries, keys), generator=torch.Generator().manual_seed(4)) > 0.3
        mask = draw(st.sampled_from((None, some, leaf((queries, keys), 9), leaf((queries, keys), 9).detach())))
    key, value = leaf((*lead, keys, d), 6), leaf((*lead, keys, e), 7)
    return lambda x: F.scaled_dot_product_attention(x, key, value, attn_mask=mask, is_causal=causal), (
        *lead,
        queries,
        d,
    )


def positive(x: Tensor) -> Tensor:
    """Numbers from 0.1 up, a leaf of their own: the operation under test is the last that is recorded."""
    return x.abs() + 0.1


def loss(function: Callable[..., Tensor], squeeze: bool = False) -> Callable[[Draw], Case]:
    """A case of a loss of two tensors; both are put between 0 and 1 where ``squeeze``."""

    def case(draw: Draw) -> Case:
        sizes, reduction = shape(draw), draw(st.sampled_from(("mean", "sum", "none")))
        target = leaf(sizes, 8).detach().sigmoid().requires_grad_()
        if squeeze:
            return lambda x: function(x.sigmoid(), target, reduction=reduction), sizes
        return lambda x: function(x, target, reduction=reduction), sizes

    return case


def weighted_loss(function: Callable[..., Tensor], squeeze: bool = False) -> Callable[[Draw], Case]:
    """A case of a loss with weights, of each cell or of each class, and with the weights of positive answers."""

    def case(draw: Draw) -> Case:
        sizes, reduction = shape(draw, 1, 3), draw(st.sampled_from(("mean", "sum", "none")))
        target = leaf(sizes, 8).detach().sigmoid().requires_grad_()
        whole = function is F.l1_loss or draw(st.booleans())
        options: dict[str, Any] = {"weight": leaf(sizes if whole else sizes[-1:], 9).detach().abs() + 0.1}
        if function is F.binary_cross_entropy_with_logits:
            options |= {"pos_weight": leaf(sizes[-1:], 4).detach().abs()} if draw(st.booleans()) else {}
            options = options if draw(st.booleans()) else {"pos_weight": leaf(sizes[-1:], 4).detach().abs()}
        return lambda x: function(x.sigmoid() if squeeze else x, target, reduction=reduction, **options), sizes

    return case


def sharp(name: str, options: dict[str, Any]) -> Callable[[Draw], Case]:
    """A case of an activation with its option at some value."""

    def case(draw: Draw) -> Case:
        choice = {key: draw(st.sampled_from(values)) for key, values in options.items()}
        return lambda x: getattr(F, name)(x * 3, **choice), shape(draw)

    return case


def limited(draw: Draw) -> Case:
    """clamp and its relatives; the numbers are drawn from a few, so that some lie at the limits."""
    low, high = draw(st.sampled_from((-0.5, 0.0))), draw(st.sampled_from((0.0, 0.7)))
    name = draw(st.sampled_from(("clamp", "clip", "clamp_min", "clamp_max", "hardtanh", "relu6")))
    turns: dict[str, Callable[[Tensor], Any]] = {
        "clamp_min": lambda x: torch.clamp_min(x, low),
        "clamp_max": lambda x: torch.clamp_max(x, high),
        "hardtanh": lambda x: F.hardtanh(x, low, high + 1),
        "relu6": F.relu6,
    }
    return turns.get(name, lambda x: getattr(torch, name)(x, low, high)), shape(draw)


def dropped(draw: Draw) -> Case:
    p, training = draw(st.sampled_from((0.0, 0.3, 1.0))), draw(st.booleans())
    sides = draw(st.integers(1, 3))
    function = draw(st.sampled_from((F.dropout, getattr(F, f"dropout{sides}d"))))
    return lambda x: function(x, p, training), (2, 3, 1, 2, 2)[: sides + 2]


def along(name: str) -> Callable[[Draw], Case]:
    """A case of softmax or log_softmax along one of the dimensions."""

    def case(draw: Draw) -> Case:
        sizes = shape(draw, 0, 3)
        dim = draw(st.integers(-max(len(sizes), 1), max(len(sizes) - 1, 0)))
        return lambda x: getattr(F, name)(x * 3, dim), sizes

    return case


def classes(name: str) -> Callable[[Draw], Case]:
    """A case of a loss over classes: one example, a batch, or maps of them; some are ignored."""

    def case(draw: Draw) -> Case:
        count, places = draw(st.integers(1, 4)), shape(draw, 0, 3)
        labels = torch.randint(count, places, generator=torch.Generator().manual_seed(draw(st.integers(0, 9))))
        options: dict[str, Any] = {"reduction": draw(st.sampled_from(("mean", "sum", "none")))}
        options |= {"weight": leaf((count,)).detach().abs() + 0.1} if draw(st.booleans()) else {}
        options |= {"ignore_index": 0} if draw(st.booleans()) and (labels != 0).any() else {}
        if name == "cross_entropy":
            options["label_smoothing"] = draw(st.sampled_from((0.0, 0.2)))
        sizes = (*places[:1], count, *places[1:])
        return lambda x: getattr(F, name)(x, labels, **options), sizes

    return case


def squared(draw: Draw) -> Case:
    first, second = broadcast(draw)
    reduction = draw(st.sampled_from(("mean", "sum", "none")))
    target = leaf(second)
    if first == second and draw(st.booleans()):
        weight = leaf(first).detach().abs()
        return lambda x: F.mse_loss(x, target, reduction=reduction, weight=weight), first
    return lambda x: F.mse_loss(x, target, reduction=reduction), first


def batch_norm(draw: Draw) -> Case:
    channels, training = draw(SIDE), draw(st.booleans())
    sizes = (draw(st.integers(2, 3)), channels, *shape(draw, 0, 2))
    weight, bias = (leaf((channels,), 6), leaf((channels,), 7)) if draw(st.booleans()) else (None, None)
    mean, variance = leaf((channels,), 8).detach(), leaf((channels,), 9).detach().abs() + 0.1
    return lambda x: F.batch_norm(x, mean.clone(), variance.clone(), weight, bias, training), sizes


CASES: dict[str, Callable[[Draw], Case]] = {
    "linear": linear,
    "matmul": matmul,
    "bmm": bmm,
    "add": two(torch.add),
    "add with alpha": two(lambda x, y: torch.add(x, y, alpha=-0.5)),
    "add a number": one(lambda x: 1.5 + x),
    "sub": two(torch.sub),
    "sub from a number": one(lambda x: 2 - x),
    "sub with alpha": two(lambda x, y: x.sub(y, alpha=3)),
    "rsub": two(torch.rsub),
    "rsub with alpha": two(lambda x, y: torch.rsub(x, y, alpha=3)),
    "rsub from a number with alpha": one(lambda x: torch.rsub(x, 1.5, alpha=2)),
    "mul": two(torch.mul),
    "mul by a number": one(lambda x: x * -3),
    "neg": one(lambda x: -x),
    "conv1d": convolution(1),
    "conv2d": convolution(2),
    "conv3d": convolution(3),
    "conv_transpose1d": transposed(1),
    "conv_transpose2d": transposed(2),
    "conv_transpose3d": transposed(3),
    "avg_pool1d": averaged(1),
    "avg_pool2d": averaged(2),
    "avg_pool3d": averaged(3),
    "adaptive_avg_pool1d": adaptive(1),
    "adaptive_avg_pool2d": adaptive(2),
    "adaptive_avg_pool3d": adaptive(3),
    "max_pool1d": greatest(1),
    "max_pool2d": greatest(2),
    "max_pool3d": greatest(3),
    "view": view,
    "permute": permuted,
    "cat": cat,
    "stack": stack,
    "getitem": indexed,
    "getitem with tensors": picked,
    "index_select": selected,
    "masked_select": masked,
    "take": draw_case,
    "sum": reduced("sum"),
    "mean": reduced("mean"),
    "cumsum": cumulated,
    "flip": flipped,
    "expand": expanded,
    "embedding": embedding,
    "gather": gather,
    "pad": padded,
    "interpolate": interpolated,
    "clone": one(torch.clone),
    "contiguous": one(lambda x: x.transpose(0, -1).contiguous() if x.dim() else x.contiguous()),
    "to": one(lambda x: x.to(torch.float64, copy=True)),
    "exp": one(torch.exp),
    "log": one(lambda x: positive(x).log()),
    "sqrt": one(lambda x: positive(x).sqrt()),
    "sigmoid": one(torch.sigmoid),
    "tanh": one(torch.tanh),
    "gelu": sharp("gelu", {"approximate": ("none", "tanh")}),
    "silu": sharp("silu", {}),
    "relu": one(F.relu),
    "leaky_relu": sharp("leaky_relu", {"negative_slope": (0.01, -0.5, 1.5)}),
    "clamp": limited,
    "threshold": one(lambda x: F.threshold(x, 0.1, -3.0)),
    "maximum": two(torch.maximum),
    "minimum": two(torch.minimum),
    "dropout": dropped,
    "dropout2d": one(lambda x: F.dropout2d(x, 0.4), 3),
    "softmax": along("softmax"),
    "log_softmax": along("log_softmax"),
    "elu": sharp("elu", {"alpha": (1.0, 0.3)}),
    "softplus": sharp("softplus", {"beta": (1, 2), "threshold": (20, 1)}),
    "hardswish": sharp("hardswish", {}),
    "div": two(torch.div),
    "div by a number": one(lambda x: x / 3),
    "rdiv": one(lambda x: 2 / positive(x)),
    "pow": one(lambda x: x**3),
    "pow of two": two(lambda x, y: torch.pow(positive(x), y)),
    "rpow": one(lambda x: 2**x),
    "nll_loss": classes("nll_loss"),
    "cross_entropy": classes("cross_entropy"),
    "mse_loss": squared,
    "l1_loss": loss(F.l1_loss),
    "binary_cross_entropy": loss(F.binary_cross_entropy, True),
    "binary_cross_entropy_with_logits": loss(F.binary_cross_entropy_with_logits),
    "batch_norm": batch_norm,
    "l1_loss with weights": weighted_loss(F.l1_loss),
    "binary_cross_entropy with weights": weighted_loss(F.binary_cross_entropy, True),
    "binary_cross_entropy_with_logits with weights": weighted_loss(F.binary_cross_entropy_with_logits),
    "layer_norm": layer_norm,
    "group_norm": group_norm,
    "scaled_dot_product_attention": attention,
}
