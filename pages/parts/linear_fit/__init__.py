"""The sections of the lesson ``linear_fit``."""
