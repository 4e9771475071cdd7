"""`heloscope send TARGET [FILE]`: one message, from connecting to QUIT."""

from __future__ import annotations

import sys
from smtplib import SMTPRecipientsRefused
from typing import TYPE_CHECKING

import click

from ...session.private_file import reason
from .ending import leave
from .options import ClientOptions, client_options
from .sentence import SentenceCommand
from .status import BAD_INPUT, DONE, REFUSED, status_of

if TYPE_CHECKING:
    from ...session.aio.session import Session

LARGEST = 1024**3  # octets of a message: all of it is read before connecting


@click.command(cls=SentenceCommand)
@click.argument("target", metavar="TARGET")
@click.argument("file", metavar="[FILE]", required=False)
@click.option("--from", "sender", metavar="ADDRESS", help="The sender of the envelope; '' for <>.")
@click.option(
    "--to",
    "to",
    metavar="ADDRESS",
    multiple=True,
    help="A recipient, or several with commas between; may be repeated.",
)
@click.option("--subject", help="The subject, where no FILE is given.")
@click.option("--body", help="The text, where no FILE is given.")
@click.option(
    "--mail-option",
    metavar="PARAMETER",
    multiple=True,
    help="A parameter of MAIL, such as BODY=8BITMIME or RET=HDRS.",
)
@click.option(
    "--rcpt-option",
    metavar="PARAMETER",
    multiple=True,
    help="A parameter of each RCPT, such as NOTIFY=FAILURE.",
)
@click.option("--bdat", is_flag=True, help="Send the message by BDAT (RFC 3030).")
@click.option(
    "--pipelining/--no-pipelining",
    default=None,
    help="Commands in groups, or one by one; in groups where it is offered.",
)
@click.option(
    "--any",
    "one_is_enough",
    is_flag=True,
    help="Exit with 0 if at least one recipient was accepted.",
)
@client_options
def command(
    target: str, file: str | None, sender: str | None, to: tuple[str, ...], subject: str | None,
    body: str | None, mail_option: tuple[str, ...], rcpt_option: tuple[str, ...], bdat: bool,
    pipelining: bool | None, one_is_enough: bool, options: ClientOptions,
) -> None:  # fmt: skip
    """Send one message, and print what both sides say.

    FILE is a message with its header; - is standard input. Sender and recipients are taken from
    the header where they are not given, and then Bcc is not sent. Line ends are made CRLF.

    \b
    heloscope send mail.example.org letter.eml
    heloscope send mail.example.org --from a@example.org --to b@example.net --subject Test
    heloscope send mail.example.org:587 letter.eml --tls required --login a --secret MAIL_PASSWORD

    The exit status is 0 if every recipient was accepted, 1 if one was refused, 2 for bad input,
    3 without a connection, 4 without TLS, 5 without a login.
    """
    import asyncio

    from ...session.procedures.header import envelope_in, without_bcc
    from ...session.protocol.transparency import normalise_line_ends
    from .client import Client

    if file is not None and (subject is not None or body is not None):
        leave("send: --subject and --body make a message, but FILE is one.", BAD_INPUT)
    given = [word.strip() for each in to for word in each.split(",") if word.strip()]
    try:
        if file is None:
            if sender is None or not given:
                leave("send: without FILE, --from and --to are needed.", BAD_INPUT)
            message = _made(sender, given, subject or "A test", body or "Hello.")
        else:
            message = normalise_line_ends(_read(file))
            if sender is None or not given:
                sender, found = envelope_in(message, sender, given or None)
                given = list(found)
                message = without_bcc(message)
        client = Client(options.target(target), options)
    except OSError as error:
        leave(f"send: the recording cannot be made: {reason(error, options.record)}.", BAD_INPUT)
    except ValueError as error:
        leave(f"send: {error}", status_of(error))

    async def task(session: Session) -> int:
        try:
            result = await session.sendmail(
                sender, given, message, mail_option, rcpt_option,
                pipelining=pipelining, chunking=bdat,
            )  # fmt: skip
        except SMTPRecipientsRefused:
            return _told(0, len(given))
        taken = len(result.accepted)
        if not result or (one_is_enough and taken):
            return DONE
        return _told(taken, taken + len(result))

    sys.exit(asyncio.run(client.run(task)))


def _told(taken: int, of: int) -> int:
    print(f"heloscope: {taken} of {of} recipients accepted.", file=sys.stderr)
    return REFUSED


def _read(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read(LARGEST)
    from pathlib import Path

    from ...session.private_file import read_all

    try:
        return read_all(Path(file).expanduser(), LARGEST)
    except OSError as error:
        leave(f"send: the message cannot be read: {reason(error, file)}.", BAD_INPUT)


def _made(sender: str, to: list[str], subject: str, body: str) -> bytes:
    """A message of a few header fields and a text, with CRLF."""
    from email.message import EmailMessage
    from email.policy import SMTP, SMTPUTF8
    from email.utils import formatdate, make_msgid

    plain = all(address.isascii() for address in (sender, *to))
    message = EmailMessage(policy=SMTP if plain else SMTPUTF8)  # RFC 6532
    message["Date"] = formatdate(localtime=True)
    message["From"] = sender or "MAILER-DAEMON"
    message["To"] = ", ".join(to)
    message["Subject"] = subject
    message["Message-ID"] = make_msgid(domain="heloscope.invalid")
    message.set_content(body)
    return message.as_bytes()
