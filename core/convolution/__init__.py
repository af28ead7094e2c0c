"""Convolution and pooling as a person sees them: where each window lies, what goes in, what can be asked."""
