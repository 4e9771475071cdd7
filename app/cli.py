"""The command line: bad input gets one sentence and an exit status, never a traceback."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from ..session.version import VERSION

if TYPE_CHECKING:
    from .runtime.crash_report import Mask

NO_TERMINAL = 2
_COMMANDS = ("run", "probe", "send", "practice", "open")  # words that are kept for later


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("target", required=False)
@click.option("--no-record", is_flag=True, help="Do not record what happens in the journal.")
@click.version_option(VERSION, prog_name="heloscope", message="%(prog)s %(version)s")
def cli(target: str | None, no_record: bool) -> None:
    """See every line of a mail conversation, and type the next one yourself.

    TARGET is host, host:port, [::1]:port, smtp://host, smtps://host, lmtp://host, unix:/path
    (LMTP) or smtp+unix:/path. Without one, heloscope talks to its own practice server.
    """
    from ..session.target import TargetError, parse_target

    if target in _COMMANDS:
        _leave(f"heloscope {target} comes in a later version. For a host of that name: "
               f"heloscope smtp://{target}", 2)  # fmt: skip
    try:
        if target not in (None, "", "practice", "practice-tls"):
            parse_target(target)
    except TargetError as error:
        _leave(str(error), 2)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        _leave("heloscope needs a terminal to draw on; this is none.", NO_TERMINAL)
    if not sys.stderr.isatty():  # which is what Textual writes to
        print("heloscope: it is standard error that is drawn on; leave it to the terminal.")
        sys.exit(NO_TERMINAL)
    if os.environ.get("TERM", "") in ("", "dumb"):
        _leave(
            "This terminal cannot be drawn on: TERM is not set, or dumb. "
            "TERM=xterm-256color suits most.",
            NO_TERMINAL,
        )
    sys.exit(_run(target or "practice", record=not no_record))


def _run(target: str, *, record: bool) -> int:
    from .app import HeloscopeApp
    from .input.history import History
    from .runtime.settings import load, save, state_folder
    from .runtime.signals import say

    interrupted = signal.getsignal(signal.SIGINT)
    app = HeloscopeApp(
        target,
        settings=load(),
        history=History(state_folder() / "history"),
        record=record,
        keep=save,
        reports=state_folder(),
        signals=True,
    )
    _log_to_file(app.mask)
    try:
        app.run()
    finally:
        signal.signal(signal.SIGINT, interrupted)  # the event loop has taken it away
        if app.crashed:
            say(app.crashed)
        for journal in app.journals:
            say(f"Recorded, secrets masked: {journal}")
        for words in app.connections.last_words:
            say(words)
    return app.return_code or 0


def _log_to_file(mask: Callable[[], Mask]) -> None:
    """What the engine and libraries log goes to a file: the screen is the app's."""
    import logging
    from logging.handlers import RotatingFileHandler

    from ..session.private_file import make_folder
    from .runtime.crash_report import MaskedFormatter
    from .runtime.settings import state_folder

    root = logging.getLogger()
    root.setLevel(logging.WARNING)
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # aiosmtpd's: it says what it heard
    logging.raiseExceptions = False  # a full disk is no reason to write on the screen
    try:
        folder = state_folder()
        make_folder(folder)
        handler: logging.Handler = RotatingFileHandler(
            folder / "heloscope.log", maxBytes=1_000_000, backupCount=1, delay=True
        )
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(MaskedFormatter(mask))
    root.addHandler(handler)


def _leave(sentence: str, status: int) -> None:
    print(f"heloscope: {sentence}", file=sys.stderr)
    sys.exit(status)
