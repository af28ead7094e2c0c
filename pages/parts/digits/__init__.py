"""The sections of the lesson ``data``."""
