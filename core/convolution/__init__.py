"""Convolution and pooling as you see them: where each window lies, what goes in, what can be asked."""
