"""Every session-state key that more than one place uses. A widget's key is its name in the address too."""

LANGUAGE = "lang"
ADDRESS = "address_written"
