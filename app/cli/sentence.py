"""The base class of commands that only print. Bad input ends them with one sentence."""

from __future__ import annotations

from typing import Any

import click

from .ending import for_a_reader, leave, printing

_PLAIN = {"a valid integer range": "a whole number", "a valid integer": "a whole number",
          "a valid float range": "a number", "a valid float": "a number"}  # fmt: skip


def _plain(message: str) -> str:
    """Replace click's type names in a message about an argument with plain words."""
    for said, plain in _PLAIN.items():
        message = message.replace(f" is not {said}.", f" is not {plain}.")
    return message


class SentenceCommand(click.Command):
    """A command that only prints. A wrong option ends it with one sentence and exit status 2.

    If the program reading its output ends first, as `head` does, the command ends silently.
    """

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the command, ending it with one sentence if its output cannot be written."""
        with printing():
            return super().main(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Carry out the command, ending it silently if its output is no longer read."""
        with for_a_reader():
            return super().invoke(ctx)

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:  # fmt: skip
        """Create the context of one invocation by parsing its options. Mistakes end the program."""
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            name = (info_name or "").rpartition(" ")[2]
            leave(f"{name}: {_plain(error.format_message())}", 2)
