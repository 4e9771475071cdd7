"""A plan: the steps of a procedure in the form for display, remaining and completed ones.

The purpose of each command comes from facts.commands, the effect of skipping it from
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
    """The object that performs the steps of a procedure, on a connection of either driver."""

    async def perform(self, step: Step, in_flight: InFlight, /) -> Any: ...
    def forget(self, in_flight: InFlight, /) -> None: ...


CONNECT, TLS = "connect", "TLS"
"""The verbs of the steps that are not commands."""


class Planned(msgspec.Struct, frozen=True):
    """A step to come: `data` exactly as it would go out, secrets in `shown` and its repr masked.

    `verb` is that of the command ("." for the message), "connect" or "TLS"; `words` say what it
    is for; `skipping` what leaving it out means, empty where that cannot be. `edited` says that
    `data` is what a person made of it. For a message, or its first chunk, `size` is what it has
    in octets (dots not doubled), where that is known, and `data` may be its first part only;
    `traits` are its other properties, its faults among them.
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
        """Whether it contains a secret."""
        return self.shown != self.data or self.unknown

    @property
    def unknown(self) -> bool:
        """Whether its bytes are not known yet, as they answer a future challenge."""
        return self.verb == AUTH_RESPONSE and not self.data

    def __repr__(self) -> str:
        edited = ", edited" if self.edited else ""
        return f"Planned({self.verb!r}, {self.shown!r}{edited})"


class Done(msgspec.Struct, frozen=True):
    """A step that was taken: what went out, the reply, and how many seconds it took.

    `planned` is the step as it came, `reply` the answer, None where it has none (yet), and
    `seconds` what that took. `edited` and `skipped` say what a person did with it, `error` what
    went wrong, as a sentence, or empty. `further` are the replies after the first one: in LMTP the
    message has one a recipient.
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
        """Whether the server refused the step, entirely or (LMTP, PRDR) for one recipient."""
        replies = self.further if self.reply is None else (self.reply, *self.further)
        return any(not 200 <= reply.code <= 399 for reply in replies)


def planned(
    step: Step, conversation: Conversation, edited: bytes | None = None, *, foreseen: bool = False
) -> Planned:
    """A step in the form for display; `edited` are the bytes sent in its place.

    `foreseen` says that steps come before it, so that the answer to a challenge is not known.
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
    """The properties of the message that a step sends; None if unknown or there is no message."""
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
