"""Handles commands in general at the practice server, and EHLO, HELO and STARTTLS in particular."""

from __future__ import annotations

from aiosmtpd.smtp import syntax  # pyright: ignore[reportUnknownVariableType]: see wire

from ..facts.commands import COMMANDS, nearest
from ..visible import visible_text
from . import limits, message_reader, sasl_server, strictness
from .faults import AskedFor, Wishes, wishes_of
from .mailboxes import DOMAIN, has_mailbox
from .scenarios.checks import EVENTS
from .scenarios.model import LATE
from .scenarios.rules import Situation
from .wire import Left, WireSMTP

KEYWORDS = {
    "BDAT": "CHUNKING",
    "STARTTLS": "STARTTLS",
    "AUTH": "AUTH",
    "EXPN": "EXPN",
    "HELP": "HELP",
}
"""The EHLO keyword that offers each command. A command whose keyword is not listed is refused."""
_GREETINGS = ("EHLO", "HELO")
MOST_LISTED = 50  # characters of a client's word that are repeated to it


class GreetingSMTP(WireSMTP):
    """The part of a connection that dispatches commands and lists the extensions for EHLO."""

    _wishes = Wishes()  # of the host name in EHLO
    _shut = False  # refused by a greeting with 554: only QUIT is left (RFC 5321 section 3.1)
    _faults: dict[str, AskedFor]  # replies that the address of MAIL asks for, by command

    # Greeting

    async def _greet(self) -> None:
        scenario = self._scenario
        await self._wait(scenario.greeting_delay)
        if scenario.refuse_early and self._ahead:
            await self._send([f"554 {DOMAIN} You spoke before the greeting"])
            self._shut = True
        elif await self._apply_rule("connect"):
            if scenario.greeting:
                await self._send(list(scenario.greeting))
            else:
                kind = "LMTP" if self.lmtp else "ESMTP"
                await self._say(f"220 {DOMAIN} {kind} heloscope practice server")
            await self._settle()

    # Commands

    async def _next_command(self) -> None:
        line = await message_reader.read_command(self._reader)
        if line is None:
            self._heard("(a line that is too long)")
            await self._say("500 5.5.2 Line too long")
            return
        if self._scenario.strict and not line.endswith(b"\r\n"):
            self._heard(self._loggable(*_parts_of(line.rstrip(b"\r\n"))))
            await self._say(strictness.BARE_LF)
            return
        await self._carry_out(line.rstrip(b"\r\n"))

    async def _carry_out(self, line: bytes) -> None:
        """Execute a command line, or do what the scenario requires instead."""
        verb, arg = _parts_of(line)
        if not verb:
            self._heard(line.decode("utf-8", "surrogateescape"))
            await self._say("500 5.5.2 Command not recognised")
            return
        self._heard(self._loggable(verb, arg))
        if len(line) > self._longest(verb):
            await self._say("500 5.5.2 Line too long")
        elif self._shut and verb != "QUIT":
            await self._say("503 5.5.1 You spoke before the greeting; send QUIT")
        elif await self._apply_rule(verb, arg or ""):
            await self._execute(verb, arg, line.decode("utf-8", "surrogateescape"))
            await self._settle()

    async def _execute(self, verb: str, arg: str | None, line: str) -> None:
        """Execute a command in the normal way. Raises Left after QUIT."""
        method = self._smtp_methods.get("EHLO" if self.lmtp and verb == "LHLO" else verb)
        if self.lmtp and verb in _GREETINGS:
            await self._say(f"500 5.5.1 This is LMTP: send LHLO, not {verb}")
        elif method is None:
            await self._unknown(verb)
        elif KEYWORDS.get(verb, "") in self._withheld:
            await self._say(f"502 5.5.1 {verb} is not available here")
        elif arg is not None and "\0" in arg:
            await self._say("501 5.5.2 Commands must not contain NUL")
        elif self._scenario.strict and (refused := strictness.refusal(verb, line)):
            await self._say(refused)
        elif (asked := self._faults.pop(verb, None)) is not None and verb not in LATE:
            await self._say_asked(asked)
        else:
            if asked is not None:
                self._faults[verb] = asked
            await method(arg)
            if verb == "QUIT" and (self.transport is None or self.transport.is_closing()):
                raise Left  # commands sent after it are not executed

    def _longest(self, verb: str) -> int:
        """Return the maximum length of a command line in octets; some extensions increase it."""
        extended = self.session is not None and self.session.extended_smtp
        return _LONGEST.get(verb, limits.COMMAND_LINE) if extended else limits.COMMAND_LINE

    def _loggable(self, verb: str, arg: str | None) -> str:
        """Return the command line for the log, without any AUTH response."""
        words = (arg or "").split()
        if verb == "AUTH" and len(words) > 1:
            return f"AUTH {words[0]} (response not shown)"
        return f"{verb} {arg}" if arg else verb

    async def _unknown(self, verb: str) -> None:
        """Reply 502 to a command that a standard defines, 500 to any other (RFC 5321 4.2.4).

        X.5.1 is for a command that is out of sequence or not supported, and X.5.2 for one that is
        not recognised (RFC 3463 section 3.6).
        """
        meant = nearest(verb)
        hint = f"; did you mean {meant}?" if meant else "; HELP lists the commands"
        if verb in COMMANDS and verb[0].isalpha():  # not the dot that ends a message, nor *
            await self._say(f"502 5.5.1 {verb} is not available here; HELP lists the commands")
        else:
            await self._say(f"500 5.5.2 Command not recognised: {visible_text(verb)[:40]}{hint}")

    # Rules and faults

    async def _apply_rule(self, on: str, argument: str = "", *, address: str = "", user: str = "",
                    checked: bool = False) -> bool:  # fmt: skip
        """Follow any rule for a command or event, and return whether to execute the command.

        `checked` is true if the syntax and the order of the command have been checked.
        """
        book = self._memory.book
        if not book.has(on):
            return True
        situation = self._situation(on, argument, address, user)
        rule = book.find(situation, checked=checked)
        return rule is None or await self._follow(rule, situation)

    def _situation(self, on: str, argument: str, address: str, user: str) -> Situation:
        if on in ("VRFY", "EXPN"):
            address = address or argument.strip("<> ")
        session = self.session
        return Situation(
            on if on in EVENTS else visible_text(on)[:MOST_LISTED],
            connection=self.number,
            address=visible_text(address)[:256],
            hello=visible_text(str(session.host_name or "") if session is not None else "")[:256],
            argument=argument[:1000],
            user=visible_text(user)[:MOST_LISTED],
            known=bool(address) and has_mailbox(address),
            tls=self.encrypted,
            authenticated=bool(session is not None and session.authenticated),
        )

    async def _settle(self) -> None:
        """Finish the pending rule of a command that has sent no reply itself."""
        pending, self._pending = self._pending, None
        if pending is not None:
            await self._afterwards(*pending)

    async def _say_asked(self, asked: AskedFor) -> None:
        """Send the reply that an address requested. If it is 421 or 221, close the connection."""
        await self._say(asked.reply(misleading=self._scenario.misleading))
        if asked.code in ("421", "221"):
            self.leave()

    # EHLO

    @property
    def _withheld(self) -> frozenset[str]:
        """The keywords that are not offered; their commands and parameters are refused."""
        scenario = self._scenario
        withheld = {*scenario.without, *self._wishes.without}
        if not scenario.enhanced_codes:
            withheld.add("ENHANCEDSTATUSCODES")
        if self.session is None or not self.session.authenticated:
            withheld.update(scenario.after_login)
        return frozenset(withheld)

    @property
    def _largest(self) -> int:
        """The size of the largest message that is accepted, in octets."""
        sizes = (self._scenario.size, self._wishes.size, limits.SIZE)
        return min(size for size in sizes if size)

    @property
    def _mechanisms(self) -> list[str]:
        """The AUTH mechanisms that are currently offered."""
        scenario = self._scenario
        chosen = scenario.mechanisms_tls if self.encrypted else scenario.mechanisms
        names = sasl_server.offered(encrypted=self.encrypted) if chosen is None else list(chosen)
        wanted = self._wishes.mechanisms
        return [name for name in names if wanted is None or name in wanted]

    def _offers(self) -> list[str]:
        """Return the lines of the EHLO reply that list extensions, without the code."""
        mechanisms = self._mechanisms
        lines = [
            f"SIZE {self._largest}",
            "8BITMIME",
            "SMTPUTF8",
            "PIPELINING",
            "CHUNKING",
            "DSN",
            *(() if self.encrypted else ("STARTTLS",)),
            *((f"AUTH {' '.join(mechanisms)}",) if mechanisms else ()),
            "ENHANCEDSTATUSCODES",
            "EXPN",
            "HELP",
            *self._scenario.offers,
        ]
        withheld, rename = self._withheld, self._scenario.rename
        found: list[str] = []
        for line in lines:
            keyword, blank, rest = line.partition(" ")
            if keyword not in withheld:
                found.append(rename.get(keyword, keyword) + blank + rest)
        return found

    @syntax("EHLO hostname")
    async def smtp_EHLO(self, hostname: str) -> None:
        wishes = wishes_of(hostname or "")
        if wishes.refusal:
            await self._say(wishes.refusal)
        elif await self._greeted(hostname, "LHLO" if self.lmtp else "EHLO", extended=True):
            self._wishes = wishes
            offers = (f"250 {offer}" for offer in self._offers())
            await self._say(f"250 {DOMAIN} greets {visible_text(hostname)}", *offers)

    @syntax("HELO hostname")
    async def smtp_HELO(self, hostname: str) -> None:
        wishes = wishes_of(hostname or "")
        if wishes.refusal:
            await self._say(wishes.refusal)
        elif await self._greeted(hostname, "HELO", extended=False):
            await self._say(f"250 {DOMAIN} greets {visible_text(hostname)}")

    async def _greeted(self, hostname: str | None, verb: str, *, extended: bool) -> bool:
        if not hostname:
            await self._say(f"501 5.5.4 Host name missing: {verb} your.host.name")
            return False
        assert self.session is not None
        self._set_rset_state()
        self.session.extended_smtp = extended
        self.session.host_name = hostname
        return True

    # TLS

    @syntax("STARTTLS")
    async def smtp_STARTTLS(self, arg: str | None) -> None:
        if self.encrypted:
            await self._say("503 5.5.1 TLS is already active")
        elif arg:
            await self._say("501 5.5.4 STARTTLS takes no argument")
        else:
            context = await self._context()  # before the 220, which the handshake follows at once
            self._tls_next = True
            await self._say("220 2.0.0 Ready to start TLS")
            self._tls_next = False
            await self._begin_tls(context)
            self._set_rset_state()  # RFC 3207 section 4.2: the state is discarded
            self._wishes = Wishes()
            peer = self.session.peer if self.session is not None else None
            self.session = self._create_session()
            self.session.peer = peer


def _parts_of(line: bytes) -> tuple[str, str | None]:
    """Return the verb of a command line ("" if missing or not ASCII), and the rest or None."""
    word, _, rest = line.partition(b" ")
    verb = word.upper().decode("ascii") if word.isascii() else ""
    return verb, rest.strip().decode("utf-8", "surrogateescape") or None


_LONGEST = {"MAIL": limits.MAIL_LINE, "RCPT": limits.RCPT_LINE, "AUTH": limits.AUTH_LINE}
