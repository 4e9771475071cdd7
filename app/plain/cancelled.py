"""The exception that ends a question asked line by line."""


class Cancelled(Exception):
    """Raised when the input ends before a question is answered, or the user does not answer it."""
