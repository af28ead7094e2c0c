"""First-layer filters that a network has learned: those of the shipped one or of any run."""

from __future__ import annotations

from pathlib import Path

from torch import Tensor, nn

from core.errors import N_, Refusal

SHIPPED = "shipped"


def sources(root: Path) -> dict[str, str]:
    """Return where learned filters can come from: code -> name; runs with a checkpoint, the newest first."""
    from core.training.run_folder import RunFolder, list_runs  # only who asks for a run's filters needs it

    runs = {run.id: run.name for run in list_runs(root) if RunFolder(root, run.id).all_checkpoints()}
    return {SHIPPED: "", **runs}


def first_layer(root: Path, source: str) -> tuple[Tensor, Tensor | None]:
    """Return weight (O, C, kH, kW) and bias of a network's first convolution.

    ``source`` is "shipped" or the id of a run in ``root``, whose newest checkpoint counts. Raises ``Refusal``
    where there is no such network, or none with a convolution.
    """
    network = _shipped() if source == SHIPPED else _of_run(root, source)
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            bias = module.bias
            return module.weight.detach().clone(), None if bias is None else bias.detach().clone()
    raise Refusal(N_("this network has no convolution"))


def _shipped() -> nn.Module:
    try:
        from core.recognise.readers import shipped

        return shipped().net
    except (ImportError, AttributeError, OSError) as error:
        raise Refusal(
            N_("the built-in network is missing in this copy; choose a run, or another kernel")
        ) from error


def _of_run(root: Path, run_id: str) -> nn.Module:
    from core.training import checkpoint
    from core.training.run_folder import RunFolder

    points = RunFolder(root, run_id).all_checkpoints()
    if not points:
        raise Refusal(N_("this run has no checkpoint yet"))
    return checkpoint.load_model(points[-1].path)
