"""Your code: your own program, run line by line; where it breaks, why, and what to change."""

from __future__ import annotations

from pages.parts.your_code import no_access, page
from pages.shared import access, frame
from pages.shared.language import _

frame.opening("your_code")
with frame.error_boundary():
    if access.may_run():
        frame.part(_("Your program"))
        page.show()
    else:
        no_access.show()
