"""The digits: from the files to a batch, as every training program has it, and all images to look through."""

from __future__ import annotations

import streamlit as st

from core import dataloading, mnist_files
from core.datasets import MEAN, STD
from core.export import digits_script
from pages.parts.digits import about, browser, controls, download, epoch, normalise, preprocessing, settings
from pages.shared import claims, code_panel, frame, widgets
from pages.shared.language import _

frame.opening("digits")
damaged = mnist_files.damaged()
if damaged:
    download.show()
with frame.error_boundary():
    choice = controls.show()
    batch = dataloading.first_batch(choice.data, choice.settings)
    frame.part(_("From the file to a batch"))
    with st.container(key="digits_preprocessing"):  # its place is kept while it loads (frame.css)
        preprocessing.show(choice, batch)
    about.show(choice.data.name)
    frame.part(_("More about these digits"))
    tabs = widgets.tabs(
        settings.TAB,
        {
            "normalise": _("What Normalize does"),
            "epoch": _("An epoch of batches"),
            "surprises": _("Surprises"),
            "browse": _("All images"),
        },
    )
    tab_code = next(code for code, tab in tabs.items() if tab.open)
    with tabs[tab_code]:
        match tab_code:
            case "normalise":
                normalise.show(choice.data, choice.settings.part)
            case "epoch":
                epoch.show(choice)
            case "surprises":
                claims.show("digits", "digits_exp")
            case _:
                browser.show(choice.data, choice.settings.part)
    program = digits_script.script(choice.data.name, choice.index, choice.settings, MEAN, STD)
    code_panel.show_the_code(program, "from_files_to_a_batch.py", key="digits_code")
if not damaged:
    download.show()
