"""`heloscope swaks ARGUMENTS…`: does what swaks would do, or says why an option is unsupported."""

from __future__ import annotations

import click

from ..swaks.options import OPTIONS, dashed
from .sentence import SentenceCommand
from .swaks_delivery import deliver


@click.command(
    cls=SentenceCommand,
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    add_help_option=False,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """Do what swaks would do with these arguments.

    Every option of swaks is recognised. If heloscope does not support one, the command prints the
    reason and exits with status 2. .swaksrc and SWAKS_OPT_ variables are read as swaks reads them.
    The conversation is printed, and the exit status chosen, as by heloscope send.

    \b
    heloscope swaks --to user@example.net --server mail.example.net
    heloscope swaks -t user@example.net -s mail.example.net:587 -tls -a LOGIN -au me -ap
    heloscope swaks --options          lists how each option is treated

    A password among the arguments is overwritten as soon as the program runs, but for a moment
    others can see it in the list of processes. If no password follows -ap, heloscope asks for it.
    It is not stored anywhere.
    """
    if arguments in (("--help",), ("-help",)):
        click.echo(click.get_current_context().get_help())
        return
    if arguments == ("--options",):
        _print_table()
        return
    deliver(arguments)


def _print_table() -> None:
    """Print how each option of swaks is treated."""
    for option in OPTIONS:
        names = ", ".join(map(dashed, option.names))
        click.echo(f"{names:48} {option.ours or f'not supported: {option.why}'}")
