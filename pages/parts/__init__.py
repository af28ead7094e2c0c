"""The sections of the lessons that outgrew their file."""
