"""\"Show the code\": what is on the screen as a standalone PyTorch script, to copy or to download."""

from __future__ import annotations

import streamlit as st

from core.export import needs
from pages.shared.expander import lazy_expander
from pages.shared.language import _


def show_the_code(script: str, file_name: str, key: str) -> None:
    """Show ``script``, folded away, with a download button; ``key`` is stable and unique on the page."""

    def inside() -> None:
        needed = ", ".join(needs.of_script(script))
        st.caption(_("Runs by itself and prints the numbers on this screen. Needs {needs}.", needs=needed))
        st.code(script, language="python")
        st.download_button(
            _("Download {file}", file=file_name),
            script,
            file_name=file_name,
            mime="text/x-python",
            key=f"{key}_download",
            on_click="ignore",
        )

    lazy_expander(_("Show the code"), key, inside, icon=":material/code:")
