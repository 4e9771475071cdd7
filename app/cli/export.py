"""`heloscope export FILE --to FORMAT`: writes a recording or a log in another format."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...session.visible import visible_text
from ..actions import EXPORT_FORMATS
from .kept import kept_path
from .progress import progress
from .sentence import SentenceCommand, leave
from .streams import read_input

if TYPE_CHECKING:
    from ...session.record.masks import Masking
    from ..export.source import ExportSource
    from ..recordings.opened import OpenedRecording

_MASKS = ("addresses", "content")


def _complete_mask(_ctx: click.Context, _param: click.Parameter, typed: str) -> list[str]:
    return [words for words in (*_MASKS, ",".join(_MASKS)) if words.startswith(typed)]


class ExportCommand(SentenceCommand):
    """`heloscope export`, whose help also lists the formats and examples."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the formats and examples below the options."""
        with formatter.section("Formats"):
            formatter.write_dl(list(EXPORT_FORMATS.items()))
        with formatter.section("Examples"):
            formatter.write_dl([
                ("heloscope export 1 --to markdown", "the newest recording, for a ticket"),
                ("heloscope export talk.jsonl -o talk.html --mask addresses", "a page to share"),
                ("heloscope export swaks.log -o talk.pcapng", "a log as packets, for Wireshark"),
                ("heloscope export greylisting --to eml --message 2", "its second message"),
            ])  # fmt: skip


@click.command(cls=ExportCommand)
@click.argument("file", metavar="FILE")
@click.option("--to", "form", type=click.Choice(list(EXPORT_FORMATS)), metavar="FORMAT",
              help="The format (default: that of the output's extension).")  # fmt: skip
@click.option("-o", "--output", metavar="FILE", default="-",
              help="A new file; - (the default) is standard output.")  # fmt: skip
@click.option("--mask", metavar="WHAT", default="", shell_complete=_complete_mask,
              help="addresses: replace mailbox and host names with pseudonyms (except those of "
              "public block lists and help pages); content: omit messages; addresses,content: "
              "both.")  # fmt: skip
@click.option("--message", "number", type=click.IntRange(1), metavar="N",
              help="The number of the message for --to eml.")  # fmt: skip
@click.help_option("-h", "--help", help="Show this help and exit.")
def command(file: str, form: str | None, output: str, mask: str, number: int | None) -> None:
    """Write a recording or another tool's log in another format.

    FILE is a recording, a log or a capture, as for heloscope open; FILE#2 is the second
    conversation in FILE, and - is standard input. FILE may also be the number or name of a
    recording in heloscope history. Passwords and everything else sent with AUTH are always masked;
    in a script, a command or a program, each is replaced with the name of an environment variable
    to set.

    heloscope open, compare and explain can read text, markdown, html, jsonl and pcapng back.
    """
    from ..export.formats import EXPORTS, format_of_file

    masking = _masking(mask)
    name = form or format_of_file(output)
    if not name:
        known = ", ".join(EXPORTS)
        leave(f"export: no format: use --to FORMAT, one of {known}.", 2)
    chosen = EXPORTS[name]
    if name == "pcapng" and output == "-" and sys.stdout.isatty():
        leave("export: a capture cannot be printed on a terminal. Use -o FILE.", 2)
    opened = _opened(file, name, masking, output)
    if opened is None:
        return
    from ..recordings.source import source_of

    source = source_of(opened, masking=masking)
    if opened.missing:
        print(f"heloscope: {visible_text(opened.missing)}", file=sys.stderr)
    if name == "eml":
        _export_messages(source, output, number)
    else:
        _write(chosen.render(source), output)


def _masking(words: str) -> Masking:
    from ...session.record.masks import Masking

    found = [word.strip() for word in words.split(",") if word.strip()]
    for word in found:
        if word not in _MASKS:
            leave(f"export: unknown --mask {word[:40]}; use {' or '.join(_MASKS)}.", 2)
    return Masking("addresses" in found, "content" in found)


def _opened(file: str, form: str, masking: Masking, output: str) -> OpenedRecording | None:
    """Open and return the recording, log or capture that `file` names, or end the program.

    If the file contains no conversation, write what its text reports instead, and return None.
    """
    from ...session.foreign.log import LARGEST
    from ...session.record.masking import KnownSecrets
    from ..recordings.opened import NoConversation, OpenError, read_recording, split_number

    data: bytes | None = None
    if file == "-":
        data = read_input("export", LARGEST + 1)
    elif not os.path.lexists(os.path.expanduser(split_number(file)[0])):
        file = kept_path("export", file)
    try:
        with progress("export", f"reading {'the text' if data is not None else file}") as far:
            return asyncio.run(read_recording(file, KnownSecrets(), data, told=far.at))
    except NoConversation as error:
        from ..explain.report import REPORTS, report

        if form not in REPORTS:
            leave(f"export: {error}", 2)
        found = error.reported(mask_names=masking.addresses)
        _write(iter([report(found, form, masking)]), output)
        return None
    except OpenError as error:
        leave(f"export: {error}", 2)


def _export_messages(source: ExportSource, output: str, number: int | None) -> None:
    """Write one message, or each of several messages to a file of its own."""
    from ...session.plural import plural
    from ..export.eml import eml, messages
    from ..export.output import files_of

    count = len(messages(source.conversation.transcript))
    if not count:
        leave("export: no message was sent in this conversation.", 1)
    if number is not None and number > count:
        leave(f"export: no message {number}: FILE has only {plural(count, '{} message')}.", 2)
    if count == 1 or number is not None:
        _write(eml(source, number or 1), output)
    elif output == "-":
        leave(
            f"export: FILE has {count} messages. --message N writes one of them; -o FILE writes "
            "each to a file of its own.",
            2,
        )
    else:
        for file, parts in files_of([source], "eml", Path(output)):
            _write(parts(), str(file))
            print(visible_text(str(file)))


def _write(parts: Iterable[bytes], output: str) -> None:
    """Write the parts of an export to a new file or to standard output."""
    from ...session.private_file import reason
    from ..export.output import write_parts
    from ..export.svg import TooLong

    try:
        if output == "-":
            for part in parts:
                sys.stdout.buffer.write(part)
            sys.stdout.buffer.flush()
            return
        path = Path(output).expanduser()
        try:
            with progress("export", f"writing {output}"):
                write_parts(parts, path)
        except FileExistsError:
            leave(
                f"export: {output} exists and will not be overwritten. Choose another name.",
                2,
            )
        except (FileNotFoundError, NotADirectoryError, PermissionError) as error:
            leave(f"export: the file cannot be written: {reason(error, path)}.", 2)
        except OSError as error:
            leave(f"export: the file could not be written: {reason(error, path)}.", 1)
    except TooLong as error:
        leave(f"export: {error} Try --to html.", 1)
