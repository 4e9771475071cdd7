r"""Reads the log of an unknown program in which each side has its own mark.

The server's mark is the text before the code of most replies, and the client's mark is the text
before the verb of most commands. Numbers in a mark, such as a time, may differ. Thus `RECV: 250
ok`, `[0x1] Sent 8 bytes: '250 ok\r\n'` and `read(3, "250 ok\r\n", 4096) = 8` are all understood.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from ..facts.extensions import EXTENSIONS
from .bare import VERB
from .counted import pattern_of, shape_of
from .entries import CLIENT, NOTE, SERVER, Entries, Entry, Lines
from .literals import unescape
from .sampled import SAMPLE

# A line of either side, after the text that a log may write before it.
SIGN = r".{1,200}?(?<![\w.+-])220[ -]"
_REPLY = r"[2-5]\d\d(?:[ -]|\W{0,8}\Z)"
_SMTP = re.compile(rf"(?<![\w.+-])(?:(?P<reply>{_REPLY})|{VERB.pattern})", re.IGNORECASE)
_ENDS = re.compile(r"\\r\\n|\\015\\012|\\x0d\\x0a|<CR><LF>|<CRLF>", re.IGNORECASE)
_OWN_END = re.compile(rf"(?i)(?<=>)(?:{_ENDS.pattern})\Z|(?:\\r\\n|\\015\\012|\\x0d\\x0a)\Z")
_BLANKS = re.compile(r" {2,}")
_LONGEST = 200  # characters of a mark


def read_two_marks(lines: Lines) -> Entries:
    """Read the lines of both sides. Yields nothing if marks do not distinguish the sides."""
    found: dict[str, Counter[str]] = {SERVER: Counter(), CLIENT: Counter()}
    for line in lines[:SAMPLE]:
        said = _SMTP.search(line[: _LONGEST + 20])
        if said is not None and line[: said.start()].strip():
            side = CLIENT if said["reply"] is None else SERVER
            found[side][_shape(line[: said.start()])] += 1
    if not (found[SERVER] and found[CLIENT]):
        return
    (server, replies), (client, _) = (
        found[SERVER].most_common(1)[0],
        found[CLIENT].most_common(1)[0],
    )
    if server == client or replies < 2:
        return
    marks = sorted(((server, SERVER), (client, CLIENT)), key=lambda mark: -len(mark[0]))
    patterns = [(_pattern(mark), mark[-1], side) for mark, side in marks]
    yield from _with_more(_marked(lines, patterns))


def _shape(mark: str) -> str:
    """Return the shape of a mark, with each run of spaces reduced to one space."""
    return _BLANKS.sub(" ", shape_of(mark))


def _pattern(shape: str) -> re.Pattern[str]:
    head, last = (shape[:-1], " ") if shape.endswith(" ") else (shape, "")
    return re.compile(pattern_of(head).replace("\\ ", " {1,80}") + last)


def _marked(lines: Lines, patterns: list[tuple[re.Pattern[str], str, str]]) -> Iterator[Entry]:
    """Yield the lines of each side, and a note for each other line, which may belong to a reply."""
    for line in lines:
        for pattern, last, side in patterns:
            whole = line if last != " " or line.endswith(" ") else f"{line} "  # of an empty line
            if (begins := pattern.match(whole)) is None:
                continue
            text = line[begins.end() :].rstrip("\r")
            if last in "'\"" and last in text:
                text = text[: text.rindex(last)]
            pieces = [piece for piece in _ENDS.split(text) if piece] or [""]
            if side == SERVER and not all(re.match(_REPLY, piece) for piece in pieces):
                pieces = [_OWN_END.sub("", text)]  # as of 354 End with <CRLF>.<CRLF>
            if last in "'\"":
                pieces = list(map(unescape, pieces))
            if side == CLIENT or re.match(_REPLY, pieces[0]):
                yield from (Entry(side, piece) for piece in pieces)
            break
        else:
            yield Entry(NOTE, line.strip())


def _with_more(found: Iterator[Entry]) -> Entries:
    """Add the lines of a reply that a log writes without a mark.

    Go's SMTP client also removes their codes. These are restored if the reply to EHLO continues
    with the names of extensions.
    """
    reply: list[str] = []
    greets = False
    for entry in found:
        more = entry.text
        if entry.what == NOTE:
            code, hyphen = (reply[-1][:3], reply[-1][3:4]) if reply else ("", "")
            if hyphen == "-" and more.startswith((f"{code} ", f"{code}-")):
                reply.append(more)
            elif greets and code == "250" and hyphen == " " and _keyword(more):
                reply[-1] = f"250-{reply[-1][4:]}"
                reply.append(f"250 {more}")
            continue
        yield from (Entry(SERVER, line) for line in reply)
        reply = [more] if entry.what == SERVER else []
        if entry.what == CLIENT:
            greets = more[:4].upper() in ("EHLO", "LHLO")
            yield entry
    yield from (Entry(SERVER, line) for line in reply)


def _keyword(line: str) -> bool:
    return re.split(r"[ =]", line, maxsplit=1)[0].upper() in EXTENSIONS
