"""The sections of the lesson ``convolution``."""
