"""What print shows beside the walk is what torch prints for that network and that step."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from core.networks import registry, tutorials
from core.walk import printed, setup, source_code, walk


def said(**choice: object) -> dict[str, str]:
    taken = walk.take(setup.prepare(setup.Choice(**choice)))  # type: ignore[arg-type]
    return dict(printed.statements(taken))


def test_the_statements_print_what_torch_prints() -> None:
    shown = said(loss="cross_entropy", target=3)
    net = registry.build("lenet5", seed=0)
    x = torch.randn(1, 1, 32, 32, generator=torch.Generator().manual_seed(0))
    out = net(x)
    loss = F.cross_entropy(out, torch.tensor([3]))
    loss.backward()  # type: ignore[no-untyped-call]
    assert isinstance(net, tutorials.LeNet)
    assert list(shown.values()) == [
        str(net),
        "10",
        "torch.Size([6, 1, 5, 5])",
        str(out),
        str(loss),
        "None",
        str(net.conv1.bias.grad),
    ]
    assert "grad_fn=<AddmmBackward0>" in str(out)


def test_dropout_draws_the_masks_of_the_walk() -> None:
    shown = said(network="mnist", loss="nll", steps_before=2)
    taken = walk.take(setup.prepare(setup.Choice(network="mnist", loss="nll", steps_before=2)))
    output = taken.record.values[taken.record.output].tensor
    assert shown["out = net(input)\nprint(out)"].startswith(str(output.detach())[:-1].split("]]")[0])


def test_the_listing_beside_the_walk_is_the_whole_class() -> None:
    source = source_code.network_listing(tutorials.LeNet())
    text = "\n".join(source.lines)
    assert source.title == "class LeNet"
    for part in ("super().__init__()", "self.conv1 = nn.Conv2d(1, 6, kernel_size)", "num_features *= s"):
        assert part in text
