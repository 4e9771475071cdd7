"""`Reply`: what the asyncio driver returns, (code, text) as in smtplib, with its event."""

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
    """A reply: unpacks as `(code, text)`, and equals that pair.

    `code` is -1 if the reply does not begin with one, as in smtplib. `text` is bytes, the lines
    of a multi-line reply joined by LF, without their codes; `event`
    is the ReplyReceived, which leads to the rows; `enhanced` its enhanced status code or None.
    Of a reply of more than 4 MiB, `text` is only the beginning; the rows hold all of it.
    """

    event: ReplyReceived

    def __new__(cls, code: int, text: bytes, event: ReplyReceived) -> Reply:
        self = _new(cls, (code, text))
        self.event = event
        return self

    def __getnewargs__(self) -> tuple[int, bytes, ReplyReceived]:
        """The arguments for a copy or an unpickled reply, with its event."""
        return self.code, self.text, self.event

    @property
    def enhanced(self) -> str | None:
        """The enhanced status code (RFC 3463), such as "5.1.1"; None if the reply has none."""
        return self.event.enhanced


def made_reply(code: int, text: bytes, event: ReplyReceived) -> Reply:
    """`Reply(code, text, event)`, without the call of a class, which costs half as much again."""
    reply = _new(Reply, (code, text))
    reply.event = event
    return reply
