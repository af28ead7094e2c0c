"""``python -m core.recognise``; see ``core.recognise.command``."""

import sys

from core.recognise.command import main

sys.exit(main())
