"""What ends a question that is asked by lines."""


class Cancelled(Exception):
    """Raised when the input ends, or the question is not answered."""
