"""The exception that ends a question asked line by line."""


class Cancelled(Exception):
    """Raised when the input ends, or the question is not answered."""
