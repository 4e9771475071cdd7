"""A plan: the remaining and completed steps of a procedure, in a form for display.

The purpose of each command comes from facts.commands, and the effect of skipping it from
steps.SKIPPING.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from ..facts.commands import COMMANDS
from ..procedures.steps import SKIPPING, Dial, Send, StartTls, Step
from ..protocol.message_syntax import MessageTraits, traits_of
from ..protocol.transparency import unstuff
from ..reply import Reply
from ..verbs import AUTH_RESPONSE, END_OF_DATA, LAST_CHUNKS

if TYPE_CHECKING:
    from ..driver.reply_waiters import InFlight
    from ..protocol.conversation import Conversation

_OWN_WORDS = {
    ".": "the message, and the dot that ends it",
    "(auth)": "the answer to the challenge",
    "BDAT LAST": "the last chunk of the message",
}


class Performs(Protocol):
    """An object that performs a procedure's steps on a connection, in either driver."""

    async def perform(self, step: Step, in_flight: InFlight, /) -> Any: ...
    def forget(self, in_flight: InFlight, /) -> None: ...


CONNECT, TLS = "connect", "TLS"
"""The verbs of the steps that are not commands."""


class Planned(msgspec.Struct, frozen=True):
    """A step to come, with the data that it will send.

    `data` is exactly what will be sent; its secrets are masked in `shown` and in the repr. `verb`
    is the command's verb ("." for the message), "connect" or "TLS". `words` says what the step is
    for. `skipping` describes the effect of skipping the step, and is empty if the step cannot be
    skipped. `edited` is true if the user has changed `data`. For a message or its first chunk,
    `size` is the size of the message in octets (dots not doubled) if known, `data` may be only the
    first part of the message, and `traits` are its other properties, including its faults.
    """

    verb: str
    words: str
    data: bytes = b""
    shown: bytes = b""
    skipping: str = ""
    edited: bool = False
    size: int | None = None
    traits: MessageTraits | None = None

    @property
    def secret(self) -> bool:
        """Whether the step contains a secret."""
        return self.shown != self.data or self.unknown

    @property
    def unknown(self) -> bool:
        """Whether the step's bytes are not known yet, because they answer a future challenge."""
        return self.verb == AUTH_RESPONSE and not self.data

    def __repr__(self) -> str:
        edited = ", edited" if self.edited else ""
        return f"Planned({self.verb!r}, {self.shown!r}{edited})"


class Done(msgspec.Struct, frozen=True):
    """A step that was taken or skipped: what was sent, the reply, and how many seconds it took.

    `planned` is the step as it was planned. `reply` is None if no reply has arrived. `seconds` is
    the time from sending to the reply. `edited` and `skipped` say what the user did with the step.
    `error` is a sentence that says what went wrong, or "". `further` holds the replies after the
    first reply: in LMTP, a message gets one reply for each recipient.
    """

    planned: Planned
    reply: Reply | None = None
    seconds: float = 0.0
    edited: bool = False
    skipped: bool = False
    error: str = ""
    further: tuple[Reply, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether the server refused the step, entirely or (LMTP, PRDR) for some recipient."""
        replies = self.further if self.reply is None else (self.reply, *self.further)
        return any(not 200 <= reply.code <= 399 for reply in replies)


def planned(
    step: Step, conversation: Conversation, edited: bytes | None = None, *, foreseen: bool = False
) -> Planned:
    """Return a step in its form for display. If `edited` is given, it replaces the step's bytes.

    `foreseen` is true if other steps come first, so that an AUTH response cannot be known yet.
    """
    match step:
        case Send(verb=verb) if foreseen and verb == AUTH_RESPONSE:
            return Planned(verb, _OWN_WORDS[verb])
        case Send(data=data, verb=verb, content=content):
            if edited is not None:
                data = edited
            fact = COMMANDS.get(verb)
            words = _OWN_WORDS.get(verb) or (fact.summary if fact is not None else "")
            return Planned(
                verb,
                words,
                data,
                conversation.mask_next(data),
                SKIPPING.get(verb, ""),
                edited is not None,
                content.size if content is not None and edited is None else None,
                _traits(step, edited),
            )
        case Dial(target=target):
            return Planned(CONNECT, f"connect to {target.shown}")
        case StartTls():
            return Planned(TLS, "the TLS handshake")
        case _:
            return Planned("", "")


def _traits(step: Send, edited: bytes | None) -> MessageTraits | None:
    """Return the properties of the message that a step sends.

    Return None if they are unknown, or if the step does not send a message.
    """
    if edited is None:
        try:
            return step.content.traits if step.content is not None else None
        except OSError:  # reported when it is to be sent
            return None
    if step.verb == END_OF_DATA:
        return traits_of([unstuff(edited.removesuffix(b".\r\n"))])
    if step.verb in ("BDAT", *LAST_CHUNKS):
        return traits_of([edited.partition(b"\n")[2]])
    return None
