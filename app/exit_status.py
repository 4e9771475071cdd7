"""The exit statuses of heloscope. The code, the help and the README all use this table."""

from __future__ import annotations

import signal

DONE, REFUSED, BAD_INPUT, NO_CONNECTION, NO_TLS, NO_LOGIN = range(6)
INTERRUPTED, TERMINATED = 128 + signal.SIGINT, 128 + signal.SIGTERM
READER_GONE = 128 + signal.SIGPIPE

MEANINGS = {
    DONE: "success",
    REFUSED: "refused, not as expected, or the output could not be written",
    BAD_INPUT: "bad input: an argument, a file or a script",
    NO_CONNECTION: "could not connect, or the connection was lost",
    NO_TLS: "TLS failed",
    NO_LOGIN: "the login failed",
    INTERRUPTED: "interrupted by Ctrl+C",
    READER_GONE: "the program reading the output has ended, as head does",
}
"""The meaning of each exit status."""
