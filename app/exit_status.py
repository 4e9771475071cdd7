"""The exit statuses of heloscope; code, help and README take them from this table."""

from __future__ import annotations

import signal

DONE, REFUSED, BAD_INPUT, NO_CONNECTION, NO_TLS, NO_LOGIN = range(6)
INTERRUPTED, TERMINATED = 128 + signal.SIGINT, 128 + signal.SIGTERM
READER_GONE = 128 + signal.SIGPIPE

MEANINGS = {
    DONE: "success",
    REFUSED: "refused, not as expected, or the output could not be written",
    BAD_INPUT: "bad input: an argument, a file, a script",
    NO_CONNECTION: "could not connect, or the connection was lost",
    NO_TLS: "TLS",
    NO_LOGIN: "the login",
    INTERRUPTED: "Ctrl+C",
    READER_GONE: "the reader of the output has left, as head does",
}
"""The meaning of each status."""
