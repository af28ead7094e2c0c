"""The sections of the lesson ``train``."""
