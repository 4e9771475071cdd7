"""The HELP, VRFY and EXPN commands at the practice server."""

from __future__ import annotations

import re

from aiosmtpd.smtp import syntax  # pyright: ignore[reportUnknownVariableType]: see wire

from ..facts.commands import COMMANDS
from ..visible import visible_text
from .greeting import KEYWORDS
from .login import LoginSMTP
from .mailboxes import LISTS, PEOPLE, local_part, look_up
from .replies import wrong_syntax


class InformationSMTP(LoginSMTP):
    """The part of a connection that answers queries: HELP, VRFY and EXPN."""

    @syntax("HELP [command]")
    async def smtp_HELP(self, arg: str | None) -> None:
        known = self._commands()
        if not arg:
            await self._say(
                "214 2.0.0 The heloscope practice server. Commands:",
                f"214 2.0.0 {' '.join(known)}",
                "214 2.0.0 HELP with a command gives details",
            )
            return
        verb = arg.split()[0].upper()
        if verb not in known:
            await self._say(f"504 5.5.4 No help on {visible_text(verb)[:40]}")
            return
        command = COMMANDS[verb]
        await self._say(
            f"214 2.0.0 {command.syntax}",
            f"214 2.0.0 {command.summary}",
            f"214 2.0.0 {command.rfc}",
        )

    def _commands(self) -> list[str]:
        """Return the available commands in alphabetical order."""
        names = set(self._smtp_methods) & set(COMMANDS)
        names = {name for name in names if KEYWORDS.get(name, "") not in self._withheld}
        if self.lmtp:
            names = names - {"EHLO", "HELO"} | {"LHLO"}
        return sorted(names)

    @syntax("VRFY user or mailbox")
    async def smtp_VRFY(self, arg: str | None) -> None:
        if not arg:
            await self._say(wrong_syntax("VRFY"))
            return
        asked = _without_parameter(arg)
        found = look_up(asked)
        if local_part(asked) in LISTS:
            await self._say("550 5.2.0 This is a mailing list, not a user; EXPN lists its members")
        elif len(found) == 1:
            await self._say(f"250 2.1.5 {found[0].shown}")
        elif found:
            await self._say(
                "553 5.1.4 Ambiguous; possible users are",
                *(f"553 5.1.4 {person.shown}" for person in found),
            )
        else:
            await self._say(f"550 5.1.1 No such user: {visible_text(asked)[:200]}")

    @syntax("EXPN list")
    async def smtp_EXPN(self, arg: str) -> None:
        if not arg:
            await self._say(wrong_syntax("EXPN"))
            return
        asked = _without_parameter(arg)
        members = LISTS.get(local_part(asked) or "")
        if members is not None:
            await self._say(*(f"250 2.1.5 {PEOPLE[name].shown}" for name in members))
        elif look_up(asked):
            await self._say("550 5.2.0 This is a user, not a mailing list; try VRFY")
        else:
            await self._say(f"550 5.1.1 No such list: {visible_text(asked)[:200]}")


def _without_parameter(arg: str) -> str:
    """Return the argument of VRFY or EXPN without a final SMTPUTF8 (RFC 6531 section 3.7.4.2)."""
    return re.sub(r"(?i)\s+SMTPUTF8\Z", "", arg)
