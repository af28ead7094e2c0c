"""What print shows beside the walk is what torch prints for that network and that step."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from core.networks import registry, tutorials
from core.walk import print_statements, setup, source_code, walk


def texts_of(**choice: object) -> dict[str, str]:
    this_walk = walk.take(setup.prepare(setup.Choice(**choice)))  # type: ignore[arg-type]
    return dict(print_statements.statements(this_walk))


def test_the_statements_print_what_torch_prints() -> None:
    texts = texts_of(loss="cross_entropy", target=3)
    net = registry.build("lenet5", seed=0)
    x = torch.randn(1, 1, 32, 32, generator=torch.Generator().manual_seed(0))
    out = net(x)
    loss = F.cross_entropy(out, torch.tensor([3]))
    loss.backward()  # type: ignore[no-untyped-call]
    assert isinstance(net, tutorials.LeNet)
    assert list(texts.values()) == [
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
    texts = texts_of(network="mnist", loss="nll", steps_before=2)
    this_walk = walk.take(setup.prepare(setup.Choice(network="mnist", loss="nll", steps_before=2)))
    output = this_walk.record.values[this_walk.record.output].tensor
    assert texts["out = net(input)\nprint(out)"].startswith(str(output.detach())[:-1].split("]]")[0])


def test_the_listing_beside_the_walk_is_the_whole_class() -> None:
    source = source_code.network_listing(tutorials.LeNet())
    text = "\n".join(source.lines)
    assert source.title == "class LeNet"
    for part in ("super().__init__()", "self.conv1 = nn.Conv2d(1, 6, kernel_size)", "num_features *= s"):
        assert part in text
