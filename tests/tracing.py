"""What several tests of the trace compare: an independent run, and parts that add up."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from core.trace.outputs import pick
from core.trace.trace_record import Record


def lost(output: Tensor) -> Tensor:
    return output.float().sin().square().mean()


def independent(network: nn.Module, x: Tensor) -> tuple[Tensor, Tensor, dict[str, Tensor | None], Tensor | None]:
    """Run the same step without this project: output, loss, every parameter's gradient, the input's."""
    torch.manual_seed(5)
    output = pick(network(x)).tensor
    loss = lost(output)
    loss.backward()
    grads = {name: parameter.grad for name, parameter in network.named_parameters()}
    return output.detach(), loss.detach(), grads, x.grad


def parts_add_up(record: Record, but_for_hooks: bool = False) -> None:
    """Where all the uses of a value were seen, what came back through each is its gradient."""
    for number, uses in record.uses.items():
        keys = [(op.index, argument) for op, argument in uses if (op.index, argument) in record.contributions]
        if not keys or record.values[number].name.startswith("reentrant"):
            continue
        total = sum(dense(record.contributions[key]) for key in keys)
        gradient = dense(record.gradients[number]) * (0.5 if but_for_hooks and len(keys) == 2 else 1)
        torch.testing.assert_close(total, gradient, rtol=1e-3, atol=1e-5)


def dense(tensor: Tensor) -> Tensor:
    return tensor.to_dense() if tensor.layout != torch.strided else tensor
