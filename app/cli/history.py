"""`heloscope history`: list, search, show, repeat, name, pin and delete the stored recordings."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from ...session.visible import visible_text
from .history_again import command as again
from .kept import doing, find_kept, open_index
from .progress import progress
from .sentence import SentenceCommand, leave

if TYPE_CHECKING:
    from ...session.archive.query import Query
    from ...session.archive.recordings import Kept

_help = click.help_option("-h", "--help", help="Show this help and exit.")
_most = click.option(
    "-n", "most", type=click.IntRange(1), metavar="N", help="List only the newest N."
)
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line.")


class HistoryCommand(SentenceCommand):
    """`heloscope history`, whose first argument may be one of its subcommands."""

    def main(
        self, args: Sequence[str] | None = None, prog_name: str | None = None, *rest: Any,
        **extra: Any,
    ) -> Any:  # fmt: skip
        """Run the subcommand in COMMANDS that the first word names, or else the command itself."""
        words = list(sys.argv[1:] if args is None else args)
        if words and words[0] in COMMANDS:
            return COMMANDS[words[0]].main(words[1:], f"{prog_name} {words[0]}", *rest, **extra)
        if words and not words[0].startswith("-"):
            known = ", ".join(COMMANDS)
            leave(f"history: unknown command {words[0][:40]}. The commands are {known}.", 2)
        return super().main(words, prog_name, *rest, **extra)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands and examples below the options."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, each.short_help or "") for name, each in COMMANDS.items()])
        with formatter.section("Examples"):
            formatter.write_dl([
                ("heloscope history search quota --since 3d", "recent recordings about quota"),
                ("heloscope history search --code 5xx", "recordings with a permanent failure"),
                ("heloscope history name 1 greylisting", "call the newest one greylisting"),
                ("heloscope history open greylisting", "show it in the application"),
                ("heloscope history again 1", "repeat it, and stop at the first different reply"),
            ])  # fmt: skip


@click.command(cls=HistoryCommand)
@_most
@_json
@_help
def command(most: int | None, as_json: bool) -> None:
    """List the recordings of your sessions, newest first.

    Every session is recorded as it runs, with secrets masked, unless --no-record is used. You refer
    to a recording by its number in this list (1 is the newest), by the name you gave it, or by its
    file.
    """
    with open_index() as index:
        kept = index.recordings()
    if not (kept or as_json or index.trouble):
        print(f"No recordings yet. heloscope TARGET records each session in {index.folder}.")
    _print(kept[:most], as_json=as_json)


@click.command(cls=SentenceCommand, short_help="Find recordings by their contents.")
@click.argument("words", nargs=-1)
@click.option(
    "--server", default="", metavar="TEXT", help="Part of the server's name or address, or @NAME."
)
@click.option(
    "--code", "codes", multiple=True, metavar="CODE", help="A reply code: 550, 55x or 5xx."
)
@click.option(
    "--since",
    metavar="DATE",
    help="Started at or after 2026-11-29 or today, or in the last 12h, 3d or 2w.",
)
@click.option(
    "--until",
    metavar="DATE",
    help="Started at this time or earlier; a date includes the whole day.",
)
@_most
@_json
@_help
def search(
    words: tuple[str, ...], server: str, codes: tuple[str, ...], since: str | None,
    until: str | None, most: int | None, as_json: bool,
) -> None:  # fmt: skip
    """Find recordings that contain all WORDS, sent by either side, in any order.

    A word that contains punctuation (5.1.1, bob@example.org) must match as a whole; case does not
    matter. All words and codes must occur in the same recording, which is one conversation, but not
    necessarily in the same line. The exit status is 1 if nothing was found.
    """
    from ...session.archive.query import Query, QueryError, code_range, moment, words_of

    if words and not words_of(" ".join(words)):
        leave("search: nothing to search for: the words contain no letter or digit.", 2)
    if not (words or server or codes or since or until):
        leave("search: nothing to search for: use WORDS, --server, --code, --since or --until.", 2)
    try:
        query = Query(
            words_of(" ".join(words)),
            _host(server) if server.startswith("@") else server,
            tuple(map(code_range, codes)),
            moment(since) if since else 0.0,
            moment(until, end=True) if until else float("inf"),
        )
    except QueryError as error:
        leave(f"search: {error}", 2)
    found = _search(query)
    if not found:
        leave("search: no recording matches. heloscope history lists all recordings.", 1)
    _print(found[:most], as_json=as_json)


def _host(name: str) -> str:
    """Return the server of the profile @NAME, in the form in which recordings name it."""
    from ...session.target import TargetError
    from ..config.reader import load
    from ..config.servers import resolved

    try:
        return resolved(load(), name, {}).target.rpartition("//")[2]
    except TargetError as error:
        leave(f"search: {error}", 2)


def _search(query: Query) -> list[Kept]:
    with open_index() as index:
        return index.recordings(query)


@click.command(cls=SentenceCommand, short_help="Print a recording as text.")
@click.argument("word", metavar="N|NAME")
@click.option("--path", "as_path", is_flag=True, help="Print the path of its file instead.")
@_json
@_help
def show(word: str, as_path: bool, as_json: bool) -> None:
    """Print the lines of both sides in a recording. --json prints its details instead.

    C: is the client, S: the server. A damaged recording is printed as far as possible.
    """
    _, each = find_kept("show", word)
    if as_path:
        print(visible_text(str(each.path)) if sys.stdout.isatty() else each.path)
    elif as_json:
        _print([each], as_json=True)
    else:
        _print_text(each, word)


def _print_text(each: Kept, word: str) -> None:
    from ...session.private_file import reason
    from ...session.protocol.replay import replay
    from ...session.record.reader import Recording, RecordingError

    try:
        with Recording(each.path) as recording, progress("show", f"reading {word}") as far:
            size = max(1, each.path.stat().st_size)
            far.percent = lambda: min(99, recording.read_to * 100 // size)
            talk = replay(recording)
            problems = recording.problems
    except RecordingError as error:
        leave(f"show: cannot read {each.path.name}: {error}", 2)
    except OSError as error:
        leave(f"show: cannot read the recording: {reason(error, each.path)}.", 2)
    click.echo(talk.transcript.to_text(times=True), nl=False)
    for problem in problems:
        print(f"heloscope: {problem}", file=sys.stderr)


@click.command("open", cls=SentenceCommand, short_help="Show a recording in the application.")
@click.argument("word", metavar="N|NAME")
@_help
def open_(word: str) -> None:
    """Show a recording in the application, read-only, as heloscope open FILE does."""
    from ..recorded import Recorded
    from .start import start_app

    _, each = find_kept("open", word)
    sys.exit(start_app("practice", record=True, recording=Recorded(str(each.path))))


@click.command(cls=SentenceCommand, short_help="Give a recording a name.")
@click.argument("word", metavar="N|NAME")
@click.argument("name", metavar="NEWNAME", default="")
@_help
def name(word: str, name: str) -> None:
    """Name a recording NEWNAME, or remove its name if NEWNAME is omitted.

    The name is kept in a file next to the recording, and survives the loss of the index.
    """
    from ...session.archive.recordings import rename

    kept, each = find_kept("name", word)
    with doing("name"):
        rename(kept, each, name)


@click.command(cls=SentenceCommand, short_help="Keep a recording when old ones are removed.")
@click.argument("word", metavar="N|NAME")
@_help
def pin(word: str) -> None:
    """Pin a recording, so that it is never removed to make room for others.

    Pinned recordings do not count towards the limit.
    """
    _pin("pin", word, pinned=True)


@click.command(cls=SentenceCommand, short_help="Let a pinned recording be removed again.")
@click.argument("word", metavar="N|NAME")
@_help
def unpin(word: str) -> None:
    """Unpin a recording, so that it is removed once it is the oldest and room is needed."""
    _pin("unpin", word, pinned=False)


def _pin(what: str, word: str, *, pinned: bool) -> None:
    from ...session.archive.recordings import pin as set_pin

    _, each = find_kept(what, word)
    with doing(what):
        set_pin(each, pinned=pinned)


@click.command(cls=SentenceCommand, short_help="Delete recordings.")
@click.argument("words", metavar="N|NAME...", nargs=-1, required=True)
@click.option("--yes", is_flag=True, help="Do not ask.")
@_help
def delete(words: tuple[str, ...], yes: bool) -> None:
    """Delete recordings and their notes, asking before each. Pinned recordings are not deleted."""
    from ...session.archive.recordings import NotFound, find
    from ...session.archive.recordings import delete as delete_one

    with open_index() as index:
        kept = index.recordings()
        try:
            chosen = [find(kept, word) for word in words]
        except NotFound as error:
            leave(f"delete: {error}", 2)
        for each in {each.path: each for each in chosen}.values():
            if not yes:
                if not sys.stdin.isatty():
                    leave("delete: cannot ask without a terminal; --yes deletes without asking.", 2)
                if not click.confirm(f"Delete {_line(each).strip()}?"):
                    continue
            with doing("delete"):
                delete_one(each)
        with doing("delete"):
            index.update()


COMMANDS = {
    "search": search,
    "show": show,
    "open": open_,
    "again": again,
    "name": name,
    "pin": pin,
    "unpin": unpin,
    "delete": delete,
}


# Output


def _print(kept: Sequence[Kept], *, as_json: bool) -> None:
    for each in kept:
        if as_json:
            print(json.dumps(_object(each)))
        else:
            print(_line(each))
            if each.excerpt:
                print(f"      {each.excerpt}")


def _line(each: Kept) -> str:
    from time import localtime, strftime

    summary = each.summary
    when = strftime("%Y-%m-%d %H:%M", localtime(summary.began))
    words = [f"{each.number:>4}{'*' if each.label.pinned else ' '} {when} "]
    if each.label.name:
        words.append(f'"{visible_text(each.label.name)}"')
    words.append(summary.target)
    return f"{' '.join(words)}  {summary.outcome}"


def _object(each: Kept) -> dict[str, Any]:
    return {
        "number": each.number,
        "name": each.label.name,
        "pinned": each.label.pinned,
        "path": str(each.path),
        "size": each.size,
        **each.summary.as_json(),
        **({"excerpt": each.excerpt} if each.excerpt else {}),
    }
