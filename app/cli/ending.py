"""How the command line ends on bad input: one sentence on standard error, and a status."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import NoReturn

from ...session.visible import visible_text
from .streams import discard_output

READER_GONE = 128 + signal.SIGPIPE
"""The exit status where the reader of the output has closed the pipe, as in a shell."""


def drop_output() -> None:
    """Discard what is still to be printed, so that Python does not try again when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def leave(sentence: str, status: int) -> NoReturn:
    """Print `sentence` on standard error, and exit with `status`."""
    print(f"heloscope: {visible_text(sentence)}", file=sys.stderr)
    sys.exit(status)


def output_lost(error: OSError) -> NoReturn:
    """End the program, because its output could not be written."""
    discard_output()
    leave(f"the output could not be written: {error.strerror or error}.", 1)


@contextmanager
def for_a_reader() -> Generator[None]:
    """Within it, a reader of the output that leaves, as `head` does, ends the program silently."""
    try:
        try:
            yield
        except SystemExit:
            sys.stdout.flush()
            raise
        sys.stdout.flush()
    except BrokenPipeError:
        drop_output()
        sys.exit(READER_GONE)


@contextmanager
def printing() -> Generator[None]:
    """Within it, output that cannot be written, as on a full disk, is one sentence and status 1."""
    try:
        yield
    except OSError as error:
        output_lost(error)
