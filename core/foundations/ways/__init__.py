"""The four programs, as a learner would write them; ``core.foundations.two_layers`` reads and runs them."""
