"""The status line: the peer, TLS, the state of the conversation, and its duration.

The line draws the plain values that it is given. Parts that do not fit are omitted entirely, least
important first.
"""

from __future__ import annotations

from typing import ClassVar

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from ...session.plural import plural
from ...session.visible import visible_text

_ADDRESS, _PEER = 4, 9  # their ranks in the order of omission


class StatusLine(Widget):
    """The status line at the top of the screen."""

    DEFAULT_CSS = """
    StatusLine {
        height: 1;
        padding: 0 1;
        background: $panel;
        color: $foreground;
    }
    """
    ALLOW_SELECT = False

    peer: reactive[str] = reactive("")
    """The peer as host:port or by its name; empty if there is no connection."""
    address: reactive[str] = reactive("")
    """The peer's host:port, shown after `peer` if `peer` is a name.

    If space is short, the address is omitted before the state is.
    """
    tls: reactive[str] = reactive("")
    """The TLS version; empty if TLS is not used."""
    unverified: reactive[bool] = reactive(False)
    """Whether the user accepted a certificate that failed verification. Never omitted."""
    state: reactive[str] = reactive("not connected")
    """The state of the conversation in words. Text between asterisks is bold."""
    user: reactive[str] = reactive("")
    """The name of the user who is logged in; empty if nobody is."""
    waiting: reactive[str] = reactive("")
    """What heloscope is waiting for, and for how long; empty if it is not waiting."""
    lines: reactive[int] = reactive(0)
    """The number of lines sent and received."""
    elapsed: reactive[int] = reactive(0)
    """The number of seconds since the connection was established."""

    SEPARATOR: ClassVar[Content] = Content("  ")

    def render(self) -> Content:
        parts: list[tuple[int, Content]] = []  # (rank in the order of omission, part)
        if self.peer:
            parts.append((_PEER, _peer(f"{self.peer} {self.address}".rstrip())))
        if self.tls and self.unverified:
            # Never omitted, whatever the width: the peer's name would go first.
            parts.append((10, Content.assemble((f"{self.tls} not verified", "bold $text-error"))))
            parts.append((5, Content.styled("accepted by you", "$text-error")))
        elif self.tls:
            parts.append((8, Content.styled(self.tls, "$accent")))
        words = self.state.split("*")
        state = Content.assemble(
            *((word, "bold" if number % 2 else "") for number, word in enumerate(words))
        )
        parts.append((7, state))
        if self.waiting:
            parts.append((6, Content.styled(self.waiting, "$text-warning")))
        if self.user:
            parts.append((3, Content.styled(f"as {visible_text(self.user)}", "dim")))
        if self.lines:
            parts.append((2, Content.styled(plural(self.lines, "{} line"), "dim")))
        if self.elapsed or self.lines:
            parts.append((1, Content.styled(clock(self.elapsed), "dim")))
        width = max(1, self.content_size.width)
        whole = True
        while len(parts) > 1 and self._width(parts) > width:
            least = min(parts, key=lambda part: part[0])
            if whole and self.address and least[0] > _ADDRESS:
                parts[0] = (_PEER, _peer(self.peer))
                whole = False
            else:
                parts.remove(least)
        line = self.SEPARATOR.join([part for _, part in parts])
        return line.truncate(width, ellipsis=True)

    def _width(self, parts: list[tuple[int, Content]]) -> int:
        return sum(part.cell_length for _, part in parts) + 2 * (len(parts) - 1)


def _peer(peer: str) -> Content:
    host, colon, port = visible_text(peer).rpartition(":")
    return Content.assemble((host, "bold"), f":{port}") if colon else Content(port)


def clock(seconds: float) -> str:
    """Format seconds as mm:ss, or as h:mm:ss for an hour or more."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"
