"""How the network that ships is made: MNIST's digits, and the same digits written again with a pen."""
