"""AUTH at the practice server (RFC 4954): the exchange, its result, and reasons for refusing it."""

from __future__ import annotations

import base64
import binascii

from aiosmtpd.smtp import syntax  # pyright: ignore[reportUnknownVariableType]: see wire

from ..visible import visible_text
from . import limits, message_reader, sasl_server
from .greeting import GreetingSMTP
from .mailboxes import PEOPLE
from .replies import wrong_syntax


class LoginSMTP(GreetingSMTP):
    """The part of a connection that handles AUTH."""

    _failures = 0  # of logins on this connection

    @syntax("AUTH mechanism [initial-response]")
    async def smtp_AUTH(self, arg: str | None) -> None:
        session, envelope = self.session, self.envelope
        assert session is not None and envelope is not None
        words = (arg or "").split()
        mechanism = words[0].upper() if words else ""
        if not session.host_name or not session.extended_smtp:
            await self._say("503 5.5.1 Send EHLO first")
        elif session.authenticated:
            await self._say("503 5.5.1 Already authenticated")
        elif envelope.mail_from:
            await self._say("503 5.5.1 Not allowed in a transaction; RSET aborts it")
        elif not 1 <= len(words) <= 2:
            await self._say(wrong_syntax("AUTH"))
        elif self._scenario.failures and self._failures >= self._scenario.failures:
            await self._say("421 4.7.0 Too many failed logins; closing the connection")
            self.leave()
        elif mechanism not in self._mechanisms:
            await self._say(self._not_offered(mechanism))
        elif len(words) == 2 and mechanism not in sasl_server.CLIENT_FIRST:
            await self._say(f"501 5.7.0 In {mechanism} the server speaks first")
        else:
            try:
                user = await self._exchange(mechanism, words[1:])
                verdict = f"235 2.7.0 Welcome, {PEOPLE[user].full_name}"
            except _Refused as refused:
                user, verdict = refused.user, str(refused)
            if not user:
                await self._say(verdict)
            elif await self._apply_rule("login", mechanism, user=user):
                session.authenticated = verdict.startswith("235")
                self._failures += not session.authenticated
                await self._say(verdict)
            else:
                self._failures += 1

    def _not_offered(self, mechanism: str) -> str:
        """Return the reply to an AUTH whose mechanism is not in the EHLO reply."""
        names = " ".join(self._mechanisms)
        exposes = sasl_server.MECHANISMS.get(mechanism, False)
        if exposes and not self.encrypted and "STARTTLS" not in self._withheld:
            return f"504 5.5.4 {mechanism} exposes the password: send STARTTLS first"
        choice = f"; choose from {names}" if names else ""
        return f"504 5.5.4 Mechanism not offered{choice}"

    async def _exchange(self, mechanism: str, initial: list[str]) -> str:
        """Carry out the exchange, and return the user who logged in. Raises _Refused."""
        exchange = sasl_server.exchange(mechanism)
        try:
            challenge = next(exchange)
            while True:
                if initial:  # answers the first challenge, which is empty or asks for the user
                    response = b"" if initial[0] == "=" else _decoded(initial.pop().encode())
                    initial = []
                else:
                    await self._say(f"334 {base64.b64encode(challenge).decode()}")
                    response = await self._response()
                challenge = exchange.send(response)
        except StopIteration as over:
            return over.value
        except sasl_server.Malformed as error:
            raise _Refused(f"501 5.5.2 {visible_text(str(error))}") from None
        except sasl_server.Denied as denied:
            raise _Refused("535 5.7.8 Wrong user name or password", denied.user) from None
        finally:
            exchange.close()

    async def _response(self) -> bytes:
        said = await message_reader.read_line(self._reader)
        self._heard("(response not shown)")
        if said is None or len(said) > limits.AUTH_LINE:
            raise _Refused("500 5.5.6 Line too long")
        if said == b"*":
            raise _Refused("501 5.7.0 Authentication cancelled")
        return _decoded(said)


class _Refused(Exception):
    """Raised to end the login with `reply`; `user` is the name of the user who tried, or ""."""

    def __init__(self, reply: str, user: str = "") -> None:
        super().__init__(reply)
        self.user = user


def _decoded(said: bytes) -> bytes:
    """Decode a response from base64. Raises _Refused if it is not valid base64."""
    try:
        return base64.b64decode(said, validate=True)
    except binascii.Error:
        raise _Refused("501 5.5.2 Invalid base64") from None
