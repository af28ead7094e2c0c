"""The sections of the lesson ``operators``."""
