"""Your code: your own program, run line by line; where it breaks, why, and what to change."""

from __future__ import annotations

from pages.parts.your_code import no_access, page
from pages.shared import access, frame
from pages.shared.language import _

frame.opening("your_code")
with frame.error_boundary():
    frame.part(_("Your program"))
    if access.may_run():
        page.show()
    else:
        no_access.show()
