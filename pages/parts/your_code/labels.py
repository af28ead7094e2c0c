"""Every word that the page's drawing shows, in the reader's language."""

from __future__ import annotations

from core.script.viewer_labels import of_viewer
from pages.shared.language import _, current


def of_page() -> dict[str, str]:
    """Return the words by name; ``PageWords`` in JavaScript."""
    return of_viewer(current()) | {
        "keys": _("Tab indents. Press Escape, then Tab, to leave the editor. Ctrl+Enter runs."),
        "example": _("Program"),
        "choose": _("your own"),
        "open": _("Open a file …"),
        "run": _("Run program"),
        "run_keys": _("Ctrl+Enter"),
        "stop": _("Stop"),
        "input_shape": _("Shape of the input"),
        "no_shape": _("A shape is numbers with commas between them: 2, 1, 28, 28"),
        "nothing_to_run": _("There is nothing to run yet. Write or paste a program, or choose one above."),
        "too_long": _("A program has at most {most} characters."),
        "start": _("Press Run program to see each operation, what was printed, and what is wrong."),
        "waiting": _("Your program waits for its turn or for PyTorch to load …"),
        "progress": _(
            "Line {line} · {lines} {lines:line|lines} and {operations} {operations:operation|operations} in "
            "{seconds} s"
        ),
        "repaired": _("The line is changed. Run the program again."),
        "changed_since": _("The program has changed since it ran. Run it again first."),
    }
