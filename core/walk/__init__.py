"""The walk through one training step of a network: what is chosen, what runs, and what each step shows."""
