"""`Reply`: the pair (code, text) that the asyncio driver returns for a reply, with its event."""

from __future__ import annotations

from collections import namedtuple
from typing import TYPE_CHECKING, NamedTuple, cast

from .events import ReplyReceived

if TYPE_CHECKING:
    from collections.abc import Callable

# Past the named tuple's own __new__, which costs more; that of tuple is typed incompletely.
_new = cast(
    "Callable[[type[Reply], tuple[int, bytes]], Reply]",
    tuple.__new__,  # pyright: ignore[reportUnknownMemberType]
)


if TYPE_CHECKING:

    class _Pair(NamedTuple):
        code: int
        text: bytes

else:  # created in a quarter of the time
    _Pair = namedtuple("_Pair", ("code", "text"))


class Reply(_Pair):
    """A server's reply, which unpacks as `(code, text)` and equals that pair.

    `code` is an int, or -1 if the reply does not begin with a number, as in smtplib. `text` is
    bytes: the lines of the reply without their codes, joined by LF. If a reply is longer than 4
    MiB, `text` contains only its beginning; the rows of the transcript contain all of it. `event`
    is the ReplyReceived event, which gives the numbers of these rows.
    """

    event: ReplyReceived

    def __new__(cls, code: int, text: bytes, event: ReplyReceived) -> Reply:
        self = _new(cls, (code, text))
        self.event = event
        return self

    def __getnewargs__(self) -> tuple[int, bytes, ReplyReceived]:
        """Return the arguments from which copy and pickle recreate the reply, with its event."""
        return self.code, self.text, self.event

    @property
    def enhanced(self) -> str | None:
        """The enhanced status code (RFC 3463), such as "5.1.1", or None if the reply has none."""
        return self.event.enhanced


def made_reply(code: int, text: bytes, event: ReplyReceived) -> Reply:
    """Return `Reply(code, text, event)`, created faster than by calling the class."""
    reply = _new(Reply, (code, text))
    reply.event = event
    return reply
