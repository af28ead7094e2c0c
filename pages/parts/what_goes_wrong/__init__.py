"""The parts of the library of mistakes."""
