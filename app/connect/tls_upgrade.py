"""Carries out a profile's TLS policy, starting with the greeting, and describes the result.

It also returns the lines before a failed handshake, so that the handshake can be repeated once the
server's certificate has been accepted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ...session.events import Kind, Note, TlsFailed, TlsStarted
from ...session.verbs import GREETINGS, verb_of
from ...session.visible import visible, visible_text
from .profile import OFFERED, REQUIRED

if TYPE_CHECKING:
    from ...session.aio.session import Session

LAST = 20  # events within which the last handshake is found, if it has just failed


class TlsUpgrade:
    """Connects a session, and starts TLS as a policy requires.

    `policy` is a key of profile.POLICIES. `repeated` contains commands up to STARTTLS that replace
    those of the policy; with them, TLS is required.
    """

    def __init__(
        self,
        session: Session,
        policy: str,
        repeated: tuple[bytes, ...],
        tell: Callable[[str, str], object],
    ) -> None:
        self._session = session
        self._by_policy = policy in (OFFERED, REQUIRED)
        self._required = policy == REQUIRED or bool(repeated)
        self._repeated = repeated
        self._tell = tell

    async def run(self) -> None:
        """Connect and start TLS. Raises DialError, ConnectionLost, or a handshake error."""
        from smtplib import SMTPException

        from ...session.errors import ReplyTimedOut

        session = self._session
        why = ""
        try:
            await session.open()
            greeting = await session.greeting()
            if greeting.code // 100 != 2:
                return  # only QUIT is left, and the transcript says why
            if self._repeated and not session.tls:
                await self._repeat()
            elif self._by_policy:
                await session.run("secure", required=self._required)
        except ReplyTimedOut as error:
            why = f"{error}"
        except SMTPException as error:
            why = _reply_words(error)
        finally:
            clear = session.connected and not session.tls
            if clear and self._required:
                await session.leave()
        if clear:
            self._tell_in_clear(why)

    async def _repeat(self) -> None:
        *greetings, starttls = self._repeated
        for line in greetings:
            await self._session.docmd(line)
        reply = await self._session.docmd(starttls)
        if reply.code == 220:
            await self._session.handshake()

    def _tell_in_clear(self, why: str) -> None:
        """Tell the user why the connection is not encrypted, and what that means."""
        session = self._session
        if not why:
            why = "the server does not offer STARTTLS"
            if session.has_extn("STARTTLS"):
                why = "the server refused STARTTLS"
        if self._required:
            self._tell(
                f"No TLS: {why}. STARTTLS was required, so heloscope closed the connection; only "
                f"the greeting was exchanged.",
                "No TLS",
            )
            return
        session.note(Note(session.clock(), "in-clear", f"{why}: continuing without TLS"))
        self._tell(
            f"Unencrypted: {why}. Anyone on the network path can read and change the conversation.",
            "No TLS",
        )


def refused_certificate(session: Session | None) -> TlsFailed | None:
    """Return a session's last handshake if the server's certificate was refused in it, or None."""
    if session is None:
        return None
    from ...session.facts.tls_failures import REASONS

    transcript = session.transcript
    for event in reversed(transcript.marks_after(max(0, transcript.mark_count - LAST))):
        if isinstance(event, TlsStarted):
            return None
        if isinstance(event, TlsFailed):
            known = bool(event.chain) and REASONS[event.reason].certificate
            return event if known else None
    return None


def plain_server(session: Session) -> bool:
    """Return whether the last handshake failed because the server greeted without TLS."""
    transcript = session.transcript
    marks = reversed(transcript.marks_after(max(0, transcript.mark_count - LAST)))
    failure = next((mark for mark in marks if isinstance(mark, TlsFailed)), None)
    return failure is not None and failure.reason == "plain-smtp"


def tls_trouble(session: Session, error: Exception) -> str:
    """Explain in a sentence why TLS failed, according to the transcript or else the error."""
    transcript = session.transcript
    for number in range(transcript.mark_count - 1, -1, -1):
        event = transcript.mark(number)[1]
        if isinstance(event, TlsFailed):
            return event.detail
    return str(error)


def lines_up_to_starttls(session: Session) -> tuple[bytes, ...]:
    """Return a conversation's STARTTLS and the last greeting before it, without line endings.

    Return () if there was no STARTTLS. Anything else sent before TLS is void after the handshake
    (RFC 3207 section 4.2).
    """
    greeting: tuple[bytes, ...] = ()
    for line in session.transcript:
        if line.sent and line.kind is Kind.COMMAND and not line.secret:
            data = line.data.rstrip(b"\r\n")
            verb = verb_of(data)
            if verb in GREETINGS:
                greeting = (data,)
            elif verb == "STARTTLS":
                return (*greeting, data)
    return ()


def _reply_words(error: Exception) -> str:
    """Describe the server's reply in an smtplib exception; "" if it contains none."""
    code, text = getattr(error, "smtp_code", None), getattr(error, "smtp_error", None)
    if isinstance(code, int):
        said = visible(text) if isinstance(text, bytes) else visible_text(str(text))
        return f"the server answered {code} {said}".rstrip(".")
    return ""
