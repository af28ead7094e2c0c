"""Sections of the page for one's own program."""
