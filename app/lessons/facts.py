"""The events fed to a lesson, and the facts with which its patterns are compared.

The session provides its events (session/events.py). The program around a lesson adds those that no
byte shows: `Saw`, `Said`, `Delivered` and, about once a second, `Tick`. `witness` converts both to
facts.
"""

from __future__ import annotations

import msgspec

from ...session.events import Event


class Saw(Event, frozen=True):
    """The learner looked at something of the kind `what`, one of vocabulary.SEEN.

    `name` or `row` identifies what was looked at.
    """

    what: str
    name: str = ""
    row: int | None = None


class Said(Event, frozen=True):
    """The learner answered the question with the ID `question` by choosing `key`."""

    question: str
    key: str


class Delivered(Event, frozen=True):
    """A message arrived at the practice server.

    `sender` and `recipients` are without brackets. `content` is the message as received.
    `delivered` is the message as stored in the mailbox, with the trace fields on top, or b"" if
    only `content` is known.
    """

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    delivered: bytes = b""


class Tick(Event, frozen=True):
    """The time is `at`; nothing else has happened."""


class Began(Event, frozen=True):
    """A mark in a recording: a step began. `anew` is true if the lesson began with this step."""

    step: str
    anew: bool = False


class Did(Event, frozen=True):
    """A mark in a recording: a step was done after `misses` failed attempts."""

    step: str
    misses: int = 0


# Facts: patterns are compared with these, and with events that need no conversion.


class Command(Event, frozen=True):
    r"""A command from the client: its verb, its line, and the state in which it was sent.

    `decoded` is an AUTH response decoded from base64, with NUL shown as \0. `alone` is true if no
    earlier command was still awaiting its reply.
    """

    row: int
    verb: str
    line: str
    decoded: str
    tls: bool
    state: str
    alone: bool


class Reply(Event, frozen=True):
    """A complete reply to the command `line`, whose verb is `to`.

    `to` is "greeting" for the greeting, and "" for any other reply that answers no command. `rules`
    are the rules that the command broke, and `state` is the state in which the command was sent.
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
    """A rule was broken in the row whose text is `line`."""

    rule: str
    line: str
    detail: str
    row: int


class SeenRow(Event, frozen=True):
    """The learner looked at a row with this text, side, and place in its reply."""

    line: str
    side: str
    reply: Reply | None
    place: str
    rules: frozenset[str]
    row: int


class Quiet(Event, frozen=True):
    """Nothing has been sent for `seconds`. `before` is that duration at the last report."""

    seconds: float
    before: float
    due: bool
    state: str


class Mail(msgspec.Struct, frozen=True):
    """A parsed message: its header fields in order, and its body with LF line endings."""

    fields: tuple[tuple[str, str], ...]
    body: str

    def values(self, name: str) -> list[str]:
        """Return the values of the fields with this name."""
        return [value for field, value in self.fields if field.casefold() == name.casefold()]


def read_mail(content: bytes) -> Mail:
    """Parse a message (RFC 5322 section 2.1).

    The header section ends at the first line that is not a field. The text after it is the body,
    even if no empty line precedes it.
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
