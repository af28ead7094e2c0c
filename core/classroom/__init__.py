"""A classroom on one machine: isolated workspaces, with limits for each one and for all together.

``settings`` says what is allowed, ``identity`` whose workspace it is, ``gateway`` stands before the server,
``limits`` and ``expiry`` keep the machine usable, ``log`` tells the administrator. ``python serve.py`` puts
them together; ``make run`` uses none of them.
"""
