"""A classroom on one machine: a workspace each, limits for each and for all, nothing of one in another's hands.

``settings`` says what is allowed, ``identity`` whose workspace it is, ``gateway`` stands before the server,
``limits`` and ``expiry`` keep the machine usable, ``log`` tells the administrator. ``python serve.py`` puts
them together; ``make run`` uses none of them.
"""
