"""Your code: your own program, run line by line; where it breaks, why, and what to change."""

from __future__ import annotations

from pages.parts.your_code import door, workshop
from pages.shared import access, frame
from pages.shared.language import _

frame.heading(
    _("Your code"),
    _("Paste a PyTorch program and run it. Where it breaks, you see why and what to change."),
)
with frame.error_boundary():
    if access.may_run():
        workshop.show()
    else:
        door.show()
