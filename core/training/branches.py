"""On CUDA: the gradients of weights and biases, computed beside those of the activations.

In a backward pass each layer's gradient of its input is waited for by the layer before it; those of its weight and
bias are not needed until the update. On a small network each kernel uses a small part of a card, so the latter run
on streams of their own, in a captured graph as branches. They are the same kernels, so the bits are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.overrides import TorchFunctionMode

STREAMS = 8  # a branch for each weight and bias of four layers; what shares a stream waits


class Branches(TorchFunctionMode):
    """While it is active, ``F.linear`` and ``F.conv2d`` leave the gradients of their parameters to branches.

    ``join`` after the backward pass puts these gradients where autograd would have put them. Without ``streams``,
    on a CPU, a branch runs at once.
    """

    def __init__(self, streams: Sequence[torch.cuda.Stream] = ()) -> None:
        super().__init__()
        self.streams = streams
        self.used: list[torch.cuda.Stream] = []
        self.gradients: list[tuple[Tensor, Tensor]] = []
        self.tensors_read: list[Tensor] = []  # by branches: their memory must not be used again before these end

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Replace the two functions where their arguments are the usual ones."""
        if not kwargs and func is F.linear and is_usual(args):
            return Linear.apply(self, *args)
        if not kwargs and func is F.conv2d and len(args) == 7 and is_usual(args) and not isinstance(args[4], str):
            return Conv2d.apply(self, *args)
        return func(*args, **(kwargs or {}))

    def run(self, parameter: Tensor, gradient: Callable[[], Tensor], *reads: Tensor) -> None:
        """Compute ``gradient`` of ``parameter`` from ``reads`` beside what comes next."""
        stream = self.streams[len(self.gradients) % len(self.streams)] if self.streams else None
        if stream is not None:
            stream.wait_stream(torch.cuda.current_stream())
            self.used.append(stream)
        with torch.cuda.stream(stream) if stream is not None else nullcontext():
            self.gradients.append((parameter, gradient()))
        self.tensors_read += reads

    def join(self) -> None:
        """Wait for all branches and add their gradients to ``parameter.grad``."""
        for stream in self.used:  # of no other: a graph must not wait for what it does not hold
            torch.cuda.current_stream().wait_stream(stream)
        for parameter, gradient in self.gradients:
            parameter.grad = gradient if parameter.grad is None else parameter.grad + gradient
        self.used.clear()
        self.gradients.clear()
        self.tensors_read.clear()


def is_usual(args: tuple[Any, ...]) -> bool:
    """Return whether the first three of ``args`` are a batch, a parameter that learns, and another or None."""
    parameters = [parameter for parameter in args[1:3] if parameter is not None]
    batch = len(args) >= 3 and args[0].dim() == args[1].dim()
    return batch and all(parameter.is_leaf and parameter.requires_grad for parameter in parameters)


class Linear(torch.autograd.Function):
    """``F.linear`` of a matrix; its backward is autograd's in three parts."""

    @staticmethod
    def forward(ctx: Any, branches: Branches, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        """(n, in), (out, in), (out,) -> (n, out)."""
        ctx.save_for_backward(x)
        ctx.branches, ctx.weight, ctx.bias = branches, weight, bias
        return F.linear(x, weight, bias)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor | None, ...]:
        """Return the gradient of ``x`` and leave those of the parameters to branches."""
        (grad,), (x,) = grads, ctx.saved_tensors
        ctx.branches.run(ctx.weight, lambda: grad.t().mm(x), grad, x)
        if ctx.bias is not None:
            ctx.branches.run(ctx.bias, lambda: grad.sum(0), grad)
        return None, grad.mm(ctx.weight) if ctx.needs_input_grad[1] else None, None, None


class Conv2d(torch.autograd.Function):
    """``F.conv2d``; its backward is autograd's in three parts."""

    @staticmethod
    def forward(
        ctx: Any, branches: Branches, x: Tensor, weight: Tensor, bias: Tensor | None, *settings: Any
    ) -> Tensor:
        """``settings`` are stride, padding, dilation and groups."""
        ctx.save_for_backward(x)
        ctx.branches, ctx.weight, ctx.bias, ctx.settings = branches, weight, bias, settings
        return F.conv2d(x, weight, bias, *settings)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor | None, ...]:
        """Return the gradient of ``x`` and leave those of the parameters to branches."""
        (grad,), (x,) = grads, ctx.saved_tensors
        stride, padding, dilation, groups = ctx.settings

        def part(which: int) -> Tensor:
            mask = [index == which for index in range(3)]
            arguments = (
                grad,
                x,
                ctx.weight,
                [len(ctx.weight)],
                stride,
                padding,
                dilation,
                False,
                [0, 0],
                groups,
                mask,
            )
            gradients: Tensor = torch.ops.aten.convolution_backward(*arguments)[which]
            return gradients

        ctx.branches.run(ctx.weight, lambda: part(1), grad, x)
        if ctx.bias is not None:
            ctx.branches.run(ctx.bias, lambda: part(2), grad)
        return None, part(0) if ctx.needs_input_grad[1] else None, None, None, *[None] * 4
