"""`heloscope send TARGET [FILE]`: one message, from connecting to QUIT."""

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
    """Send one message, and print what both sides say.

    FILE is a message with its header; - is standard input. Sender and recipients are taken from the
    header unless given, and then Bcc is not sent. Without FILE, a message is made. The TARGET
    practice is a practice server for as long as the command runs.

    \b
    heloscope send mail.example.org letter.eml
    heloscope send mail.example.org --from a@example.org --to b@example.net --subject Test
    heloscope send mail.example.org:587 letter.eml --tls required --login a --secret MAIL_PASSWORD
    heloscope send mail.example.org --from '' --to b@example.net --stop-after rcpt
    heloscope send lmtp://localhost:2400 --from a@b.example --to x,y --sample dots --any
    heloscope send mail.example.org letter.eml --notify SUCCESS,FAILURE --ret HDRS --envid 42

    The steps of --stop-after and --drop-after: connect (the greeting), ehlo (the first), starttls
    (the handshake), secured (the EHLO after it), xclient, login, mail, rcpt, and to drop also data
    (its 354) and message (the reply to it). The exit status is then 0 if the server accepted
    everything that was sent.

    The exit status is 0 if every recipient was accepted, 1 if one was refused, 2 for bad input,
    3 without a connection, 4 without TLS, 5 without a login.
    """
    deliver(target, file, sending, options)
