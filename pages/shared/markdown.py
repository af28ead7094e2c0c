"""Text inside Markdown, which Streamlit's sentences are written in."""


def plain(text: str) -> str:
    """Escape what Markdown would interpret, so that what the user typed is shown as it was typed."""
    return "".join("\\" + char if char in "\\`*_{}[]()<>#+-.!|~$:&" else char for char in text)
