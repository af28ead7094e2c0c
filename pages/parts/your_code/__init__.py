"""Sections of the page for your own program."""
