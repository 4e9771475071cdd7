"""A command whose help lists its options under headings.

    @click.command(cls=GroupedCommand, headings={"The message": ("subject", "body")})

The options for connecting to a server have their own headings (`options.HEADINGS`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from .options import HEADINGS
from .sentence import SentenceCommand

Headings = Mapping[str, Sequence[str]]


class GroupedCommand(SentenceCommand):
    """A command whose options are listed under `headings`, which map titles to names of options.

    An option without a heading is listed under "Options".
    """

    def __init__(self, *arguments: Any, headings: Headings, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.headings: dict[str, Sequence[str]] = {**headings, **HEADINGS}

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, with a section for each heading that has any."""
        heading_of = {name: title for title, names in self.headings.items() for name in names}
        rows: dict[str, list[tuple[str, str]]] = {title: [] for title in self.headings}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None and isinstance(parameter, click.Option):
                rows.setdefault(heading_of.get(parameter.name or "", "Options"), []).append(record)
        for title, records in rows.items():
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)
