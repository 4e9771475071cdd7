"""`heloscope probe TARGET…`: asks servers what they offer and allow, and explains the answers."""

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
    """Ask servers what they offer and allow, and explain the answers.

    Each TARGET is asked for its greeting, for its extensions before and after STARTTLS, for VRFY,
    EXPN and HELP, and, if PIPELINING is offered, for three commands in a group. Its certificate is
    verified; one that fails is examined over a second connection, without verification. The probe
    neither starts a mail transaction nor logs in. Each finding is good, a notice or a problem.
    Several targets are asked at the same time, and then shown side by side. The TARGET practice is
    a practice server that runs as long as the command.

    \b
    heloscope probe mail.example.org
    heloscope probe mx1.example.org mx2.example.org smtps://mail.example.org
    heloscope probe mail.example.org:587 --tls required --quiet   # prints only the problems

    The exit status is 0 if there are no problems, 1 if there are any, 2 for bad input, 3 if a
    target could not be asked every question, and 4 if TLS failed or a certificate is not valid.
    """
    from .probing import probe

    probe(targets, options, strict=strict, within=within)
