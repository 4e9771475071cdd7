"""The two sides of a comparison (recordings, logs or the session), with their names."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ...session.comparison.differences import compare
from ...session.protocol.dialogue import dialogue
from ...session.record.label import label_of
from ...session.record.masking import KnownSecrets
from ...session.record.transcript import Transcript
from ...session.visible import visible_text
from ..advice import do
from ..dialogs.requests import Comparison
from .opened import OpenedRecording, OpenError, Told, read_recording

if TYPE_CHECKING:
    from ...session.aio.session import Session


_DATED = 366 * 86400.0  # seconds since 1970: a smaller value counts from a start of unknown date


class Side(NamedTuple):
    """A conversation to compare, with its `name`.

    `missing` describes what could not be read, or is "".
    """

    name: str
    transcript: Transcript
    missing: str = ""


async def recording_of(name: str, secrets: KnownSecrets, told: Told | None = None) -> Side:
    """Read a recording or log from a file. `told(percent)` reports progress. Raises OpenError."""
    opened = await read_recording(name, secrets, told=told)
    transcript = opened.conversation.transcript
    return Side(title_of(opened, transcript, secrets), transcript, opened.missing)


def title_of(opened: OpenedRecording, transcript: Transcript, secrets: KnownSecrets) -> str:
    """Return the title of a recording above a comparison: its name, or else its file name.

    While names are masked, the file name is omitted because it contains the server's name.
    """
    given = label_of(opened.path).name
    if not given:
        given = opened.path.name if secrets.stand_ins is None else opened.sort
    server = secrets.mask_target(visible_text(opened.target))
    called = secrets.mask_names(visible_text(given))
    return head(called, server, transcript, timed=opened.timed)


def session_of(session: Session | None, secrets: KnownSecrets) -> Side:
    """Return the current session as one side of a comparison. Raises OpenError if there is none."""
    if session is None:
        raise OpenError(
            "No conversation to compare the recording with. "
            f"{do('connect')} starts one; in {do('recordings')}, Space marks two to compare."
        )
    target = session.target
    called = secrets.mask_target(target.shown) if target is not None else "the session"
    return Side(f"{called}, now", session.transcript)


def head(name: str, server: str, transcript: Transcript, *, timed: bool = True) -> str:
    """Return the heading of a side of a comparison: its name, server, and start time (UTC)."""
    words = [server] if server and server not in name else []
    if timed and len(transcript) and (began := transcript.wall(transcript.time(0))) > _DATED:
        from ..export.lines import utc

        words.append(utc(began))
    return f"{name} ({', '.join(words)})" if words else name


def compared(left: Side, right: Side) -> Comparison:
    """Compare the two sides, and return the request that shows them."""
    rows = compare(dialogue(left.transcript), dialogue(right.transcript))
    return Comparison(left.name, right.name, rows)
