"""`heloscope probe TARGET…`: asks servers what they offer and allow, and explains it."""

from __future__ import annotations

import click

from .grouped import GroupedCommand
from .options import ClientOptions, asking_options
from .probe_options import JSON, STRICT, WITHIN


@click.command(cls=GroupedCommand, headings={"The verdict": ("strict", "within")})
@click.argument("targets", metavar="TARGET...", nargs=-1, required=True)
@STRICT
@WITHIN
@asking_options(JSON)
def command(targets: tuple[str, ...], strict: bool, within: float, options: ClientOptions) -> None:
    """Ask servers what they offer and allow, and explain it.

    Each TARGET is asked for its greeting, for its extensions before and after STARTTLS, for VRFY,
    EXPN and HELP, and for three commands in a group where PIPELINING is offered. Its certificate is
    checked; one that fails is examined in a second connection, without verification. No mail
    transaction is begun, and nobody logs in. Each finding is good, a notice or a problem. Several
    targets are asked at the same time, and then shown side by side. The TARGET practice is a
    practice server for as long as the command runs.

    \b
    heloscope probe mail.example.org
    heloscope probe mx1.example.org mx2.example.org smtps://mail.example.org
    heloscope probe mail.example.org:587 --tls required --quiet   # prints the problems alone

    The exit status is 0 if there is no problem, 1 for a problem, 2 for bad input, 3 if a target
    could not be asked everything, 4 if TLS failed or a certificate is not valid.
    """
    from .probing import probe

    probe(targets, options, strict=strict, within=within)
