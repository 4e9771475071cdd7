"""The exception that ends a question asked line by line."""


class Cancelled(Exception):
    """Raised when the input ends or a question is not answered."""
