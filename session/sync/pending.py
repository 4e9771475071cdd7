"""`Pending`: the future of a reply, for waiting without an event loop."""

from __future__ import annotations

from ..reply import Reply


class Pending:
    """A reply that may not have arrived yet, or the error in its place."""

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
        """The error, if there is one."""
        return self._error

    def set_result(self, result: Reply) -> None:
        """Set the reply."""
        self._reply = result

    def set_exception(self, exception: Exception) -> None:
        """Set the error: no reply will come any more."""
        self._error = exception
