"""The options of `heloscope send` for the envelope, the message and the delivery."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import msgspec

from ...session.procedures.commands import parameter
from .option import Choice, Option, Whole
from .options import OptionError
from .steps import DROPS, STOPS, Steps

BODY_TYPES = ("7BIT", "8BITMIME", "BINARYMIME", "none")
SAMPLE_NAMES = ("plain", "html", "8-bit", "utf-8", "dots", "long", "too-long", "big")


class SendOptions(msgspec.Struct, frozen=True):
    """What to send, to whom, and how. Options not given are empty or None.

    A tuple has one item for each use of the option.
    """

    sender: str | None = None
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    one_is_enough: bool = False
    subject: str | None = None
    body: str | None = None
    sample: str | None = None
    attach: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    add_header: tuple[str, ...] = ()
    as_is: bool = False
    mail_option: tuple[str, ...] = ()
    rcpt_option: tuple[str, ...] = ()
    notify: str | None = None
    ret: str | None = None
    envid: str | None = None
    orcpt: bool = False
    smtputf8: bool = False
    body_type: str | None = None
    bdat: bool = False
    pipelining: bool | None = None
    helo: bool = False
    xclient: tuple[str, ...] = ()
    stop_after: str | None = None
    drop_after: str | None = None
    times: int = 1

    @property
    def steps(self) -> Steps:
        """How the steps of the conversation differ from the usual ones."""
        return Steps(
            until=self.drop_after or self.stop_after or "",
            drops=self.drop_after is not None,
            hello="HELO" if self.helo else "EHLO",
            xclient=self.xclient,
        )

    def mail_parameters(self) -> list[str]:
        """Return the parameters of MAIL (RFC 3461, RFC 6152, RFC 3030, RFC 6531)."""
        found = list(self.mail_option)
        if self.body_type not in (None, "none"):
            found.append(f"BODY={self.body_type}")
        if self.smtputf8:
            found.append("SMTPUTF8")
        if self.ret is not None:
            found.append(parameter("RET", self.ret))
        if self.envid is not None:
            found.append(parameter("ENVID", self.envid))
        return found

    def rcpt_parameters(self, recipient: str) -> list[str]:
        """Return the parameters of RCPT for this recipient (RFC 3461 section 4)."""
        found = list(self.rcpt_option)
        if self.notify is not None:
            found.append(parameter("NOTIFY", self.notify.upper()))
        if self.orcpt:
            found.append(parameter("ORCPT", recipient))
        return found

    def check(self, file: str | None, *, tls: bool, logs_in: bool, secures: bool) -> None:
        """Raise OptionError if the options contradict each other.

        `tls` is true if TLS may start with STARTTLS, `logs_in` if there is a login, and `secures`
        if TLS starts with the first byte.
        """
        wrong = self._message_contradiction(file) or self._parameter_contradiction()
        wrong = wrong or self._step_contradiction(tls=tls, logs_in=logs_in, secures=secures)
        if wrong:
            raise OptionError(wrong)

    def _message_contradiction(self, file: str | None) -> str:
        if file is not None and (self.subject is not None or self.body is not None):
            return "--subject and --body make a message, but FILE is already one."
        if file is not None and (self.sample or self.attach):
            name = "--sample" if self.sample else "--attach"
            return f"{name} makes a message, but FILE is already one."
        if self.sample and (self.subject is not None or self.body is not None or self.attach):
            return "a --sample has its own subject, text and files; --header changes its header."
        if self.as_is and file is None:
            return "--as-is applies to the line endings of FILE, but there is no FILE."
        return ""

    def _parameter_contradiction(self) -> str:
        reports = self.notify.upper().split(",") if self.notify is not None else []
        if not set(reports) <= {"NEVER", "SUCCESS", "FAILURE", "DELAY"}:
            return (
                "--notify must be NEVER, or one or more of SUCCESS, FAILURE and DELAY (RFC 3461 "
                "section 4.1)."
            )
        if "NEVER" in reports and len(reports) > 1:
            return "--notify NEVER cannot be combined with other values (RFC 3461 section 4.1)."
        if self.envid is not None and not 0 < len(self.envid) <= 100:
            return "--envid must have 1 to 100 characters (RFC 3461 section 4.4)."
        if self.body_type == "BINARYMIME" and not self.bdat:
            return "--body-type BINARYMIME needs --bdat: DATA is for lines (RFC 3030 section 3)."
        for each in (*self.mail_option, *self.rcpt_option):
            if not each.isprintable() or " " in each or not each:
                return "a MAIL or RCPT parameter must not contain spaces; give each one separately."
        return ""

    def _step_contradiction(self, *, tls: bool, logs_in: bool, secures: bool) -> str:
        if self.stop_after and self.drop_after:
            return "--stop-after and --drop-after cannot be combined."
        name = "--stop-after" if self.stop_after else "--drop-after"
        until = self.stop_after or self.drop_after
        if until == "starttls" and not tls:
            return f"{name} starttls, but STARTTLS is not sent: see --tls."
        if until == "login" and not logs_in:
            return f"{name} login needs --login."
        if until == "xclient" and not self.xclient:
            return f"{name} xclient needs --xclient."
        if until == "data" and self.bdat:
            return f"{name} data, but --bdat sends the message without DATA."
        if until and self.times > 1:
            return f"--times sends several messages, but {name} sends none."
        if self.helo and (logs_in or self.xclient or self.bdat):
            return "--helo excludes extensions, and therefore a login, XCLIENT and BDAT."
        if self.helo and tls and not secures and until == "starttls":
            return f"--helo excludes STARTTLS, but {name} waits for it."
        for each in self.xclient:
            words = each.split(" ")
            if not each.isprintable() or not all("=" in word[1:] for word in words):
                return (
                    "--xclient must be 'NAME=VALUE NAME=VALUE', with values in xtext: a space is "
                    "+20 (Postfix XCLIENT_README)."
                )
        return ""


HEADINGS = {
    "Envelope": ("sender", "to", "cc", "bcc", "one_is_enough"),
    "Message": ("subject", "body", "sample", "attach", "header", "add_header", "as_is"),
    "Parameters of MAIL and RCPT": (
        "notify", "ret", "envid", "orcpt", "smtputf8", "body_type", "mail_option", "rcpt_option",
    ),
    "Delivery": (
        "helo", "bdat", "pipelining", "xclient", "stop_after", "drop_after", "times",
    ),
}  # fmt: skip

OPTIONS = (
    Option("--from", "sender", metavar="ADDRESS",
                 help="The envelope sender; '' for <>."),
    Option("--to", metavar="ADDRESS", multiple=True,
                 help="A recipient, or several separated by commas; may be repeated."),
    Option("--cc", metavar="ADDRESS", multiple=True, help="A recipient, also listed in Cc."),
    Option("--bcc", metavar="ADDRESS", multiple=True, help="A recipient not listed in any header "
                                                           "field."),
    Option("--any", "one_is_enough", is_flag=True,
                 help="Exit with 0 if at least one recipient was accepted."),
    Option("--subject", metavar="TEXT", help="The subject, if no FILE is given."),
    Option("--body", metavar="TEXT", help="The text, if no FILE is given."),
    Option("--sample", kind=Choice(SAMPLE_NAMES),
                 help="A sample message that tests one thing, if no FILE is given."),
    Option("--attach", metavar="FILE[;type=T][;name=N]", multiple=True,
                 help="Attach a file, if no FILE is given; may be repeated."),
    Option("--header", metavar="'NAME: VALUE'", multiple=True,
                 help="Replace this header field, or add it; may be repeated."),
    Option("--add-header", metavar="'NAME: VALUE'", multiple=True,
                 help="Add this header field, even if one of that name exists."),
    Option("--as-is", is_flag=True,
                 help="Leave the line endings of FILE unchanged; by default, they become CRLF."),
    Option("--notify", metavar="WHEN", help="DSN: NEVER, or SUCCESS,FAILURE,DELAY."),
    Option("--ret", kind=Choice(("FULL", "HDRS"), case_sensitive=False),
                 help="DSN: how much of the message a failure report returns."),
    Option("--envid", metavar="TEXT", help="DSN: the envelope ID to repeat in reports."),
    Option("--orcpt", is_flag=True, help="DSN: declare each recipient as the original one."),
    Option("--smtputf8", is_flag=True,
                 help="Declare SMTPUTF8; by default, only if an address or the header needs it."),
    Option("--body-type", kind=Choice(BODY_TYPES, case_sensitive=False),
                 help="Declare this BODY; by default, 8BITMIME if the message needs it."),
    Option("--mail-option", metavar="PARAMETER", multiple=True,
                 help="Another parameter for MAIL, such as MT-PRIORITY=3."),
    Option("--rcpt-option", metavar="PARAMETER", multiple=True,
                 help="Another parameter for each RCPT, such as ORCPT=rfc822;a@b.example."),
    Option("--helo", is_flag=True, help="Send HELO and use no extensions."),
    Option("--bdat", is_flag=True, help="Send the message with BDAT (RFC 3030)."),
    Option("--pipelining/--no-pipelining", default=None,
                 help="Send commands in groups or one by one; by default, in groups if PIPELINING "
                      "is offered."),
    Option("--xclient", metavar="'NAME=VALUE ...'", multiple=True,
                 help="Send XCLIENT with these attributes before the login (Postfix); may be "
                      "repeated."),
    Option("--stop-after", kind=Choice(STOPS), help="Send QUIT after this step."),
    Option("--drop-after", kind=Choice(DROPS),
                 help="Close the connection after this step, without QUIT."),
    Option("--times", metavar="N", kind=Whole(1, 1_000_000), default=1,
                 help="Send this many messages in turn over one connection."),
)  # fmt: skip


def send_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add these options to a click command, which receives them as `sending`, a `SendOptions`."""

    @functools.wraps(function)
    def with_options(**given: Any) -> Any:
        own = {name: given.pop(name) for name in SendOptions.__struct_fields__}
        return function(sending=SendOptions(**own), **given)

    made: Callable[..., Any] = with_options
    for option in reversed(OPTIONS):
        made = option(made)
    return made
