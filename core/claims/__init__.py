"""Claims about PyTorch, each checked by a small program: what one would expect, the code, what really happens."""
