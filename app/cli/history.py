"""`heloscope history`: list, search, show, name, pin and delete the recordings that are kept."""

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

_help = click.help_option("-h", "--help", help="Show this help, and exit.")
_most = click.option(
    "-n", "most", type=click.IntRange(1), metavar="N", help="List the newest N only."
)
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")


class HistoryCommand(SentenceCommand):
    """`heloscope history`: the next word is one of its commands."""

    def main(
        self, args: Sequence[str] | None = None, prog_name: str | None = None, *rest: Any,
        **extra: Any,
    ) -> Any:  # fmt: skip
        """Run the command, or the one of COMMANDS that the first word names."""
        words = list(sys.argv[1:] if args is None else args)
        if words and words[0] in COMMANDS:
            return COMMANDS[words[0]].main(words[1:], f"{prog_name} {words[0]}", *rest, **extra)
        if words and not words[0].startswith("-"):
            known = ", ".join(COMMANDS)
            leave(f"history: {words[0][:40]} is not one of its commands: {known}.", 2)
        return super().main(words, prog_name, *rest, **extra)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands below the options, and examples."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, each.short_help or "") for name, each in COMMANDS.items()])
        with formatter.section("Examples"):
            formatter.write_dl([
                ("heloscope history search quota --since 3d", "what was said about quota recently"),
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
    """List the recordings of your sessions, the newest first.

    Every session is recorded as it runs, with secrets masked, unless --no-record is given. A
    recording is named by its number in this list (1 is the newest), by the name that you gave it,
    or by its file.
    """
    with open_index() as index:
        kept = index.recordings()
    if not (kept or as_json or index.trouble):
        print(f"Nothing is recorded yet. heloscope TARGET records each session in {index.folder}.")
    _print(kept[:most], as_json=as_json)


@click.command(cls=SentenceCommand, short_help="Find recordings by their contents.")
@click.argument("words", nargs=-1)
@click.option(
    "--server", default="", metavar="TEXT", help="Part of the server's name or address, or @NAME."
)
@click.option("--code", "codes", multiple=True, metavar="CODE", help="A reply: 550, 55x or 5xx.")
@click.option("--since", metavar="DATE", help="Begun since 2026-11-29, today, 12h, 3d, 2w.")
@click.option(
    "--until",
    metavar="DATE",
    help="Begun at that time or earlier; a date includes the whole day.",
)
@_most
@_json
@_help
def search(
    words: tuple[str, ...], server: str, codes: tuple[str, ...], since: str | None,
    until: str | None, most: int | None, as_json: bool,
) -> None:  # fmt: skip
    """Find the recordings in which all WORDS were said, by either side, in any order.

    A word with punctuation in it (5.1.1, bob@example.org) is searched for as a whole; case does not
    matter. WORDS and codes have to occur in the same recording, which is one conversation, but not
    in the same line. The exit status is 1 if nothing was found.
    """
    from ...session.archive.query import Query, QueryError, code_range, moment, words_of

    if words and not words_of(" ".join(words)):
        leave("search: the words contain no letter or digit: there is nothing to search for.", 2)
    if not (words or server or codes or since or until):
        leave("search: say what to search for: WORDS, --server, --code, --since or --until.", 2)
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
        leave("search: no recording matches. heloscope history lists all of them.", 1)
    _print(found[:most], as_json=as_json)


def _host(name: str) -> str:
    """The server of @NAME in the configuration, as recordings name it."""
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
    """Print the lines of both sides in a recording; --json prints its details.

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
        leave(f"show: {each.path.name} cannot be read: {error}", 2)
    except OSError as error:
        leave(f"show: the recording cannot be read: {reason(error, each.path)}.", 2)
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
    """Call a recording NEWNAME; without NEWNAME, its name is taken away.

    The name is kept in a file beside the recording, and survives a lost index.
    """
    from ...session.archive.recordings import rename

    kept, each = find_kept("name", word)
    with doing("name"):
        rename(kept, each, name)


@click.command(cls=SentenceCommand, short_help="Keep a recording when old ones are removed.")
@click.argument("word", metavar="N|NAME")
@_help
def pin(word: str) -> None:
    """Pin a recording: it is never removed to make room for others, and does not count towards the
    limit.
    """
    _pin("pin", word, pinned=True)


@click.command(cls=SentenceCommand, short_help="Let a pinned recording be removed again.")
@click.argument("word", metavar="N|NAME")
@_help
def unpin(word: str) -> None:
    """Unpin a recording: it is removed once it is the oldest and room is needed."""
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
    """Delete recordings with their notes, after asking for each; a pinned one is not deleted."""
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
                    leave("delete: nobody can be asked here; --yes deletes without asking.", 2)
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
