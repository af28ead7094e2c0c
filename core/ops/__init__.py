"""One file an operation: everything that Stepwise knows of it; nobody else knows its arithmetic."""
