"""Imports torch in the background while the first page is painted, so that the second one need not wait."""

from __future__ import annotations

import importlib
import threading

import streamlit as st


@st.cache_resource(show_spinner=False)
def start() -> None:
    """Start the import once per server."""
    threading.Thread(target=importlib.import_module, args=("torch",), daemon=True).start()
