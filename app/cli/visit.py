"""Asks one server what it offers, for `heloscope probe` and `heloscope compare`.

One connection is used. If TLS fails on it, for instance because the certificate cannot be verified,
the remaining questions are asked over a second connection. No mail transaction is started, and
there is no login unless the options ask for one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from ...session import raised
from ...session.plural import in_seconds
from ...session.record.transcript import Transcript
from ...session.target import Target
from ..exit_status import DONE, NO_CONNECTION
from .client import Client, Task
from .options import NONE, REQUIRED, ClientOptions
from .outlets import sentence_of
from .status import status_of

if TYPE_CHECKING:
    import asyncio

    from ...session.events import TlsFailed
    from ...session.secret import Secret
    from ...session.sync.limit import Limit
    from .client import AnySession

REPLY_SECONDS = 30.0  # seconds to wait for a reply, unless --timeout is given
FLOOD = 1 << 20  # octets of an unfinished line or reply after which the connection is closed


class Asked(msgspec.Struct, frozen=True):
    """The result of a visit to a server.

    `transcripts` contains a transcript for each connection, and `status` is the exit status.
    `error` is the reason if the visit ended early, and "" otherwise. A TLS failure or a greeting
    that refuses service does not count as ending early; the transcript shows it.
    """

    transcripts: tuple[Transcript, ...]
    error: str
    status: int


def visiting(options: ClientOptions, target: Target) -> ClientOptions:
    """Return the options for a visit, which prints nothing itself.

    On a Unix socket there is no name to verify, so any certificate is accepted unless an option
    names the server or a CA.
    """
    local = bool(target.path) and not options.server_name and not options.ca
    return msgspec.structs.replace(
        options, quiet=True, json=False, timeout=options.timeout or REPLY_SECONDS,
        no_verify=options.no_verify or (local and options.tls != NONE),
    )  # fmt: skip


class Visit(Client):
    """Asks one target for at most `within` seconds, using a second connection if TLS fails."""

    def __init__(
        self, target: Target, options: ClientOptions, within: float, *, alone: bool = False
    ) -> None:
        super().__init__(target, options, alone=alone)
        self.session.flood_limit = FLOOD
        self.target = target
        self.options = options
        self._within = within
        self._transcripts: list[Transcript] = []
        self._error = ""
        self._status = DONE

    async def ask(self) -> Asked:
        """Ask the target. Errors become part of the result and are not raised."""
        await self.run(self._look)
        return Asked(tuple(self._transcripts), self._error, self._status)

    async def _prepared(self, task: Task) -> int:
        return await task(self.session)  # which connects

    async def _look(self, session: AnySession) -> int:
        limit = self._limit()
        try:
            async with limit:
                await self._ask(session)
        except raised.SMTPConnectError:
            pass  # the greeting is among the findings
        except (raised.SMTPException, OSError, ValueError) as error:
            if limit.expired() and type(error) is TimeoutError:
                self._error = f"not every question was asked within {in_seconds(self._within)}."
                self._status = NO_CONNECTION
            else:
                self._status = status_of(error, self.stage)
                if self._tls_failure() is None:  # else it is among the findings
                    self._error = sentence_of(error, self._status, self.session.transcript)
                self._ask_for_profile(error)
            await session.close()
        return self._status

    def _limit(self) -> asyncio.Timeout | Limit:
        from ...session.sync.session import BlockingSession

        if isinstance(self.session, BlockingSession):
            return self.session.within(self._within)
        import asyncio

        return asyncio.timeout(self._within)

    async def _ask(self, session: AnySession) -> None:
        """Ask over one connection. If TLS fails, ask as much as possible over a second one."""
        starttls = self.options.tls != NONE
        try:
            await self._once(session, starttls, self._secret)
            return
        except (OSError, raised.SMTPException, ValueError):
            failed = self._tls_failure()
            if failed is None:
                raise
            from ...session.facts.tls_failures import REASONS
            from ...session.tls.settings import TlsSettings

            settings = session.tls_settings or TlsSettings()
            if REASONS[failed.reason].certificate:
                settings = msgspec.structs.replace(settings, verify=False)
            elif failed.reason == "no-shared-version" and not settings.minimum:
                settings = msgspec.structs.replace(settings, verify=False, minimum="TLSv1")
            elif self.target.implicit:
                raise
            else:
                starttls = False
        await session.close()
        session.connection.tls_settings = settings
        await self._once(session, starttls)

    async def _once(
        self, session: AnySession, starttls: bool, secret: Secret | None = None
    ) -> None:
        try:
            await session.connect()
            await session.run("probe", "", None, starttls=starttls, queries=True)
            if secret is not None and session.connected:
                await self._log_in_if_possible(session, secret)
        finally:
            if not any(session.transcript is each for each in self._transcripts):
                self._transcripts.append(session.transcript)

    async def _log_in_if_possible(self, session: AnySession, secret: Secret) -> None:
        """Log in. A refusal, or a server without AUTH, is a result rather than an error."""
        if self.options.tls == REQUIRED and not session.tls:
            raise raised.SMTPNotSupportedError("STARTTLS is not offered, so there was no login")
        try:
            await self._log_in(secret)
        except (raised.SMTPAuthenticationError, raised.SMTPNotSupportedError):
            pass

    def _tls_failure(self) -> TlsFailed | None:
        """Return the failed handshake of the last connection, or None."""
        from ...session.events import TlsFailed

        marks = self.session.transcript.marks_after(0)
        return next((each for each in marks if isinstance(each, TlsFailed)), None)
