"""SASL mechanisms for AUTH: which to choose, what to answer, and how to read an exchange."""
