"""Which data set this is, and how to get MNIST: by download, or by hand."""

from __future__ import annotations

import streamlit as st

from core import mnist_files
from core.classroom.settings import is_classroom
from core.errors import InvalidSetting
from pages.shared import markdown
from pages.shared.language import _, sentence


def show() -> None:
    """Say which of MNIST's four files are there, and get by download those that are missing or damaged."""
    missing, damaged = mnist_files.missing(), mnist_files.damaged()
    with st.expander(_("How to get MNIST"), icon=":material/download:", expanded=bool(missing or damaged)):
        folder = markdown.plain(str(mnist_files.raw_folder()))
        _state(missing, damaged, folder)
        if missing or damaged:
            _ways(folder)
            st.code("\n".join(f"{name}.gz" for name in mnist_files.FILES), language=None)
            _button(missing, damaged)


def _state(missing: list[str], damaged: list[str], folder: str) -> None:
    """Say of the four files which are whole, missing, damaged."""
    if not missing and not damaged:
        here = _("MNIST is on this server.") if is_classroom() else _("MNIST is here, in {folder}.", folder=folder)
        st.markdown(here)
        return
    if damaged:
        st.warning(markdown.plain(_("Damaged, and not used: {files}.", files=", ".join(damaged))))
    if 0 < len(missing) < len(mnist_files.FILES):
        st.warning(markdown.plain(_("Of the four files, still missing: {files}.", files=", ".join(missing))))


def _ways(folder: str) -> None:
    """Say how the files come to where they belong: who sits at another machine cannot put them there."""
    if is_classroom():
        words = _(
            "Press the button: the server gets the four files, for all users. Or ask its administrator to put them"
            " there. Every file is checked against its published checksum before it is used."
        )
    else:
        words = _(
            "Press the button, or put the four files into {folder} by hand. Every file is checked against its"
            " published checksum before it is used. The folder above MNIST can be set with STEPWISE\\_DATA.",
            folder=folder,
        )
    st.markdown(words)


def _button(missing: list[str], damaged: list[str]) -> None:
    """Offer to fetch what is not there whole."""
    size = f"{sum(mnist_files.FILES[name].packed for name in missing + damaged) / 1e6:.1f}"
    if damaged and not missing:
        label = _("Get the damaged files again ({size} MB)", size=size)
    elif len(missing) == len(mnist_files.FILES):
        label = _("Download MNIST ({size} MB)", size=size)
    else:
        label = _("Get the missing files ({size} MB)", size=size)
    if st.button(label, key="digits_download", type="primary"):
        _download()


def _download() -> None:
    """Download with a bar; then show the page again, with MNIST in it."""
    bar = st.progress(0.0, _("Connecting…"))

    def progress(file: str, received: int, total: int) -> None:
        words = _(
            "{file}: {done} of {total} MB", file=file, done=f"{received / 1e6:.1f}", total=f"{total / 1e6:.1f}"
        )
        bar.progress(min(received / total, 1.0), markdown.plain(words))

    try:
        mnist_files.download(progress)
    except InvalidSetting as error:
        bar.empty()
        st.error(markdown.plain(sentence(error)))
    else:
        st.rerun()
