"""The weights as they were at a test, read from the checkpoint of that moment."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import streamlit as st
import torch
from numpy.typing import NDArray

from core.training import checkpoint
from core.training.events import Tested
from core.training.run_folder import RunFolder


def first_layer(run: RunFolder, tested: Tested) -> NDArray[np.float32] | None:
    """Return the filters of the first convolution at that test, (out_channels, 1, height, width).

    None where there is no checkpoint of that moment, or no convolution.
    """
    checkpoints = [saved for saved in run.checkpoints() if saved.step == tested.step]
    return _read(checkpoints[0].path) if checkpoints else None


@st.cache_data(show_spinner=False, max_entries=64)
def _read(path: Path) -> NDArray[np.float32] | None:
    network = checkpoint.load_model(path)
    layers = (module for module in network.modules() if isinstance(module, torch.nn.Conv2d))
    first = next(layers, None)
    return None if first is None else first.weight.detach().cpu().numpy()
