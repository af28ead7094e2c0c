"""What the project refuses, as data: a sentence to translate and the values that belong in it."""

from __future__ import annotations


def N_(message: str) -> str:  # noqa: N802  (gettext's own name for "translate later")
    """Mark ``message`` for translation and return it unchanged."""
    return message


class Refusal(ValueError):
    """A value that cannot be, with the value and the constraint in the sentence.

    ``message`` is an English template in ``str.format`` style and the key of its translation; write it
    inside ``N_(...)`` where it is raised. ``str(refusal)`` is the English sentence.

    >>> str(Refusal(N_("kernel {kernel} is larger than the padded input {size}"), kernel=7, size=5))
    'kernel 7 is larger than the padded input 5'
    """

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message.format(**values))
        self.message = message
        self.values = values
