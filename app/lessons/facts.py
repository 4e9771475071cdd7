"""What a lesson is told, and what its patterns are compared with.

The session tells its events (session/events.py). The program around a lesson tells what no byte
shows: `Saw`, `Said`, `Delivered` and, once a second or so, `Tick`. `witness` makes facts of both.
"""

from __future__ import annotations

import msgspec

from ...session.events import Event


class Saw(Event, frozen=True):
    """The learner looked at something: a `what` of vocabulary.SEEN, its `name`, or a row."""

    what: str
    name: str = ""
    row: int | None = None


class Said(Event, frozen=True):
    """The learner chose the answer `key` to a question of the present step."""

    question: str
    key: str


class Delivered(Event, frozen=True):
    """A message arrived at the practice server.

    `sender` and `recipients` are without brackets, `content` is the message as received, and
    `delivered` as stored in the mailbox, with the trace fields on top; b"" if it is the same.
    """

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    delivered: bytes = b""


class Tick(Event, frozen=True):
    """The time is `at`, and nothing else has happened."""


class Began(Event, frozen=True):
    """A step began: marks its place in a recording. `anew`: the lesson began with it."""

    step: str
    anew: bool = False


class Did(Event, frozen=True):
    """A step was done, after this many misses: marks it in a recording."""

    step: str
    misses: int = 0


# Facts: what patterns are compared with, beside the events that already say it all.


class Command(Event, frozen=True):
    """A command of the client: its verb, its line, and the state in which it was sent.

    `decoded` is the response that AUTH carries, from base64, NUL as \\0. `alone` says that no reply
    was due.
    """

    row: int
    verb: str
    line: str
    decoded: str
    tls: bool
    state: str
    alone: bool


class Reply(Event, frozen=True):
    """A whole reply; `to` is the verb that it answers, "greeting" or "", `line` that command.

    `rules` are the rules that the command broke, `state` is the one in which it was sent.
    """

    row: int
    last: int
    code: int
    enhanced: str
    to: str
    line: str
    text: str
    tls: bool
    state: str
    rules: frozenset[str]
    unasked: str


class Row(Event, frozen=True):
    """A row of the transcript; `side` is C or S."""

    row: int
    line: str
    side: str
    part: str
    tls: bool


class Broken(Event, frozen=True):
    """A rule was broken in the row with this text."""

    rule: str
    line: str
    detail: str
    row: int


class SeenRow(Event, frozen=True):
    """The learner looked at a row: its text and side, the reply it belongs to, its place there."""

    line: str
    side: str
    reply: Reply | None
    place: str
    rules: frozenset[str]
    row: int


class Quiet(Event, frozen=True):
    """Nothing was said for `seconds`; `before` is how long it had been when that was last told."""

    seconds: float
    before: float
    due: bool
    state: str


class Mail(msgspec.Struct, frozen=True):
    """A message taken apart: its header fields in order, and its body, lines ended by LF."""

    fields: tuple[tuple[str, str], ...]
    body: str

    def values(self, name: str) -> list[str]:
        """What the fields of this name say."""
        return [value for field, value in self.fields if field.casefold() == name.casefold()]


def read_mail(content: bytes) -> Mail:
    """Take a message apart (RFC 5322 section 2.1): up to the first line that is not a field.

    If no empty line separates it, what follows the last field is body all the same.
    """
    lines = content.decode("utf-8", "surrogateescape").replace("\r\n", "\n").split("\n")
    found: list[tuple[str, str]] = []
    ended = len(lines)
    for place, line in enumerate(lines):
        name, colon, value = line.partition(":")
        if line[:1] in (" ", "\t") and found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
        elif colon and name and name.isprintable() and not any(c.isspace() for c in name):
            found.append((name, value.strip()))
        else:
            ended = place
            break
    body = lines[ended:]
    if body and not body[0]:
        body = body[1:]
    return Mail(tuple(found), "\n".join(body))
