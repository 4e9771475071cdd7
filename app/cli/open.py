"""`heloscope open FILE`: a recording in the application, read-only."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ...session.private_file import reason
from ...session.visible import visible_text
from .sentence import SentenceCommand, leave


@click.command(cls=SentenceCommand)
@click.argument("file", metavar="FILE")
@click.option("--present", is_flag=True, help="Begin with the presentation, at the first line.")
@click.option(
    "--mask",
    type=click.Choice(["addresses"]),
    help="Show pseudonyms for mailbox and host names.",
)
@click.help_option("-h", "--help", help="Show this help, and exit.")
def command(file: str, present: bool, mask: str | None) -> None:
    """Open a recording: find, explain, copy and save in it, and play it forwards and backwards.

    Sessions are recorded as they run; :journal says where. A damaged recording is opened as far
    as it can be read.
    """
    from ...session.record.reader import Recording, RecordingError

    path = Path(file).expanduser().absolute()
    try:
        Recording(path).close()
    except RecordingError as error:
        leave(f"open: {visible_text(file)} cannot be opened: {error}", 2)
    except OSError as error:
        leave(f"open: the recording cannot be read: {reason(error, path)}.", 2)
    from ..recorded import Recorded
    from .main import start_app

    recorded = Recorded(str(path), presented=present, masked=mask is not None)
    sys.exit(start_app("practice", record=True, recording=recorded))
