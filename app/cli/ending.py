"""How the command line ends on bad input: with a sentence on standard error and an exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import NoReturn

from ...session.visible import visible_text
from ..exit_status import READER_GONE, REFUSED
from .streams import discard_output


def drop_output() -> None:
    """Discard pending output, so that Python does not try to write it again at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


class Left(SystemExit):
    """Raised to end the program with `status` after `sentences` have been printed."""

    def __init__(self, sentences: Sequence[str], status: int) -> None:
        super().__init__(status)
        self.sentences = tuple(sentences)
        self.status = status


def leave(sentence: str, status: int) -> NoReturn:
    """Print `sentence` on standard error, and exit with `status`."""
    leave_with((sentence,), status)


def leave_with(sentences: Sequence[str], status: int) -> NoReturn:
    """Print each sentence on a line of standard error, and exit with `status`."""
    from ...session.record.credentials import without_credentials

    sentences = [without_credentials(one) for one in sentences]  # which may quote an argument
    for sentence in sentences:
        print(f"heloscope: {visible_text(sentence)}", file=sys.stderr)
    raise Left(sentences, status)


def warn_of_variables() -> None:
    """Warn on standard error about each environment variable whose name looks mistyped."""
    if not any(name.startswith("HELOSCOPE_") for name in os.environ):
        return  # nothing to import
    from ..config.environment import mistyped

    for problem in mistyped():
        print(f"heloscope: {problem.sentence}", file=sys.stderr)


def output_lost(error: OSError) -> NoReturn:
    """End the program because its output could not be written."""
    discard_output()
    leave(f"the output could not be written: {error.strerror or error}.", REFUSED)


@contextmanager
def for_a_reader() -> Generator[None]:
    """End the program silently if the program reading its output ends first, as `head` does.

    This is a context manager.
    """
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
    """End the program with one sentence and status 1 if output fails, as on a full disk.

    This is a context manager.
    """
    try:
        yield
    except OSError as error:
        output_lost(error)
