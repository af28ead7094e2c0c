"""The first hour with PyTorch: a linear fit, two layers four ways, and the operators."""
