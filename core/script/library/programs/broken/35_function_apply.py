"""A Function is called without apply."""

import torch


class Swish(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * torch.sigmoid(x)

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        s = torch.sigmoid(x)
        return grad * (s + x * s * (1 - s))


x = torch.randn(4, requires_grad=True)
y = Swish(x)
y.sum().backward()  # here: function_apply
print(x.grad)
