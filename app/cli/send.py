"""`heloscope send TARGET [FILE]`: sends a message, from connecting to QUIT."""

from __future__ import annotations

import click

from .delivery import deliver
from .grouped import GroupedCommand
from .options import ClientOptions, client_options
from .send_options import HEADINGS, SendOptions, send_options


@click.command(cls=GroupedCommand, headings=HEADINGS)
@click.argument("target", metavar="TARGET")
@click.argument("file", metavar="[FILE]", required=False)
@send_options
@client_options
def command(target: str, file: str | None, sending: SendOptions, options: ClientOptions) -> None:
    """Send a message and print the conversation.

    FILE is a message with its header; - is standard input. Unless given, the sender and recipients
    are taken from the header, and Bcc is then removed. Without FILE, a message is made. The TARGET
    practice is a practice server that runs as long as the command.

    \b
    heloscope send mail.example.org letter.eml
    heloscope send mail.example.org --from a@example.org --to b@example.net --subject Test
    heloscope send mail.example.org:587 letter.eml --tls required --login a --secret MAIL_PASSWORD
    heloscope send mail.example.org --from '' --to b@example.net --stop-after rcpt
    heloscope send lmtp://localhost:2400 --from a@b.example --to x,y --sample dots --any
    heloscope send mail.example.org letter.eml --notify SUCCESS,FAILURE --ret HDRS --envid 42

    The steps for --stop-after and --drop-after are connect (the greeting), ehlo (the first EHLO),
    starttls (the handshake), secured (the EHLO after it), xclient, login, mail and rcpt;
    --drop-after also allows data (its 354) and message (the reply to it). The exit status is then 0
    if the server accepted everything that was sent.

    The exit status is 0 if every recipient was accepted, 1 if one was refused, 2 for bad input, 3
    if there was no connection, 4 if TLS failed, and 5 if the login failed.
    """
    deliver(target, file, sending, options)
