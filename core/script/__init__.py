"""The reader's own program: run in a process of its own, recorded, and explained where it goes wrong.

``python -m core.script PROGRAM.py [--json]`` is the door in a terminal. It knows nothing of pages.
"""
