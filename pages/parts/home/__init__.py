"""The sections of the first page."""
