"""`heloscope compare A B`: the differences between two conversations, or a server then and now."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING, NamedTuple

import click

from ...session.verbs import AUTH_VERBS
from ...session.visible import visible_text
from ..exit_status import BAD_INPUT, DONE, NO_CONNECTION, REFUSED
from .ending import leave
from .grouped import GroupedCommand
from .options import ClientOptions, asking_options
from .progress import Progress, progress
from .status import status_of
from .streams import read_input

if TYPE_CHECKING:
    from ...session.protocol.dialogue import Turn

WITHIN = 120.0  # seconds for all questions to one server


class Side(NamedTuple):
    """One of the two conversations to compare.

    `name` identifies it, and `head` is its heading above a diff. `turns` are its commands with
    their replies. `missing` says what the conversation lacks, or is "". `live` is true if a server
    was asked just now, and `logs_in` is true if it was asked with a login.
    """

    name: str
    head: str
    turns: list[Turn]
    missing: str = ""
    live: bool = False
    logs_in: bool = False


class NoSide(Exception):
    """Raised when a side cannot be obtained, with a sentence and the exit status."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.status = status


@click.command(cls=GroupedCommand, headings={"The comparison": ("exact", "times", "all_turns")})
@click.argument("left", metavar="A")
@click.argument("right", metavar="B")
@click.option(
    "--exact",
    is_flag=True,
    help="Also compare what changes each time: names, IDs, dates, and messages.",
)
@click.option(
    "--times",
    metavar="SECONDS",
    type=click.FloatRange(0),
    help="Also compare times: report replies that took this much longer or shorter.",
)
@click.option("--all", "all_turns", is_flag=True, help="Also print what is the same.")
@asking_options("Print one JSON object, and nothing else.", login=True)
def command(
    left: str, right: str, exact: bool, times: float | None, all_turns: bool, options: ClientOptions
) -> None:
    """Compare two conversations, command by command.

    A and B are each a recording, another tool's log (FILE#2 is the second conversation in FILE),
    the number or name of a recording in heloscope history, or a TARGET, which is probed now as
    heloscope probe would. A name is looked up in this order. If only one of the two is a TARGET,
    commands that belong only to a delivery are ignored. A login is ignored too unless both sides
    have one: --login logs in to the TARGET, and so does a profile with a user if the other side has
    a login. The results of the logins are then compared, whatever the mechanism.

    Extensions are compared as a list, and texts without the parts that change each time (queue IDs,
    session IDs, dates, times, host names, addresses, large numbers). Messages are not compared.
    With --exact, all of this is compared. Lines that begin with - are only in A, and lines that
    begin with + only in B.

    \b
    heloscope compare yesterday.jsonl today.jsonl
    heloscope compare 2 1
    heloscope compare swaks.log mail.example.org
    heloscope compare then.jsonl mail.example.org:587 --login alice --secret PASSWORD
    heloscope compare mx1.example.org mx2.example.org --times 0.5

    The exit status is 0 if nothing differs, 1 if something does, 2 for bad input, and 3 if a TARGET
    could not be asked every question.
    """
    from ...session.comparison.differences import PROBE_VERBS, Manner, compare
    from .compare_report import print_json, print_rows

    if options.record:
        leave("compare: --record FILE records one conversation, but two are compared.", BAD_INPUT)
    if left == right == "-":
        leave("compare: A and B cannot both be standard input.", BAD_INPUT)
    try:
        with progress("compare", f"comparing {left} and {right}") as far:
            one, other = asyncio.run(_both(left, right, options, far))
    except NoSide as error:
        leave(str(error), error.status)
    for side in (one, other):
        if side.missing:
            print(f"heloscope: {visible_text(side.name)}: {side.missing}", file=sys.stderr)
    logs_in = one.logs_in or other.logs_in
    asked = PROBE_VERBS | frozenset(AUTH_VERBS) if logs_in else PROBE_VERBS
    only = asked if one.live is not other.live else None
    manner = Manner(exact=exact, times=times, only=only, logins=logs_in)
    rows = compare(one.turns, other.turns, manner)
    if options.json:
        print_json(sys.stdout, one.name, other.name, rows)
    elif not options.quiet:
        print_rows(sys.stdout, one.head, other.head, rows, everything=all_turns)
    sys.exit(REFUSED if any(row.differences for row in rows) else DONE)


async def _both(left: str, right: str, options: ClientOptions, far: Progress) -> tuple[Side, Side]:
    """Read or probe both sides, and return them. Two servers are probed at the same time.

    Raises NoSide.
    """
    words = (left, right)
    read = [await _read(word, far) for word in words]
    far.percent, far.what = None, f"comparing {left} and {right}"
    had = any(turn.verb in AUTH_VERBS for side in read if side for turn in side.turns)
    if options.logs_in and None not in read:
        raise NoSide("compare: --login needs a TARGET, but neither A nor B is one.", BAD_INPUT)
    asked = await asyncio.gather(
        *(_asked(word, options, had) for word, side in zip(words, read, strict=True) if not side),
        return_exceptions=True,
    )
    for got in asked:
        if isinstance(got, BaseException):
            raise got
    servers = iter([got for got in asked if isinstance(got, Side)])
    one, other = (side or next(servers) for side in read)
    return one, other


async def _read(word: str, far: Progress) -> Side | None:
    """Read a recording or a log. Return None if `word` names neither and so must be a server."""
    if word == "-" or _is_file(word):
        return await _recorded(word, word, far)
    kept = _kept(word, far)
    return await _recorded(word, kept, far) if kept else None


def _is_file(word: str) -> bool:
    from ..recordings.opened import split_number

    return os.path.lexists(os.path.expanduser(split_number(word)[0]))


async def _recorded(name: str, file: str, far: Progress) -> Side:
    from ...session.foreign.log import LARGEST
    from ...session.protocol.dialogue import dialogue
    from ...session.record.masking import KnownSecrets
    from ..recordings.compared import head
    from ..recordings.opened import OpenError, read_recording

    data = read_input("compare", LARGEST + 1) if file == "-" else None
    try:
        far.percent, far.what = None, f"reading {name}"
        opened = await read_recording(file, KnownSecrets(), data, told=far.at)
    except OpenError as error:
        raise NoSide(f"compare: {error}", BAD_INPUT) from None
    name, transcript = visible_text(name), opened.conversation.transcript
    shown = head(name, visible_text(opened.target), transcript, timed=opened.timed)
    return Side(name, shown, dialogue(transcript), opened.missing)


def _kept(word: str, far: Progress) -> str:
    """Return the path of the recording in heloscope history with this number or name, or "".

    Raises NoSide.
    """
    from ...session.archive.index import Index
    from ...session.archive.recordings import NotFound, find
    from ...session.private_file import reason

    if not word or any(sign in word for sign in ":/"):
        return ""
    try:
        with Index() as index:
            far.what = "reading the recordings"
            index.update(far.of)
            return str(find(index.recordings(), word).path)
    except NotFound as error:
        if word.isdecimal():
            raise NoSide(f"compare: {error}", BAD_INPUT) from None
        return ""
    except OSError as error:
        raise NoSide(f"compare: cannot read the recordings: {reason(error)}.", 1) from None


async def _asked(word: str, options: ClientOptions, had_login: bool) -> Side:
    """Probe a server now, and return its side of the comparison. Raises NoSide.

    `had_login` is true if the other side contains a login; only then is a profile's login used.
    """
    from ...session.protocol.dialogue import dialogue
    from ...session.target import TargetError
    from ..config.servers import is_name
    from ..recordings.compared import head
    from .configured import configured
    from .visit import Visit, visiting

    try:
        login = options.logs_in or (had_login and "login" not in (options.given or ()))
        target, merged = configured(options, word, login=login)
        visit = Visit(target, visiting(merged, target), WITHIN)
    except TargetError as error:
        what = f"compare: {visible_text(word)[:80]} is not a file, a recording or a TARGET"
        raise NoSide(f"{what}: {error}", BAD_INPUT) from None
    except (OSError, ValueError) as error:
        raise NoSide(f"compare: {error}", status_of(error)) from None
    asked = await visit.ask()
    if asked.error:
        maybe = "" if "/" in word or ":" in word else "No file or recording has that name either. "
        raise NoSide(f"compare: {asked.error} {maybe}".rstrip(), asked.status or NO_CONNECTION)
    name = visible_text(word) if is_name(word) else visit.target.shown
    if not asked.transcripts:
        return Side(name, name, [], live=True, logs_in=merged.logs_in)
    transcript = asked.transcripts[-1]
    shown = head(name, visit.target.shown, transcript)
    return Side(name, shown, dialogue(transcript), live=True, logs_in=merged.logs_in)
