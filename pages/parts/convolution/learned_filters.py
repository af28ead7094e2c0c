"""First-layer filters that a network has learned: those of the shipped one or of any run."""

from __future__ import annotations

from pathlib import Path

from torch import Tensor, nn

from core.errors import N_, InvalidSetting
from core.recognise.readers import shipped
from core.training import checkpoint
from core.training.checkpoint_id import CheckpointId
from core.training.run_folder import RunFolder

SHIPPED = "shipped"


def first_layer(root: Path, source: str) -> tuple[Tensor, Tensor | None]:
    """Return weight (O, C, kH, kW) and bias of a network's first convolution.

    ``source`` is "shipped" or "<run>:<checkpoint>" of a run in ``root``. Raises ``InvalidSetting`` where there is
    no such network, or none with a convolution.
    """
    network = _shipped() if source == SHIPPED else of_checkpoint(root, source)
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            bias = module.bias
            return module.weight.detach().clone(), None if bias is None else bias.detach().clone()
    raise InvalidSetting(N_("this network has no convolution"))


def _shipped() -> nn.Module:
    try:
        return shipped().net
    except OSError as error:
        raise InvalidSetting(
            N_("the built-in network is missing in this copy; choose a run, or another kernel")
        ) from error


def of_checkpoint(root: Path, source: str) -> nn.Module:
    """Return the network of a run's checkpoint, "<run>:<checkpoint>"; ``InvalidSetting`` where it is gone."""
    checkpoint_id = CheckpointId.parse(source)
    return checkpoint.load_model(RunFolder(root, checkpoint_id.run).weights(checkpoint_id.checkpoint).path)
