"""The base class of commands that only print; bad input ends them with one sentence."""

from __future__ import annotations

from typing import Any

import click

from .ending import for_a_reader, leave, printing

_PLAIN = {"a valid integer range": "a whole number", "a valid integer": "a whole number",
          "a valid float range": "a number", "a valid float": "a number"}  # fmt: skip


def _plain(message: str) -> str:
    """click's message about an argument, without its type names."""
    for said, plain in _PLAIN.items():
        message = message.replace(f" is not {said}.", f" is not {plain}.")
    return message


class SentenceCommand(click.Command):
    """A command that only prints; a wrong option gets one sentence and exit status 2.

    If the reader of its output leaves, as `head` does, it ends silently.
    """

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the command."""
        with printing():
            return super().main(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Carry out the command."""
        with for_a_reader():
            return super().invoke(ctx)

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:  # fmt: skip
        """The context of one invocation, with its options parsed."""
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            name = (info_name or "").rpartition(" ")[2]
            leave(f"{name}: {_plain(error.format_message())}", 2)
