"""The steps of a conversation, and after which of them a command ends it.

QUIT may follow all of `STOPS`; between DATA and the end of the message the server would take it
for text (RFC 5321 section 4.1.1.4), so there the connection can only be closed.
"""

from __future__ import annotations

import msgspec

STOPS = ("connect", "ehlo", "starttls", "secured", "xclient", "login", "mail", "rcpt")
DROPS = (*STOPS, "data", "message")
TRANSACTION = {"mail": "MAIL", "rcpt": "RCPT", "data": "DATA"}
"""The command of a transaction that each of these steps ends with."""


class Steps(msgspec.Struct, frozen=True):
    """What is special about a conversation: by default nothing.

    `until` is the last step, "" for all of them; then QUIT follows, or with `drops` the connection
    is closed. `hello` is "EHLO", or "HELO" to do without extensions. `xclient` are the attributes
    of each XCLIENT. `login` says what follows from a login that fails: "required" ends there,
    "offered" goes on where no mechanism is offered, "try" in any case. With `strict_tls`, STARTTLS
    that is offered must be accepted.
    """

    until: str = ""
    drops: bool = False
    hello: str = "EHLO"
    xclient: tuple[str, ...] = ()
    login: str = "required"
    strict_tls: bool = False

    def ends(self, step: str) -> bool:
        """Whether the conversation ends after this step."""
        return self.until == step

    @property
    def transaction(self) -> str:
        """The command that the transaction ends with, "" for all of it."""
        return TRANSACTION.get(self.until, "")

    @property
    def before_mail(self) -> bool:
        """Whether the conversation ends before any sender or recipient is named."""
        return bool(self.until) and DROPS.index(self.until) < DROPS.index("mail")
