"""The sections of the lesson ``experiments``."""
