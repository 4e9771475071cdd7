"""The steps of a conversation, and the step after which a command ends it.

QUIT may follow any of `STOPS`. Between DATA and the end of the message, the server would treat QUIT
as text (RFC 5321 section 4.1.1.4), so there the connection can only be closed.
"""

from __future__ import annotations

import msgspec

from ...session.events import Kind, Line
from ...session.verbs import GREETINGS

STOPS = ("connect", "ehlo", "starttls", "secured", "xclient", "login", "mail", "rcpt")
DROPS = (*STOPS, "data", "message")
TRANSACTION = {"mail": "MAIL", "rcpt": "RCPT", "data": "DATA"}
"""The command after which the transaction stops, keyed by the step that ends there."""

_COMMANDS = {
    "ehlo": GREETINGS, "starttls": ("STARTTLS",), "secured": GREETINGS, "xclient": ("XCLIENT",),
    "login": ("AUTH",), "mail": ("MAIL",), "rcpt": ("RCPT",), "data": ("DATA",), "message": (".",),
}  # fmt: skip


class Steps(msgspec.Struct, frozen=True):
    """How the steps of a conversation differ from the usual ones; by default, not at all.

    `until` is the last step, or "" to run to the end. After that step, QUIT is sent, or the
    connection is closed if `drops` is true. If `unanswered` is true, the connection is closed as
    soon as the command of that step has been sent. `hello` is "EHLO", or "HELO" to use no
    extensions. `xclient` are the attributes of each XCLIENT command, and `xclient_needs` those that
    the server must list. If `xclient_first` is true, XCLIENT precedes STARTTLS. `login` and
    `xclient_policy` say what happens if the login or XCLIENT fails: "required" ends the
    conversation, "offered" continues if the server does not offer AUTH or XCLIENT, and "try" always
    continues. `aliases` are pairs of a name to send with AUTH and the mechanism it stands for.
    `in_turn` is as for `Session.login_procedure`, and `naming` is the option that names a
    mechanism. If `strict_tls` is true, STARTTLS must be accepted if it is offered. If
    `all_must_succeed` is true, a conversation that failed ends with QUIT even if `drops` is true.
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
        """Return whether the conversation ends after this step."""
        return self.until == step

    def is_last(self, line: Line) -> bool:
        """Return whether this line, sent by the client, is the command of the last step."""
        verb = line.data.split(None, 1)[0].upper().decode("ascii", "replace") if line.data else ""
        return (
            line.kind is Kind.COMMAND
            and verb in _COMMANDS.get(self.until, ())
            and (self.until != "secured" or line.tls)
        )

    @property
    def transaction(self) -> str:
        """The command after which the transaction stops, or "" if it runs to the end."""
        return TRANSACTION.get(self.until, "")

    @property
    def before_mail(self) -> bool:
        """Whether the conversation ends before any sender or recipient is named."""
        return bool(self.until) and DROPS.index(self.until) < DROPS.index("mail")
