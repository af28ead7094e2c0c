"""The networks that Stepwise knows: the tutorials', those built from rows, and their summary."""
