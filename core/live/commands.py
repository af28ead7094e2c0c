"""The commands of a tab: obeyed in their order, one command of a user at a time, each once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from core import i18n
from core.errors import N_, InvalidSetting
from core.live.allowance import Allowance
from core.live.request import Command
from core.live.work import Work

log = logging.getLogger(__name__)
FAILED = N_("The server could not do this. Look at the state of the run, and try again.")
THREADS = 4  # a command computes nothing, but it may wait for a run that another server is about to leave
COST = 15  # questions as which a command counts: it writes to the disk


@dataclass(frozen=True)
class Commands:
    """The commands of one tab of ``user``; ``obey`` does one, in a thread of ``work``.

    ``obey`` is called with the command and the user, "" on your own machine; it raises ``InvalidSetting``.
    """

    work: Work
    user: str
    allowance: Allowance
    obey: Callable[[Command, str], None]

    async def take(self, command: Command) -> str:
        """Obey ``command`` and return "", or a sentence that says why it was not obeyed."""
        await asyncio.sleep(self.allowance.take(requests=COST - 1))  # one counts as a message already
        try:
            async with self.allowance.commands:
                await self.work.do(self.user, partial(self.obey, command, self.user))
        except InvalidSetting as error:
            return i18n.translate_error(command.language, error)
        except Exception:
            log.exception("the command %r failed", command.do[:20])
            return i18n.translate(command.language, FAILED)
        return ""
