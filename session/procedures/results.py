"""The result types of the procedures, for type checkers: the procedure names for each type.

`from_the_start` is not listed, because its result is that of the procedure that it runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from typing_extensions import TypeVar  # for its default, which Python has from 3.13 on

    R = TypeVar("R", default=Any)
else:
    from typing import TypeVar

    R = TypeVar("R")
"""The type of a procedure's result. `Stepper` alone means a Stepper for any procedure."""

Replied = Literal[
    "connect", "docmd", "ehlo", "helo", "hello", "rset", "noop", "quit", "verify", "vrfy", "expn",
    "xclient", "mail", "rcpt", "data", "bdat", "starttls", "secure", "auth", "login",
]  # fmt: skip
"""The procedures whose result is a Reply."""
Sent = Literal["sendmail", "send_message"]
"""The procedures whose result is a SendResult."""
Checked = Literal["check"]
"""The procedure whose result holds one reply per recipient."""
Offered = Literal["probe"]
"""The procedure whose result is Offers."""
Counted = Literal["rerun"]
"""The procedure whose result is the number of steps."""
Helped = Literal["help"]
"""The procedure whose result is the text of the reply."""
Greeted = Literal["ehlo_or_helo_if_needed"]
"""The procedure that has no result."""
