"""The backward of a Function returns too few gradients."""

import torch


class Scale(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, factor):
        ctx.factor = factor
        return x * factor

    @staticmethod
    def backward(ctx, grad):
        return grad * ctx.factor


x = torch.randn(4, requires_grad=True)
y = Scale.apply(x, 3.0)
y.sum().backward()  # here: function_gradients
print(x.grad)
