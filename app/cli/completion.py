"""`heloscope completion SHELL`: prints the script that completes arguments in a shell."""

from __future__ import annotations

import click

from .sentence import SentenceCommand

_SHELLS = ("bash", "zsh", "fish")
_FILES = {
    "bash": "~/.local/share/bash-completion/completions/heloscope",
    "zsh": "a file named _heloscope in a folder of $fpath",
    "fish": "~/.config/fish/completions/heloscope.fish",
}


class CompletionCommand(SentenceCommand):
    """`heloscope completion`, whose help also explains where to save the output."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the file in which to save the output for each shell."""
        with formatter.section("Where to save the output"):
            formatter.write_dl(list(_FILES.items()))


@click.command(cls=CompletionCommand)
@click.argument("shell", type=click.Choice(_SHELLS), metavar="SHELL")
@click.help_option("-h", "--help", help="Show this help and exit.")
def command(shell: str) -> None:
    """Print the completion script for bash (4.4 or later), zsh or fish.

    The script completes commands, options and their values, files, server profiles (@name) and the
    names of recordings. It runs heloscope each time.
    """
    from .completing import completer
    from .main import COMMANDS, cli

    click.echo(completer(shell, cli, COMMANDS).source())
