"""Starts the app or `--plain`, after checking the terminal, and prints the final output."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from .ending import leave

if TYPE_CHECKING:
    from ..config.model import Configuration
    from ..lessons.opening import Opening
    from ..recorded import Recorded
    from ..runtime.crash_report import Mask

NO_TERMINAL = 2


def start_app(
    target: str,
    *,
    record: bool,
    opening: Opening | None = None,
    recording: Recorded | None = None,
) -> int:
    """Run the application until the user quits, and return the exit status.

    `opening` is the lesson to start with, and `recording` the recording to show. Without a
    terminal, print an error and exit.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        leave(
            "a terminal is needed, but standard input or output is redirected; "
            "heloscope --plain needs none.",
            NO_TERMINAL,
        )
    if not sys.stderr.isatty():  # Textual draws on it, so the sentence goes to standard output
        print("heloscope: the screen is drawn on standard error, which must not be redirected.")
        sys.exit(NO_TERMINAL)
    if os.environ.get("TERM", "") in ("", "dumb"):
        leave(
            'cannot draw on this terminal: TERM is not set, or is "dumb". '
            "TERM=xterm-256color suits most terminals; heloscope --plain does not need it.",
            NO_TERMINAL,
        )
    return _run(target, record=record, opening=opening, recording=recording)


def start_plain(target: str, *, record: bool, opening: Opening | None = None) -> int:
    """Run without a screen, line by line, until the user quits. Return the exit status."""
    configuration = configured_keys()
    from ..plain.start import PlainProgram

    return PlainProgram(
        target,
        record=record and configuration.record,
        opening=opening,
        log_to=_log_to_file,
        configuration=configuration,
    ).run()


def configured_keys() -> Configuration:
    """Load the configuration and put its keys into the table of actions.

    Call this before importing any module that names a key.
    """
    from ..config.reader import load

    found = load()
    if found.keys:
        from ..actions import use_keys

        use_keys(found.keys)
    return found


def _run(target: str, *, record: bool, opening: Opening | None, recording: Recorded | None) -> int:
    gc.disable()  # nothing imported now is garbage; the app enables collection again
    configuration = configured_keys()
    from ..app import HeloscopeApp
    from ..config.environment import mistyped
    from ..input.history import History
    from ..runtime.settings import SettingsKeeper, state_folder
    from ..runtime.signals import say

    interrupted = signal.getsignal(signal.SIGINT)
    told = [problem.sentence for problem in mistyped()]
    keeper = SettingsKeeper(configuration)
    history = History(state_folder() / "history")
    app = HeloscopeApp(
        target,
        settings=keeper.load(told.append),
        history=history,
        record=record and configuration.record,
        keep=keeper.save,
        reports=state_folder(),
        signals=True,
        told=told,
        opening=opening,
        recording=recording,
        first=not history.lines and not (state_folder() / "lessons.json").exists(),
        configuration=configuration,
    )
    _log_to_file(app.mask, app.mask_known)
    try:
        app.run()
    finally:
        signal.signal(signal.SIGINT, interrupted)  # the event loop has replaced it
        if app.crashed:
            say(app.crashed)
        for journal in app.journals:
            say(f"Recorded, with secrets masked: {journal}")
        for words in app.connections.last_words:
            say(words)
    return app.return_code or 0


def _log_to_file(mask: Callable[[], Mask], known: Mask) -> None:
    """Write log messages to a file, since the screen belongs to the app.

    `mask` returns the function that masks secrets in errors, and `known` masks the known secrets.
    """
    import logging

    from ...session.private_file import make_folder
    from ..runtime.crash_report import MaskedFormatter
    from ..runtime.log_file import LogFile
    from ..runtime.settings import state_folder

    root = logging.getLogger()
    root.setLevel(logging.WARNING)
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # aiosmtpd's log holds secrets
    logging.raiseExceptions = False  # an error such as a full disk must not write on the screen
    try:
        folder = state_folder()
        make_folder(folder)
        handler: logging.Handler = LogFile(folder / "heloscope.log")
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(MaskedFormatter(mask, known))
    root.addHandler(handler)
