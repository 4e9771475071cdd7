"""The steps of a conversation, and the step after which a command ends it.

QUIT may follow all of `STOPS`; between DATA and the end of the message, the server would take it
for text (RFC 5321 section 4.1.1.4), so the connection can only be closed there.
"""

from __future__ import annotations

import msgspec

from ...session.events import Kind, Line
from ...session.verbs import GREETINGS

STOPS = ("connect", "ehlo", "starttls", "secured", "xclient", "login", "mail", "rcpt")
DROPS = (*STOPS, "data", "message")
TRANSACTION = {"mail": "MAIL", "rcpt": "RCPT", "data": "DATA"}
"""The command of a transaction that each of these steps ends with."""

_COMMANDS = {
    "ehlo": GREETINGS, "starttls": ("STARTTLS",), "secured": GREETINGS, "xclient": ("XCLIENT",),
    "login": ("AUTH",), "mail": ("MAIL",), "rcpt": ("RCPT",), "data": ("DATA",), "message": (".",),
}  # fmt: skip


class Steps(msgspec.Struct, frozen=True):
    """The ways in which the steps of a conversation differ from the usual; by default in none.

    `until` is the last step, "" for all of them; then QUIT follows, or with `drops` the connection
    is closed, and with `unanswered` as soon as the command of the step has been sent. `hello` is
    "EHLO", or "HELO" to do without extensions. `xclient` are the attributes of each XCLIENT, and
    `xclient_needs` those that the server has to list; with `xclient_first` it precedes STARTTLS.
    `login` and `xclient_policy` say what happens if that step fails: "required" ends the
    conversation, "offered" continues if it is not offered, "try" continues in any case. `aliases`
    are the names to send with AUTH, each with its mechanism; `in_turn` is as for
    `Session.login_procedure`, and `naming` the option that names a mechanism. With `strict_tls`,
    STARTTLS that is offered must be accepted. With `all_must_succeed`, QUIT ends a conversation
    that failed, even with `drops`.
    """

    until: str = ""
    drops: bool = False
    unanswered: bool = False
    hello: str = "EHLO"
    xclient: tuple[str, ...] = ()
    xclient_needs: tuple[str, ...] = ()
    xclient_policy: str = "required"
    xclient_first: bool = False
    login: str = "required"
    aliases: tuple[tuple[str, str], ...] = ()
    in_turn: bool | None = None
    naming: str = "--mechanism"
    strict_tls: bool = False
    all_must_succeed: bool = False

    def ends(self, step: str) -> bool:
        """Whether the conversation ends after this step."""
        return self.until == step

    def is_last(self, line: Line) -> bool:
        """Whether this line, sent by the client, is the command of the last step."""
        verb = line.data.split(None, 1)[0].upper().decode("ascii", "replace") if line.data else ""
        return (
            line.kind is Kind.COMMAND
            and verb in _COMMANDS.get(self.until, ())
            and (self.until != "secured" or line.tls)
        )

    @property
    def transaction(self) -> str:
        """The command that the transaction ends with, "" for all of it."""
        return TRANSACTION.get(self.until, "")

    @property
    def before_mail(self) -> bool:
        """Whether the conversation ends before any sender or recipient is named."""
        return bool(self.until) and DROPS.index(self.until) < DROPS.index("mail")
