"""The keys of an attention are not transposed."""

import torch
import torch.nn as nn
q = torch.randn(2, 5, 16)
k = torch.randn(2, 7, 16)
scores = q @ k.transpose(1, 2)
