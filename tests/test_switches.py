"""A file of the reader's may switch torch for the whole process; afterwards everything else is as it was."""

from __future__ import annotations

import inspect
import io
import os
import sys
import threading
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from PIL import Image

from core.errors import InvalidSetting
from core.sketch import image_file
from core.switches import Switches, keep_switches
from core.walk import setup, walk
from core.walk.setup import Choice
from core.warning_filters import recorded_warnings
from tests.own import from_file

FILE = """
import os, warnings
import torch
from torch import nn

torch.set_default_dtype(torch.float64)
torch.use_deterministic_algorithms(True, warn_only=True)
torch.set_float32_matmul_precision("high")
warnings.simplefilter("error")
os.chdir(os.path.dirname(__file__))

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 3)

    def forward(self, x):
        y = self.a(x) + torch.ones(3)
        y.register_hook(lambda g: torch.set_grad_enabled(False) and None)
        torch.autograd.set_detect_anomaly(True)
        return y
"""


@pytest.mark.filterwarnings("ignore:Anomaly Detection")
def test_what_a_file_switches_holds_for_its_own_step_and_for_nothing_else(tmp_path: Path) -> None:
    before, folder, filters = Switches(), Path.cwd(), list(warnings.filters)
    own = from_file(tmp_path, FILE, "Net", "2,4:float64")
    assert (Switches(), Path.cwd(), warnings.filters) == (before, folder, filters)
    assert own.switches.dtype == torch.float64 and own.switches.matmul == "high"
    this_walk = walk.take(setup.prepare(Choice("own"), own=own))
    assert (Switches(), Path.cwd(), warnings.filters) == (before, folder, filters)
    ones = next(op for op in this_walk.record.operations if op.name == "add").call.tensors["other"]
    assert ones.dtype == torch.float64  # torch.ones in forward, as in the reader's own program


@pytest.mark.parametrize("depth", [60, 100_000])
def test_a_file_that_sets_the_recursion_limit_leaves_it_as_it_was(depth: int) -> None:
    before = sys.getrecursionlimit()
    limit = max(depth, len(inspect.stack(0)) + 30)  # Python refuses less than is in use
    with keep_switches():
        sys.setrecursionlimit(limit)
        assert sys.getrecursionlimit() == limit
    assert sys.getrecursionlimit() == before


LOW = """
import inspect
import sys
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        BUILD
        self.a = nn.Linear(4, 2)

    def forward(self, x):
        FORWARD
        return self.a(x).relu()
"""


@pytest.mark.parametrize("place", ["BUILD", "FORWARD"])
@pytest.mark.parametrize("frames", range(3, 12))
def test_a_limit_that_is_too_low_for_the_step_itself_is_named(frames: int, place: str, tmp_path: Path) -> None:
    before = sys.getrecursionlimit()
    text = LOW.replace(place, f"sys.setrecursionlimit(len(inspect.stack(0)) + {frames})")
    text = text.replace("BUILD", "pass").replace("FORWARD", "pass")
    try:
        walk.take(setup.prepare(Choice("own"), own=from_file(tmp_path, text, "Net", "2,4")))
    except InvalidSetting as error:  # with enough of it the step is taken
        assert "recursion limit" in str(error) and "my_net.py, line" in str(error)
    assert sys.getrecursionlimit() == before


def test_switches_are_put_back_after_an_error_too() -> None:
    before = Switches()
    with pytest.raises(ValueError), keep_switches():
        torch.set_grad_enabled(False)
        torch.set_default_device("meta")
        torch.set_num_threads(before.threads + 1)
        os.chdir("/")
        raise ValueError
    assert Switches() == before and torch.zeros(1).device.type == "cpu" and Path.cwd() != Path("/")


def keep() -> None:
    with keep_switches():
        pass


def open_a_picture() -> None:
    content = io.BytesIO()
    Image.new("L", (4, 4), 255).save(content, "PNG")
    image_file.load(content.getvalue())


@pytest.mark.parametrize("change_filters", [keep, open_a_picture])
def test_a_change_of_the_warning_filters_waits_for_a_recording_of_warnings(
    change_filters: Callable[[], None],
) -> None:
    """Both put the process's warning filters back: out of turn, one would leave the other's for good."""
    has_changed = threading.Event()

    def change() -> None:
        change_filters()
        has_changed.set()

    other = threading.Thread(target=change)
    with recorded_warnings():
        other.start()
        assert not has_changed.wait(0.2)
    other.join()
    assert has_changed.is_set()
