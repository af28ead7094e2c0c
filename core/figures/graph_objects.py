"""Plotly's graph objects, with pandas imported before them.

Plotly looks pandas up in ``sys.modules`` for each figure, and takes one that another thread is still importing; the
page then ends with an AttributeError. An ``import`` waits until that thread is done (``pages.shared.imports``).
"""

import pandas  # noqa: F401
import plotly.graph_objects as go
from plotly.subplots import make_subplots

__all__ = ["go", "make_subplots"]
