"""`heloscope history again`: repeats a client's lines until the server answers differently."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...session.visible import visible_text
from ..exit_status import BAD_INPUT, DONE, NO_TLS
from .client import Client, Task
from .configured import configured
from .options import IMPLICIT, NONE, REQUIRED, ClientOptions, client_options
from .outlets import say, sentence_of
from .practice_target import is_practice
from .progress import progress
from .sentence import SentenceCommand, leave
from .status import Stage, status_of

if TYPE_CHECKING:
    from ...session.aio.session import Session
    from ...session.procedures.rerun import RerunDiffers, RerunStep
    from ...session.sasl.exchange import Credentials
    from ..recordings.opened import OpenedRecording

_FIRST = 5  # extensions whose meaning is printed


@click.command(
    "again",
    cls=SentenceCommand,
    short_help="Repeat a session, stopping at the first different reply.",
)
@click.argument("word", metavar="N|NAME|FILE")
@click.argument("target", metavar="[TARGET]", default="")
@click.option(
    "--ignore",
    "ignored",
    multiple=True,
    type=click.Choice(["extensions", "enhanced"]),
    help="Do not compare extensions or enhanced codes; may be repeated.",
)
@client_options
def command(word: str, target: str, ignored: tuple[str, ...], options: ClientOptions) -> None:
    """Repeat the client's lines from a recording or another tool's log.

    The lines are sent to the server of the recording, or to TARGET; a message is sent again too.
    The run stops at the first reply that differs, and prints the expected reply, the actual reply
    and its meaning. It compares codes, enhanced codes, the extensions in the EHLO reply, whether a
    handshake succeeds and whether the server closes the connection, but not the reply texts.

    Passwords are not recorded; use --login and --secret, or heloscope asks for them on a terminal.
    TLS starts where it does in the recording; TARGET determines whether it starts with the first
    byte.

    \b
    heloscope history again 1
    heloscope history again before-update mail.example.org:587 --login a --secret MAIL_PASSWORD
    heloscope history again ticket.log staging.example.org --ignore extensions

    The exit status is 0 if all replies are as recorded, 1 if one differs or a line cannot be sent,
    2 for bad input, 3 if there was no connection, and 4 if TLS failed.
    """

    from ...session.procedures.rerun import greeting_as, logs_in
    from ...session.procedures.rerun_steps import rerun_steps

    opened = _opened(word)
    if opened.missing:
        print(f"heloscope: {visible_text(opened.missing)}", file=sys.stderr)
    steps = rerun_steps(opened.conversation.transcript)
    if len(steps) < 2:
        leave(
            f"again: the client sends nothing in {visible_text(word)[:100]}; "
            "heloscope history lists all recordings.",
            BAD_INPUT,
        )
    _check_tls(steps, options)
    if options.ehlo:
        steps = greeting_as(steps, options.ehlo)
    if not target and not opened.target:
        leave("again: the recording does not name its server; add a TARGET.", BAD_INPUT)
    try:
        if target or is_practice(opened.target):
            server, options = configured(options, target or opened.target)
        else:
            server = options.target(opened.target)
        login = logs_in(steps)
        credentials = _credentials(login, options, server.host, server.port)
        client = _RerunClient(server, options)
    except OSError as error:
        from ...session.private_file import reason

        why = reason(error, options.record)
        leave(f"again: the recording cannot be created: {why}.", BAD_INPUT)
    except ValueError as error:
        leave(f"again: {error}", status_of(error))

    async def task(session: Session) -> int:
        from ...session.driver.login import answers_with
        from ...session.procedures.rerun import RerunDiffers

        answer = None
        if credentials is not None:
            session.transcript.secrets.add(credentials.secret.reveal())
            answer = answers_with(credentials, in_clear=options.in_clear)
        try:
            await session.run("rerun", steps, server, answer=answer, ignored=ignored)
        except RerunDiffers as error:
            if error.what == "TLS failed":
                say(sentence_of(error, NO_TLS, session.transcript))
            if not options.json and not options.quiet:
                _explain(session, error)
            raise
        if not options.json and not options.quiet:
            print("All replies are as recorded.")
        return DONE

    sys.exit(client.carry_out(task))


class _RerunClient(Client):
    """A client that sends the lines of the recording, with nothing before them."""

    async def _prepared(self, task: Task) -> int:
        self.stage = Stage.REST
        return await task(self.session)


def _opened(word: str) -> OpenedRecording:
    """Return the recording or log that `word` names. Ends the program if there is none."""
    import asyncio

    from ...session.archive.recordings import NotFound, find
    from ...session.record.masking import KnownSecrets
    from ..recordings.opened import OpenError, read_recording, split_number

    file = word
    if word.isdecimal() or not Path(split_number(word)[0]).expanduser().is_file():
        from .kept import listed

        try:
            file = str(find(listed(), word).path)
        except NotFound as error:
            leave(f"again: {error}", BAD_INPUT)
    try:
        with progress("again", f"reading {file}") as far:
            return asyncio.run(read_recording(file, KnownSecrets(), told=far.at))
    except OpenError as error:
        leave(f"again: {error}", BAD_INPUT)


def _check_tls(steps: list[RerunStep], options: ClientOptions) -> None:
    """End the program if the TLS options contradict the recording."""
    secured = any(step.handshake is not None for step in steps)
    if options.tls == REQUIRED and not secured:
        leave("again: --tls required, but the recording contains no STARTTLS.", BAD_INPUT)
    if options.tls == NONE and secured:
        leave("again: --tls none, but the recording starts TLS.", BAD_INPUT)
    if options.tls == IMPLICIT and secured:
        leave("again: --tls implicit, but the recording starts TLS with STARTTLS.", BAD_INPUT)


def _credentials(
    login: RerunStep | None, options: ClientOptions, host: str, port: int
) -> Credentials | None:
    """Return the credentials for the recording's login, or None if `login` is None.

    Asks for them on a terminal if no option gives them. Raises OptionError.
    """
    from ...session.sasl.exchange import Credentials
    from ...session.secret import Secret

    if login is None:
        return None
    if options.login:
        return Credentials(options.login, options.read_secret(say), "", host, port)
    what = f"line {login.row + 1} logs in with AUTH {login.mechanism}"
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        leave(
            f"again: {what}, but secrets are not recorded; add --login USER and --secret NAME.",
            BAD_INPUT,
        )
    print(f"heloscope: {what}, but secrets are not recorded.", file=sys.stderr)
    user: str = click.prompt("User name", err=True)
    secret: str = click.prompt("Password or token", hide_input=True, err=True)
    return Credentials(user, Secret(secret), "", host, port)


def _explain(session: Session, error: RerunDiffers) -> None:
    """Print what the difference means, unless the report of a refusal explains it."""
    from ..explain.words import entries_of

    reply = error.reply
    if error.keywords:
        for word in error.keywords[:_FIRST]:
            for entry in entries_of(word)[:1]:
                print(f"means: {visible_text(entry['word'])}: {visible_text(entry['text'])}")
    elif reply is not None and 0 <= reply.code < 400:
        from ...session.facts.explain.reading import explain
        from ...session.protocol.situations import reply_text, situation_at
        from ...session.record.row_index import RowIndex

        index = RowIndex(session.transcript)
        meaning = explain(reply_text(index, reply.event), situation_at(index, reply.event))
        print(f"means: {visible_text(meaning.text)}")
