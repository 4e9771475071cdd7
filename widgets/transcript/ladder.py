"""The transcript as a ladder: two lifelines, and each row as an arrow from one to the other.

The client's lifeline is on the left, the server's on the right. A `Rung` is one line of the ladder.
`around` returns what is drawn before and after the text of a rung, both for the pane and for a
saved file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec
from rich.segment import Segment
from rich.style import Style

from ...session.events import KIND_MASK, MESSAGE_KINDS, MORE, SENT, TLS, Connected, TlsStarted
from .layout import FOLD, ROW, LineSource
from .lines import LineText, time_text
from .section import TranscriptSection

AROUND = 6  # cells beside the text: both lifelines, and an arrow with two spaces


class Rung(msgspec.Struct, frozen=True):
    """A line of the ladder. `side` is "C" or "S", or "" for an event between the two.

    `arrow` is true if the line is drawn as an arrow. This is false for the lines of a reply after
    the first one, and for the lines of an unfolded message. `ends` is true if the line names both
    sides.
    """

    side: str
    text: LineText
    time: str = ""
    arrow: bool = False
    tls: bool = False
    ends: bool = False


def rung_at(section: TranscriptSection, spot: LineSource, most: int | None = None) -> Rung:
    """Return the rung for a line. Its text is made from at most `most` octets of the row."""
    transcript = section.transcript
    text, time = section.text(spot, most), time_text(section.layout, spot)
    if spot.kind == ROW:
        flags = transcript.flags(spot.number)
        tls = bool(flags & TLS)
        if flags & SENT:
            body = (flags & KIND_MASK) >> 8 in MESSAGE_KINDS
            return Rung("C", text, time, not body, tls)
        return Rung("S", text, time, not flags & MORE, tls)
    if spot.kind == FOLD:
        tls = bool(transcript.flags(transcript.bodies[spot.number].first) & TLS)
        return Rung("C", text, time, arrow=True, tls=tls)
    event = transcript.mark(spot.number)[1]
    return Rung("", text, time, tls=type(event) is TlsStarted, ends=type(event) is Connected)


def rungs(section: TranscriptSection, height: int) -> Iterator[Rung]:
    """Yield the first `height` rungs of a conversation, each with its complete text."""
    for line in range(min(height, section.layout.height)):
        yield rung_at(section, section.layout.at(line))


def around(rung: Rung, cells: int, width: int) -> tuple[str, str]:
    """Return what a ladder of `width` cells shows before and after a text of `cells` cells."""
    rail = "║" if rung.tls else "│"
    free = max(0, width - AROUND - cells)
    if not rung.side:
        left, right = ("╟", "╢") if rung.tls else ("├", "┤")
        fill = max(0, width - 2 - cells)
        before, behind = "─" * (fill // 2), "─" * (fill - fill // 2)
        if rung.ends and fill >= 2 * len("─ client ─"):
            before = "─ client " + before[len("─ client ") :]
            behind = behind[: -len(" server ─")] + " server ─"
        return left + before, behind + right
    if rung.side == "C":
        if rung.arrow:
            return f"{rail}─ ", f" {'─' * free}▶{rail}"
        return f"{rail}  ", f"{' ' * (free + 1)} {rail}"
    inset = min(free, width // 3)
    if rung.arrow:
        return f"{rail}◀{'─' * (inset + 1)} ", f" {'─' * (free - inset)}{rail}"
    return f"{rail}{' ' * (inset + 3)}", f" {' ' * (free - inset)}{rail}"


def frame(
    rung: Rung, cells: int, width: int, base: Style, style_of: Callable[[str], Style]
) -> tuple[list[Segment], list[Segment]]:
    """Return the parts of `around` as styled segments, with the arrow in its side's colour."""
    before, behind = around(rung, cells, width)
    rail = base + style_of("transcript--rail" if rung.tls else "transcript--dim")
    if not rung.side:
        line = base + style_of(rung.text.style)
    elif rung.side == "C":
        line = base + style_of("transcript--client")
    else:
        line = base + style_of(rung.text.style)
    return (
        [Segment(before[:1], rail), Segment(before[1:], line)],
        [Segment(behind[:-1], line), Segment(behind[-1:], rail)],
    )
