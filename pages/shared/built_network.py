"""The network that was built on the Convolution page: a link brings it, and other pages offer it from then on."""

from __future__ import annotations

import streamlit as st

from core.networks import registry

KEPT = "built_network"


def network(key: str) -> str:
    """Return "stack:<rows>", or nothing while none was built.

    It comes from the address, or from the value of the widget under ``key``, which a run's settings may have set.
    """
    for name in (st.query_params.get(key), st.session_state.get(key)):
        if isinstance(name, str) and name.startswith(registry.STACK):
            st.session_state[KEPT] = name
            break
    current: str = st.session_state.get(KEPT, "")
    return current
