"""The two tutorials about the smallest networks: one matrix, and two layers written four ways."""

from __future__ import annotations

from core.errors import N_
from pages.parts.tutorials.tutorial import Tutorial, step

FIT = Tutorial(
    N_("Fit a known matrix"),
    N_("Training from the ground up: data whose answer is known, one nn.Linear, and the loop."),
    (
        step(N_("Make 100 samples of a known 3×2 matrix"), "linear_fit"),
        step(N_("Take random batches of 4"), "linear_fit", exp="fit_batch"),
        step(N_("Fit nn.Linear without a bias, 5000 times: MSE, SGD, learning rate 0.01"), "linear_fit"),
        step(N_("Run the whole program"), "linear_fit", exp="fit_program"),
        step(N_("Compare x @ W with the transposed form"), "linear_fit", exp="fit_transposed"),
        step(
            N_("Call backward several times before one step: gradients add up"),
            "lenet",
            tab="experiments",
            exp="two_backwards",
        ),
    ),
)
FOUR_WAYS = Tutorial(
    N_("Two layers, four ways"),
    N_("One network in NumPy, with tensors, as Sequential and as a Module: what PyTorch does in your place."),
    (
        step(N_("Write it in NumPy, with gradients by hand"), "two_layers", part="programs"),
        step(N_("Derive the gradients"), "two_layers", part="derivation"),
        step(
            N_("Write it with torch tensors, as Sequential and as a Module; run all in lockstep"),
            "two_layers",
            part="programs",
        ),
        step(N_("Find the mistakes that such programs contain"), "two_layers", part="mistakes"),
        step(N_("Initialise the weights, and what happens without it"), "two_layers", part="sgd"),
        step(N_("Use Adam"), "two_layers", part="sgd"),
        step(N_("What differs between the functions of NumPy and torch"), "two_layers", part="timing"),
        step(N_("What .mm computes"), "two_layers", part="claims", exp="ways_mm"),
    ),
)
