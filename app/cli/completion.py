"""`heloscope completion SHELL`: the script by which a shell completes commands, options and
files.
"""

from __future__ import annotations

import click

from .sentence import SentenceCommand

_SHELLS = ("bash", "zsh", "fish")
_FILES = {
    "bash": "~/.local/share/bash-completion/completions/heloscope",
    "zsh": "a file _heloscope in a folder of $fpath",
    "fish": "~/.config/fish/completions/heloscope.fish",
}


class CompletionCommand(SentenceCommand):
    """`heloscope completion`, with where its output belongs."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the file for each shell."""
        with formatter.section("Where the output belongs"):
            formatter.write_dl(list(_FILES.items()))


@click.command(cls=CompletionCommand)
@click.argument("shell", type=click.Choice(_SHELLS), metavar="SHELL")
@click.help_option("-h", "--help", help="Show this help, and exit.")
def command(shell: str) -> None:
    """Print the completion for bash (4.4 or later), zsh or fish.

    It completes commands, options and their values, files, profiles of servers (@name) and the
    names of recordings: each time by asking heloscope.
    """
    from .completing import completer
    from .main import COMMANDS, cli

    click.echo(completer(shell, cli, COMMANDS).source())
