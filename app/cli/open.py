"""`heloscope open FILE`: shows a recording or another tool's log in the application, read-only."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from ...session.plural import plural
from ...session.private_file import reason
from ...session.visible import visible_text
from .ending import leave
from .kept import kept_path
from .progress import progress
from .sentence import SentenceCommand
from .streams import read_input


@click.command(cls=SentenceCommand)
@click.argument("file", metavar="FILE")
@click.option("--present", is_flag=True, help="Start a presentation at the first line.")
@click.option(
    "--mask",
    type=click.Choice(["addresses"]),
    help="Show pseudonyms instead of mailbox and host names.",
)
@click.help_option("-h", "--help", help="Show this help and exit.")
def command(file: str, present: bool, mask: str | None) -> None:
    """Open a recording or another tool's log to search, explain, copy, save and play it.

    Sessions are recorded as they run; :journal shows where. A damaged recording is opened as far as
    it can be read. Logs of swaks, curl, smtplib, nodemailer, PHPMailer, Postfix, Exim and others
    can be read even as pasted into a ticket, and so can captures (pcap, pcapng). FILE#2 is the
    second conversation in FILE, and - is standard input. FILE may also be the number or name of a
    recording in heloscope history.
    """
    from ...session.foreign.log import LARGEST, ForeignError, content, open_log, read_log
    from ...session.record.reader import NoHeader, Recording, RecordingError
    from ..recorded import Recorded
    from ..recordings.opened import split_number

    if file != "-" and not os.path.lexists(os.path.expanduser(split_number(file)[0])):
        file = kept_path("open", file)
    name, number = split_number(file)
    path = Path(name).expanduser().absolute()
    data: bytes | None = None
    try:
        data = read_input("open", LARGEST + 1) if file == "-" else None
        with progress("open", f"reading {'the text' if data is not None else visible_text(name)}"):
            if data is not None:
                log = read_log(data)
            else:
                log = None
                try:
                    Recording(path).close()
                except NoHeader:
                    log = open_log(path)
    except RecordingError as error:
        leave(f"open: {visible_text(file)} cannot be opened: {error}", 2)
    except ForeignError as error:
        from ..explain.reported import hint

        words = hint(content(path) if data is None else data) or str(error)
        leave(f"open: {visible_text(file)} cannot be opened: {words}", 2)
    except OSError as error:
        leave(f"open: cannot read the file: {reason(error, path)}.", 2)
    if log is not None and not 1 <= number <= len(log.conversations):
        has = plural(len(log.conversations), "{} conversation")
        leave(f"open: {visible_text(name)} has only {has}, so there is no #{number}.", 2)
    if file == "-":
        _take_terminal()
    from .start import start_app

    recorded = Recorded(file, presented=present, masked=mask is not None, log=log)
    sys.exit(start_app("practice", record=True, recording=recorded))


def _take_terminal() -> None:
    """Connect standard input to the terminal again, after the piped text has been read."""
    try:
        terminal = os.open("/dev/tty", os.O_RDWR)
    except OSError:
        leave("open: no terminal to show the recording in. Use a file instead of -.", 2)
    os.dup2(terminal, 0)
    os.close(terminal)
