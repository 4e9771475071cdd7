"""How the command line ends on bad input: one sentence on standard error, and a status."""

from __future__ import annotations

import sys
from typing import Any, NoReturn

import click

from ...session.visible import visible_text


def leave(sentence: str, status: int) -> NoReturn:
    """Print `sentence` on standard error, and exit with `status`."""
    print(f"heloscope: {visible_text(sentence)}", file=sys.stderr)
    sys.exit(status)


class SentenceCommand(click.Command):
    """A command that only prints; a wrong option gets one sentence and exit status 2.

    So does output that cannot be written, as on a full disk, with exit status 1.
    """

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the command."""
        try:
            return super().main(*args, **extra)
        except OSError as error:
            leave(f"the output could not be written: {error.strerror or error}.", 1)

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:  # fmt: skip
        """The context of one invocation, its options parsed."""
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            name = (info_name or "").rpartition(" ")[2]
            leave(f"{name}: {error.format_message()}", 2)
