"""The sections of the lesson ``two_layers``."""
