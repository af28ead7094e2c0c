"""The sections of the lesson ``lenet``."""
