r"""Reads heloscope's own exports: text, Markdown (and saved panes), and HTML.

Recordings and captures are read elsewhere. In these formats, characters that cannot be printed
appear as escapes such as \x1b.
"""

from __future__ import annotations

import datetime
import html
import re

from .entries import CLIENT, CLOSED, CONNECTED, NOTE, OMITTED, SERVER, TLS, Entries, Entry, Lines

# The time of day, or the seconds since a beginning of unknown date (session/record/text.py).
_TEXT = re.compile(
    r"(?:(?P<at>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)| {0,7}(?P<seconds>\d{1,9}\.\d{3}) |)"
    r" ?(?:(?P<side>[CS]):(?: (?P<text>.*))?|-- (?P<fact>.*))\Z",
    re.DOTALL,
)
# The format of the pane and of Markdown: the time since the line before, in eight columns.
_SHOWN = re.compile(
    r"(?P<passed>[ +\dhms.]{8})  (?:(?P<side>[CS]):(?: (?P<text>.*))?|── (?P<fact>.*) ──)\Z",
    re.DOTALL,
)
_CELLS = re.compile(
    r"<span><time>([^<]*)</time><b>([CS]?)</b><code>((?:[^<]|</?b>)*)</code></span>"
)
_BEGAN = re.compile(
    r"(?:- Began: |<dt>Began</dt><dd>)(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.\d+)? UTC"
)
_PASSED = re.compile(r"\+(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6}(?:\.\d{1,6})?)s?)?\Z")
_PEER = re.compile(r"connected to (\S+)")
_AGREED = re.compile(r"TLS:? ?(?:TLS)?v?([\d.]+),?  ?([A-Z\d_-]+)")
_NOT_SHOWN = re.compile(r"message, [\d,]{1,12} lines?, .{1,40}, not shown\Z")


def read_own_text(lines: Lines) -> Entries:
    """Read the text written by `heloscope export --to text`."""
    for line in lines:
        found = _TEXT.match(line)
        if found is None:
            continue
        at = found["at"] or (_clock(float(found["seconds"])) if found["seconds"] else "")
        if found["side"]:
            yield _line(found["side"], found["text"] or "", at)
        elif not found["fact"].startswith("violation: "):
            yield _fact(found["fact"], at)


def read_own_markdown(lines: Lines) -> Entries:
    """Read a Markdown export, or a pane that was saved or copied."""
    times = _Times()
    for line in lines:
        if times.begins(line, "# "):
            continue
        found = _SHOWN.match(line)
        if found is None:
            continue
        at = times.after(found["passed"].strip())
        if found["side"]:
            yield _line(found["side"], found["text"] or "", at, times.conn)
        else:
            yield _fact(found["fact"], at, times.conn)


def read_own_html(lines: Lines) -> Entries:
    """Read an HTML export, skipping its explanations."""
    times = _Times()
    at, within = "", False
    for line in lines:
        if line.startswith("<pre>"):
            line, within = line.removeprefix("<pre>"), True
        if within:
            within = not line.startswith("</pre>")
            if within:
                yield _line(CLIENT, html.unescape(line), at, times.conn)
            continue
        if times.begins(line, "<h1>") or line.startswith('<div class="why">'):
            continue
        for passed, side, shown in _CELLS.findall(line):
            text = html.unescape(shown.replace("<b>", "").replace("</b>", ""))
            at = times.after(passed)
            if side:
                yield _line(side, text, at, times.conn)
            else:
                yield _fact(text.removeprefix("── ").removesuffix(" ──"), at, times.conn)


class _Times:
    """Converts times that are relative to the preceding line, in consecutive conversations."""

    def __init__(self) -> None:
        self._base = self._passed = 0.0
        self._count = 0

    @property
    def conn(self) -> str:
        """An identifier for the current conversation in the file."""
        return str(self._count)

    def begins(self, line: str, heading: str) -> bool:
        """Start a conversation if `line` is its heading, or record the start time that it gives.

        Return whether the line is a heading or gives a start time.
        """
        if line.startswith(heading):
            self._count += 1
            self._base = self._passed = 0.0
            return True
        found = _BEGAN.match(line)
        if found is None:
            return False
        try:
            when = datetime.datetime.fromisoformat(found[1]).replace(tzinfo=datetime.UTC)
            self._base = when.timestamp()
        except ValueError:
            self._base = 0.0
        return True

    def after(self, passed: str) -> str:
        """Return the time of a line, as logs write it, given the time since the preceding line."""
        if found := _PASSED.match(passed):
            hours, minutes, seconds = (float(each or 0) for each in found.groups())
            self._passed += hours * 3600 + minutes * 60 + seconds
        if self._base > 0:
            return f"{self._base + self._passed:.3f}"
        return _clock(self._passed)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours % 24:02}:{minutes:02}:{rest:06.3f}"


def _line(side: str, text: str, at: str, conn: str = "") -> Entry:
    if _NOT_SHOWN.match(text):
        return Entry(NOTE, text, OMITTED, at, conn=conn)
    return Entry(CLIENT if side == CLIENT else SERVER, text, at=at, conn=conn)


def _fact(fact: str, at: str, conn: str = "") -> Entry:
    """Convert the words that describe a fact to an entry."""
    if found := _PEER.match(fact):
        return Entry(CONNECTED, found[1], at=at, conn=conn)
    if fact == "connected":
        return Entry(CONNECTED, at=at, conn=conn)
    if found := _AGREED.match(fact):
        cipher = found[2]
        if found[1] == "1.3":  # the pane omits their common prefix (RFC 8446, B.4)
            cipher = f"TLS_{cipher.removeprefix('TLS_')}"
        return Entry(TLS, at=at, conn=conn, version=f"TLSv{found[1]}", cipher=cipher)
    words = fact.removeprefix("disconnected: ")
    if words.startswith("closed by"):
        by = SERVER if words.startswith("closed by the server") else CLIENT
        return Entry(CLOSED, kind=by, at=at, conn=conn)
    if words != fact:
        return Entry(CLOSED, at=at, conn=conn)
    if _NOT_SHOWN.match(fact):
        return Entry(NOTE, fact, OMITTED, at, conn=conn)
    return Entry(NOTE, fact, "info", at, conn=conn)
