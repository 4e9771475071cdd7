"""`Pending`: a future for a reply, for waiting without an event loop."""

from __future__ import annotations

from ..reply import Reply


class Pending:
    """A reply that may not have arrived yet, or the error that took its place."""

    __slots__ = ("_error", "_reply")

    def __init__(self) -> None:
        self._reply: Reply | None = None
        self._error: Exception | None = None

    def done(self) -> bool:
        """Return whether the wait is over."""
        return self._reply is not None or self._error is not None

    def cancelled(self) -> bool:
        """Return False, because nothing can cancel the wait."""
        return False

    def result(self) -> Reply:
        """Return the reply, or raise the error that took its place."""
        if self._error is not None:
            raise self._error
        assert self._reply is not None
        return self._reply

    def exception(self) -> Exception | None:
        """Return the error that took the place of the reply, or None."""
        return self._error

    def set_result(self, result: Reply) -> None:
        """Set the reply, which ends the wait."""
        self._reply = result

    def set_exception(self, exception: Exception) -> None:
        """Set the error that takes the place of the reply, because no reply will arrive."""
        self._error = exception
