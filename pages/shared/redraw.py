"""What runs again when a setting changes: not the page, only the parts that show something else then.

A part is a fragment with a key, and reads the settings from the session; the widgets beside it stay as they are.
On the Convolution page that halves the work of the browser for a step of a slider.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st


def only(*parts: str) -> Callable[[], None]:
    """Return a callback for ``on_change``: run the fragments with these keys again, and nothing else."""
    return partial(st.rerun, parts)
