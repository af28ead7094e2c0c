"""What Streamlit writes in English alone: its menu, and the names of its controls for a screen reader."""

from __future__ import annotations

from core.errors import N_
from pages.shared.language import _, current

# ``{name}`` stands for whatever Streamlit puts there.
WORDS = (
    N_("Theme"),
    N_("System"),
    N_("Light"),
    N_("Dark"),
    N_("Print"),
    N_("Record screen"),
    N_("Main menu"),
    N_("Skip to main content"),
    N_("Sidebar"),
    N_("Collapse sidebar"),
    N_("Expand sidebar"),
    N_("App pages"),
    N_("Help for {name}"),
    N_("Increment"),
    N_("Decrement"),
    N_("Open"),
    N_("Choose an option"),
    N_("Selected values"),
    N_("Select all"),
    N_("Clear all"),
    N_("Dismiss"),
    N_("Show/hide columns"),
    N_("Download as CSV"),
    N_("Search"),
    N_("Fullscreen"),
    N_("Copy to clipboard"),
    N_("Show password"),
    N_("Hide password"),
    N_("file upload"),
    N_("Upload"),
    N_("{size} per file"),
    N_("Drag and drop a file here"),
    N_("Add files"),
    N_("add icon"),
    N_("Remove {name}"),
)


def translations() -> dict[str, str]:
    """Return the reader's words for Streamlit's; none for one who reads English."""
    return {} if current() == "en" else {word: _(word) for word in WORDS}
