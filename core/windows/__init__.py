"""One dimension of a sliding window: output size, positions, cells that no window reaches, formula."""
