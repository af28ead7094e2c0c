"""Runs an experiment: the code that is shown is the code that runs, and the verdict is read off its variables."""

from __future__ import annotations

import inspect
import io
import json
import re
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from core.claims.experiment import Experiment, Outcome
from core.errors import N_, InvalidSetting
from core.networks import tutorials
from core.rng import seeded
from core.warning_filters import recorded_warnings

CLASSES = (tutorials.LeNet, tutorials.MnistNet)
IMPORTS = "import torch\nimport torch.nn.functional as F\nfrom torch import Tensor, nn"
SECONDS = 120  # for an experiment that runs as a program of its own
MARK = "variables: "


def run(experiment: Experiment) -> Outcome:
    """Execute the experiment's code in a fresh namespace and say what happened.

    Random numbers come from seeds in the code; the global generators of torch and NumPy are left as they were.
    An error that the experiment does not mean to raise rises.
    """
    printed, variables = _run_apart(experiment) if experiment.apart else _run_here(experiment)
    holds, verdict = experiment.read(variables)
    curves = variables.get("curves") or ({"loss": variables["losses"]} if "losses" in variables else {})
    return Outcome(printed, verdict, bool(holds), curves)


def _run_here(experiment: Experiment) -> tuple[str, dict[str, Any]]:
    printed = io.StringIO()
    tell = partial(print, file=printed)  # stdout belongs to the whole server
    ran: dict[str, Any] = {kind.__name__: kind for kind in CLASSES} | {"print": tell}
    with recorded_warnings() as warned, seeded(0), _numpy_as_before():
        exec(experiment.prelude, ran)
        try:
            exec(experiment.code, ran)
        except Exception as error:
            if not experiment.raises:
                raise
            ran["error"] = str(error)
            tell(traceback.format_exception_only(error)[-1].strip())
    for warning in warned:
        tell(warning)
    return printed.getvalue(), ran


@contextmanager
def _numpy_as_before() -> Iterator[None]:
    state = np.random.get_state()
    try:
        yield
    finally:
        np.random.set_state(state)


def _run_apart(experiment: Experiment) -> tuple[str, dict[str, Any]]:
    """Run the experiment in a Python of its own: a server full of threads must not start processes by forking."""
    dictionary = ", ".join(f"{name!r}: {name}" for name in experiment.keep)
    epilogue = (
        f'\nif __name__ == "__main__":\n    import json\n    print({MARK!r} + json.dumps({{{dictionary}}}))\n'
    )
    with tempfile.TemporaryDirectory(prefix="stepwise-") as folder:
        file = Path(folder) / "experiment.py"
        file.write_text(experiment.prelude + experiment.code + epilogue, encoding="utf-8")
        try:
            ended = subprocess.run(
                [sys.executable, str(file)], cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=True
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise InvalidSetting(
                N_("the experiment's process did not finish: {reason}"), reason=str(error)
            ) from error
    printed, _mark, variables = ended.stdout.rpartition(MARK)
    return printed, json.loads(variables)


def script(experiment: Experiment) -> str:
    """Return the experiment as a program of its own, networks included; a meant error ends it."""
    text = experiment.prelude + experiment.code
    used = [kind for kind in CLASSES if re.search(rf"\b{kind.__name__}\(", text)]
    classes = [inspect.getsource(kind).rstrip() + "\n" for kind in used]
    return "\n\n".join([IMPORTS, *classes, text]) if used else text
