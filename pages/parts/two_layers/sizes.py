"""The sizes, rates and seed that all four programs share."""

from __future__ import annotations

import streamlit as st

from core.foundations.two_layers import WaysSettings
from pages.shared import isolated
from pages.shared.language import _

# The largest sizes take 5 s a program on a machine that does nothing else.
LIMITS = isolated.Limits(seconds=90.0, memory_mb=1_500)
TITLES = {
    "numpy": "1  NumPy",
    "tensors": "2  torch tensors",
    "sequential": "3  nn.Sequential + autograd",
    "module": "4  nn.Module + Adam",
}


def settings() -> WaysSettings:
    """Show the controls and return what they say; ``InvalidSetting`` when that is impossible."""
    start = WaysSettings()
    cells = st.columns(4)
    help_of = {
        "N": _("samples in the batch"),
        "D_in": _("numbers in a sample"),
        "H": _("hidden units"),
        "D_out": _("numbers in an output"),
    }
    values = {
        name: cell.number_input(
            name, 1, 4000, getattr(start, name), key=f"two_layers_{name}", bind="query-params", help=help_of[name]
        )
        for name, cell in zip(help_of, cells, strict=True)
    }
    with st.expander(_("Learning rates, iterations, seed")):
        left, right = st.columns(2)
        rate = left.number_input(
            _("Learning rate of 1, 2, 3"), 1e-12, 10.0, start.learning_rate, 1e-6, "%g", key="two_layers_lr",
            bind="query-params",
        )  # fmt: skip
        adam = right.number_input(
            _("Learning rate of Adam"), 1e-12, 10.0, start.adam_learning_rate, 1e-4, "%g", key="two_layers_adam_lr",
            bind="query-params",
        )  # fmt: skip
        iterations = left.number_input(
            _("Iterations"), 1, 5000, start.iterations, 100, key="two_layers_iterations", bind="query-params"
        )
        seed = right.number_input(_("Seed"), 0, 2**31 - 1, start.seed, key="two_layers_seed", bind="query-params")
    return WaysSettings(**values, learning_rate=rate, adam_learning_rate=adam, iterations=iterations, seed=seed)
