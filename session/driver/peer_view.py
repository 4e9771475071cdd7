"""`PeerView`: how procedures and commands see a connection of either driver.

The attributes that procedures use have smtplib's names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ..events import Event
from ..flood import checked_flood_limit

if TYPE_CHECKING:
    from ..protocol.conversation import Conversation
    from ..protocol.states import State
    from ..record.transcript import Subscriber, Transcript
    from ..target import Target
    from ..timeouts import Timeouts
    from ..tls.settings import TlsSettings
    from .connection import Connection


class PeerView:
    """A view of the current state of a connection and its conversation.

    The transcript can still be read after the connection has ended.
    """

    connection: Connection
    """The underlying connection. It can be opened again once it is closed."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def __repr__(self) -> str:
        name, talk = type(self).__name__, self.connection.conversation
        target = self.connection.target
        where = target.text if target is not None else "no host"
        return f"<{name}: {where}, {talk.state.value if self.connected else 'not connected'}>"

    # The connection

    @property
    def connected(self) -> bool:
        """True while the connection is established."""
        return self.connection.connected

    @property
    def target(self) -> Target | None:
        """The target to which the session connects, or None if it has not been given yet."""
        return self.connection.target

    @property
    def tls_settings(self) -> TlsSettings | None:
        """The TLS settings, or None. If `tls` is a function, it is called on first access."""
        return self.connection.tls_settings

    @property
    def timeouts(self) -> Timeouts:
        """How long to wait for each reply, in seconds (RFC 5321 section 4.5.3.2).

        A new value also applies to the current wait.
        """
        return self.connection.timeouts

    @timeouts.setter
    def timeouts(self, timeouts: Timeouts) -> None:
        self.connection.timeouts = timeouts

    @property
    def clock(self) -> Callable[[], float]:
        """The clock that measures all times in the transcript, in seconds."""
        return self.connection.clock

    @property
    def flood_limit(self) -> int:
        """The most octets in an unfinished line or reply, or in replies that answer no command.

        The memory needed to store many short lines counts, too. The default is 64 MiB.
        """
        return self.connection.flood_limit.octets

    @flood_limit.setter
    def flood_limit(self, octets: int) -> None:
        self.connection.flood_limit.octets = checked_flood_limit(octets)

    # What has happened

    @property
    def conversation(self) -> Conversation:
        """The state of the dialogue: its phase, the extensions and the unanswered commands."""
        return self.connection.conversation

    @property
    def transcript(self) -> Transcript:
        """The record of the current connection, or of the last one, row by row."""
        return self.connection.conversation.transcript

    @property
    def state(self) -> State:
        """The phase of the dialogue (RFC 5321 section 4.1.4)."""
        return self.connection.conversation.state

    def subscribe(self, callback: Subscriber, *, blocks: bool = False) -> Callable[[], None]:
        """Call `callback(event)` for every event from now on.

        Return a function that unsubscribes it. The subscription continues after reconnections. A
        long message is passed line by line or, with `blocks`, as `Block` events of many lines each.
        """
        return self.connection.transcript.subscribe(callback, blocks=blocks)

    def note(self, fact: Event) -> None:
        """Record a fact that the bytes do not show, such as an `events.Note`."""
        self.connection.note(fact)

    # The server

    @property
    def tls(self) -> bool:
        """Whether TLS is active on the connection."""
        return self.connection.conversation.tls

    @property
    def lmtp(self) -> bool:
        """Whether the protocol is LMTP (RFC 2033)."""
        target = self.connection.target
        return target.lmtp if target is not None else self.connection.conversation.lmtp

    @property
    def ehlo_resp(self) -> bytes | None:
        """The text of the 250 reply to EHLO or LHLO, its lines joined by LF, without their codes.

        None unless the last accepted greeting was EHLO or LHLO.
        """
        return self._greeted("EHLO", "LHLO")

    @property
    def helo_resp(self) -> bytes | None:
        """The text of the 250 reply to HELO, its lines joined by LF, without their codes.

        None unless the last accepted greeting was HELO.
        """
        return self._greeted("HELO")

    def _greeted(self, *verbs: str) -> bytes | None:
        talk = self.connection.conversation
        if talk.greeted_with not in verbs or talk.greeted_in is None:
            return None
        return talk.transcript.reply_text(*talk.greeted_in)

    @property
    def does_esmtp(self) -> bool:
        """Whether EHLO was accepted; the extensions are then known.

        See RFC 5321 section 2.2.
        """
        return self.connection.conversation.keywords is not None

    @property
    def esmtp_features(self) -> Mapping[str, str]:
        """The extensions in the EHLO reply, from keyword to parameters; empty before EHLO.

        Keywords are in lower case, and the parameters of each are joined by spaces.
        """
        keywords = self.connection.conversation.keywords or {}
        return {keyword.lower(): " ".join(words) for keyword, words in keywords.items()}

    @property
    def command_encoding(self) -> str:
        """The encoding of commands: "utf-8" if SMTPUTF8 is offered (RFC 6531), else "ascii"."""
        return "utf-8" if self.has_extn("SMTPUTF8") else "ascii"

    def has_extn(self, opt: str) -> bool:
        """Return whether the last EHLO reply listed the keyword `opt` (case-insensitive)."""
        return self.connection.conversation.has_extn(opt)
