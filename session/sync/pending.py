"""`Pending`: the future of a reply, for who waits in no event loop."""

from __future__ import annotations

from ..reply import Reply


class Pending:
    """A reply that may not have come yet, or the error that came in its place."""

    __slots__ = ("_error", "_reply")

    def __init__(self) -> None:
        self._reply: Reply | None = None
        self._error: Exception | None = None

    def done(self) -> bool:
        """Whether the wait is over."""
        return self._reply is not None or self._error is not None

    def cancelled(self) -> bool:
        """False: nobody else could cancel it."""
        return False

    def result(self) -> Reply:
        """The reply. Raises the error."""
        if self._error is not None:
            raise self._error
        assert self._reply is not None
        return self._reply

    def exception(self) -> Exception | None:
        """The error, if one came."""
        return self._error

    def set_result(self, result: Reply) -> None:
        """The reply has come."""
        self._reply = result

    def set_exception(self, exception: Exception) -> None:
        """No reply comes any more."""
        self._error = exception
