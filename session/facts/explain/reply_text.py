"""A reply as text, independent of any connection: its code, its enhanced code and its lines."""

from __future__ import annotations

import re
from typing import NamedTuple

MOST_REPLIES = 1000  # of one text, read at most

_CODE = re.compile(rb"(\d{3})(?:([ -])(.*))?\Z", re.DOTALL)
_ENHANCED = re.compile(r"#?([245]\.\d{1,3}\.\d{1,3})(?=\s|\Z)")  # Cisco writes #5.1.0
_FIRST = re.compile(rf"\A{_ENHANCED.pattern}")


class ReplyText(NamedTuple):
    """A reply as text; `code` is -1 if it does not begin with three digits.

    `enhanced` is the enhanced code as the server sent it, even if it contradicts the code. `text`
    consists of the lines without reply codes, joined by newlines. `known` is False if the reply
    comes from a log that contains only the codes, not the texts.
    """

    code: int
    enhanced: str | None = None
    text: bytes = b""
    known: bool = True

    @property
    def words(self) -> str:
        """The text in one line, without reply codes and enhanced codes, for rules to search."""
        lines = self.text[:4000].decode("utf-8", "replace").splitlines()
        return " ".join(" ".join(_FIRST.sub("", line.lstrip(), count=1) for line in lines)
                        .split())  # fmt: skip

    @property
    def fitting(self) -> str | None:
        """The enhanced code if its class matches the reply code (RFC 2034 section 4), or None."""
        if self.enhanced and self.enhanced[0] == str(self.code // 100):
            return self.enhanced
        return None


def read_replies(data: bytes) -> list[ReplyText]:
    """Return the replies in `data`, whose lines end with LF or CRLF.

    A line without a code counts as a reply of its own. If the first line has no code, `data` comes
    from a server of another protocol and is returned as one reply.
    """
    if _CODE.match(data.split(b"\n", 1)[0].rstrip(b"\r")) is None:
        return [ReplyText(-1, None, data)]
    found: list[ReplyText] = []
    lines: list[bytes] = []
    code = -1
    for line in data.replace(b"\r\n", b"\n").rstrip(b"\n").split(b"\n"):
        match = _CODE.match(line)
        if match is None:
            found.append(ReplyText(-1, None, line))
            continue
        code = int(match[1])
        lines.append(match[3] or b"")
        if match[2] == b"-":
            continue
        found.append(_reply(code, lines))
        lines = []
        if len(found) >= MOST_REPLIES:
            break
    if lines:
        found.append(_reply(code, lines))
    return found


def _reply(code: int, lines: list[bytes]) -> ReplyText:
    text = b"\n".join(lines)
    match = _ENHANCED.match(lines[0].decode("utf-8", "replace").lstrip())
    return ReplyText(code, match[1] if match else None, text)
