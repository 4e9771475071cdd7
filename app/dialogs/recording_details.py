"""The texts about a recording in the list: its list entry, and the details next to the list."""

from __future__ import annotations

import time
from itertools import islice
from pathlib import Path

from textual.content import Content

from ...session.archive.recordings import Kept
from ...session.archive.summary import Summary
from ...session.events import CLIENT
from ...session.plural import plural
from ...session.private_file import reason
from ...session.record.masking import KnownSecrets
from ...session.record.reader import RecordedRow, Recording, RecordingError
from ...session.visible import beginning, visible, visible_text
from ...widgets.base.columns import beside

PREVIEWED = 200  # entries shown of one recording
LONGEST = 300  # octets shown of a line
_COLUMN = 10


def when(each: Kept) -> str:
    """Return the local time at which a recording began."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(each.summary.began))


def _date_and_outcome(each: Kept) -> str:
    """Return the local date and time at which a recording began, and its outcome."""
    began = time.localtime(each.summary.began)
    return f"{time.strftime('%m-%d %H:%M', began)}  {each.summary.outcome}"


def row(each: Kept, secrets: KnownSecrets, *, marked: bool) -> Content:
    """Return the list entry of a recording: number, name, server, and the match of a search.

    Without a search, the recording's date and outcome are shown instead of a match. A recording
    marked for comparison has a >, and a pinned one has a *.
    """
    name = secrets.mask_names(visible_text(each.label.name))
    return Content.assemble(
        (">" if marked else " ", "bold $text-accent"),
        (f"{each.number:>3}{'*' if each.label.pinned else ' '}", "dim"),
        (f"{name} " if name else "", "bold"),
        secrets.mask_target(each.summary.target) or "unknown server",
        "\n     ",
        (secrets.mask_names(each.excerpt or _date_and_outcome(each)), "dim"),
    )


def details(each: Kept, secrets: KnownSecrets, width: int) -> Content:
    """Return what is known about a recording, followed by its first lines."""
    summary, mask = each.summary, secrets.mask_names
    codes = ", ".join(f"{code} ({count})" for code, count in sorted(summary.codes.items()))
    rows = [
        ("name", mask(visible_text(each.label.name)) or "none"),
        ("server", secrets.mask_target(summary.target) or "unknown"),
        ("address", mask(visible_text(summary.peer)) or "not connected"),
        ("began", when(each)),
        ("duration", f"{max(0.0, summary.ended - summary.began):.1f} s"),
        ("outcome", mask(summary.outcome)),
        ("ended", visible_text(summary.cause) or "recording incomplete"),
        ("envelope", _envelope(summary, secrets) or "none"),
        ("replies", codes or "none"),
        ("size", f"{plural(summary.rows, '{} line')}, {plural(each.size, '{} byte')}"),
        ("pinned", "yes: never deleted to make room" if each.label.pinned else "no"),
    ]
    parts = [Content.styled("Recording", "bold $text-accent")]
    for head, words in rows:
        parts += beside(head, words, column=_COLUMN, width=width, bold="dim")
    parts += [Content(""), Content.styled("Beginning", "bold $text-accent")]
    return Content("\n").join([*parts, *_beginning(each.path, secrets)])


def _envelope(summary: Summary, secrets: KnownSecrets) -> str:
    """Return the sender and recipients, masked if names are masked.

    Names without a domain, as in LMTP, are masked too.
    """
    stand_ins = secrets.stand_ins
    if stand_ins is None:
        return summary.envelope
    sender = summary.sender
    return Summary(
        sender=stand_ins.mask_user(sender) if sender else sender,
        recipients=[stand_ins.mask_user(each) for each in summary.recipients],
    ).envelope


def _beginning(path: Path, secrets: KnownSecrets) -> list[Content]:
    """Return the first lines of a recording, in a form that is safe to show."""
    lines: list[Content] = []
    try:
        with Recording(path) as recording:
            for entry in islice(recording.entries(), PREVIEWED):
                if isinstance(entry, RecordedRow) and not entry.body:
                    mine = entry.direction is CLIENT
                    data = beginning(entry.data.rstrip(b"\r\n"), LONGEST)
                    if secrets.stand_ins is not None:
                        data = secrets.stand_ins.mask(data)
                    said = visible(data)
                    lines.append(Content.styled(f"{'C' if mine else 'S'}: {said}",
                                                "bold" if mine else ""))  # fmt: skip
    except (OSError, RecordingError) as error:
        why = reason(error, path) if isinstance(error, OSError) else str(error)
        lines.append(Content.styled(f"Cannot read the recording: {why}", "$text-warning"))
    return lines
