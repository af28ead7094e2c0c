"""A drawing -> the 1x28x28 that MNIST would hold, with every intermediate kept.

Strokes are vectors, so the pen width that was used does not decide the answer: ``strokes`` draws them with one
pen in proportion to the digit. ``pictures`` does the same for photographs and other images.
"""
