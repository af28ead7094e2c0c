"""The sections of the lesson ``draw``."""
