"""What each procedure results in, for type checkers: its names by the type of its result.

`from_the_start` is in none: its result is that of the procedure which it is given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from typing_extensions import TypeVar  # for its default, which Python has from 3.13 on

    R = TypeVar("R", default=Any)
else:
    from typing import TypeVar

    R = TypeVar("R")
"""The type of a result; `Stepper` alone is a Stepper of any procedure."""

Replied = Literal[
    "connect", "docmd", "ehlo", "helo", "hello", "rset", "noop", "quit", "verify", "vrfy", "expn",
    "xclient", "mail", "rcpt", "data", "bdat", "starttls", "secure", "auth", "login",
]  # fmt: skip
"""Procedures whose result is a Reply."""
Sent = Literal["sendmail", "send_message"]
"""Those whose result is a SendResult."""
Checked = Literal["check"]
"""Its result is the reply for each recipient."""
Offered = Literal["probe"]
"""Its result is Offers."""
Counted = Literal["rerun"]
"""Its result is the number of steps."""
Helped = Literal["help"]
"""Its result is the text of the reply."""
Greeted = Literal["ehlo_or_helo_if_needed"]
"""It has no result."""
