"""A gradient has another shape than its argument."""

import torch


class Scale(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, factor):
        ctx.factor = factor
        return x * factor

    @staticmethod
    def backward(ctx, grad):
        return (grad * ctx.factor).reshape(2, 2), None


x = torch.randn(4, requires_grad=True)
y = Scale.apply(x, 3.0)
y.sum().backward()  # here: function_gradient_shape
print(x.grad)
