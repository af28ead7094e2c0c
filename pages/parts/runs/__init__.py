"""The sections of the lesson ``runs``."""
