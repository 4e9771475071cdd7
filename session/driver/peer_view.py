"""`PeerView`: what procedures and commands read of a connection of either driver.

The names of what procedures know of the peer are smtplib's.
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
    """A connection and its conversation, as they are now. The transcript outlives both."""

    connection: Connection
    """The underlying TCP connection; once closed, it can be opened again."""

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
        """Where the session connects to, or None before that is known."""
        return self.connection.target

    @property
    def tls_settings(self) -> TlsSettings | None:
        """How TLS is to be done; a function given as `tls` is called on first access."""
        return self.connection.tls_settings

    @property
    def timeouts(self) -> Timeouts:
        """How long to wait for each reply, in seconds; a new value applies to the current wait too.

        RFC 5321 section 4.5.3.2.
        """
        return self.connection.timeouts

    @timeouts.setter
    def timeouts(self, timeouts: Timeouts) -> None:
        self.connection.timeouts = timeouts

    @property
    def clock(self) -> Callable[[], float]:
        """The clock of all times in the transcript, in seconds."""
        return self.connection.clock

    @property
    def flood_limit(self) -> int:
        """The most octets in one unfinished line or reply, or in replies that answer no command.

        The overhead of storing many short lines counts too. 64 MiB unless the constructor says
        otherwise.
        """
        return self.connection.flood_limit.octets

    @flood_limit.setter
    def flood_limit(self, octets: int) -> None:
        self.connection.flood_limit.octets = checked_flood_limit(octets)

    # What has happened

    @property
    def conversation(self) -> Conversation:
        """What is known about the dialogue: its state, the extensions, the unanswered commands."""
        return self.connection.conversation

    @property
    def transcript(self) -> Transcript:
        """What crossed the wire on the present connection, or on the last one, row by row."""
        return self.connection.conversation.transcript

    @property
    def state(self) -> State:
        """Where the dialogue is (RFC 5321 section 4.1.4)."""
        return self.connection.conversation.state

    def subscribe(self, callback: Subscriber, *, blocks: bool = False) -> Callable[[], None]:
        """Call `callback(event)` for every event from now on. Returns a function that ends this.

        It lasts over reconnections. A long message comes line by line, or with `blocks` as a
        `Block` of many lines.
        """
        return self.connection.subscribe(callback, blocks=blocks)

    def note(self, fact: Event) -> None:
        """Record a fact that no byte shows, such as an `events.Note`."""
        self.connection.note(fact)

    # What is known of the server

    @property
    def tls(self) -> bool:
        """Whether the connection is inside TLS."""
        return self.connection.conversation.tls

    @property
    def lmtp(self) -> bool:
        """Whether LMTP is spoken (RFC 2033)."""
        target = self.connection.target
        return target.lmtp if target is not None else self.connection.conversation.lmtp

    @property
    def ehlo_resp(self) -> bytes | None:
        """The text of the last EHLO or LHLO reply that was 250, its lines joined by LF."""
        return self._greeted("EHLO", "LHLO")

    @property
    def helo_resp(self) -> bytes | None:
        """The text of the last HELO reply that was 250."""
        return self._greeted("HELO")

    def _greeted(self, *verbs: str) -> bytes | None:
        talk = self.connection.conversation
        if talk.greeted_with not in verbs or talk.greeted_in is None:
            return None
        return talk.transcript.reply_text(*talk.greeted_in)

    @property
    def does_esmtp(self) -> bool:
        """Whether EHLO was accepted, so that extensions are known (RFC 5321 section 2.2)."""
        return self.connection.conversation.keywords is not None

    @property
    def esmtp_features(self) -> Mapping[str, str]:
        """What EHLO listed: keyword in lower case -> its parameters, joined by blanks."""
        keywords = self.connection.conversation.keywords or {}
        return {keyword.lower(): " ".join(words) for keyword, words in keywords.items()}

    @property
    def command_encoding(self) -> str:
        """Of commands: "utf-8" where the server offers SMTPUTF8 (RFC 6531), else "ascii"."""
        return "utf-8" if self.has_extn("SMTPUTF8") else "ascii"

    def has_extn(self, opt: str) -> bool:
        """Whether the last EHLO reply listed the keyword `opt`, in any case."""
        return self.connection.conversation.has_extn(opt)
