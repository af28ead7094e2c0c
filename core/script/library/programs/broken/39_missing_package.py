"""The package is called PyTorch, and imported as torch."""

import pytorch  # here: missing_package

print(pytorch.ones(2))
