"""What `heloscope swaks` does: reads the arguments as swaks does, connects, sends, and QUIT."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from smtplib import SMTPRecipientsRefused
from typing import TYPE_CHECKING, NoReturn

import msgspec

from ...session.secret import Secret
from ...session.visible import visible_text
from ..exit_status import DONE, REFUSED
from ..swaks.request import NONE, OFFERED, SwaksRequest, request_of
from ..swaks.words import ENVIRONMENT, Given, SwaksError, from_environment, from_file, read_words
from .argument_blanking import blank_argument
from .ending import leave
from .options import ClientOptions
from .status import status_of
from .steps import Steps

if TYPE_CHECKING:
    from ...session.aio.session import Session
    from ...session.tls.settings import TlsSettings

_HOMES = ("SWAKS_HOME", "HOME", "LOGDIR")


class SwaksOptions(ClientOptions, frozen=True):
    """The options of a conversation that a `SwaksRequest` describes."""

    request: SwaksRequest = SwaksRequest("")

    def tls_settings(self) -> TlsSettings:
        """How TLS is done. Raises TlsSettingsError."""
        from ...session.tls.settings import TlsSettings

        asked = self.request
        return TlsSettings(
            ca_file=asked.ca,
            certfile=asked.cert,
            keyfile=asked.key,
            ciphers=asked.ciphers,
            minimum=asked.minimum,
            maximum=asked.maximum,
            server_name=asked.server_name,
            verify=asked.verify,
            sni=asked.sends_name,
        )

    def read_secret(self) -> Secret:
        """The password of the login."""
        return self.request.secret or Secret("")

    def header_for_proxy(self) -> bytes:
        """The header of the PROXY protocol, b"" for none."""
        return self.request.proxy_header


def deliver(arguments: tuple[str, ...]) -> NoReturn:
    """Do what swaks would do with these arguments, and exit with heloscope's status."""
    import asyncio

    from .client import Client

    try:
        request = _request(arguments)
        options = _options(request)
        steps = Steps(
            request.until, request.drops, request.hello, request.xclient,
            login=request.login, strict_tls=request.tls == OFFERED,
        )  # fmt: skip
        client = Client(options.target(request.target), options, steps)
    except ValueError as error:
        leave(f"swaks: {error}", status_of(error) if not isinstance(error, SwaksError) else 2)
    client.session.manner = msgspec.structs.replace(client.session.manner, resets=False)
    for note in request.notes:
        print(f"heloscope: {visible_text(note)}", file=sys.stderr)

    async def task(session: Session) -> int:
        return await _deliver(session, request, steps)

    sys.exit(asyncio.run(client.run(task)))


def _request(arguments: tuple[str, ...]) -> SwaksRequest:
    given = read_words(_configured(arguments))
    given = read_words(from_environment(os.environ), given)
    given = read_words(arguments, given)
    password = _password(given)
    if password and password in " ".join(arguments) and not blank_argument(password):
        print(
            "heloscope: the password stands in the list of processes as long as this runs.",
            file=sys.stderr,
        )
    asked = _ask if sys.stdin.isatty() else None
    return request_of(given, ask=asked, read_input=sys.stdin.buffer.read)


def _password(given: list[Given]) -> str:
    found = [each.value for each in given if each.option.name == "auth-password"]
    return (found[-1] or "") if found else ""


def _configured(arguments: tuple[str, ...]) -> list[str]:
    """The words of the configuration file: of the one that --config names, or of .swaksrc."""
    names = [at for at, word in enumerate(arguments) if word in ("--config", "-config")]
    named: str | None = os.environ.get(f"{ENVIRONMENT}config")
    if names:
        following = arguments[names[-1] + 1 : names[-1] + 2]
        named = following[0] if following and not following[0].startswith("-") else ""
    if named is None:
        homes = (os.environ.get(name) for name in _HOMES)
        files = (Path(home) / ".swaksrc" for home in homes if home)
        path = next((file for file in files if file.is_file()), None)
        if path is None:
            return []
        print(f"heloscope: options from {visible_text(str(path))}", file=sys.stderr)
    elif not named:
        return []
    else:
        path = Path(named).expanduser()
    try:
        return from_file(path.read_text(errors="surrogateescape"))
    except OSError as error:
        shown = visible_text(str(path))
        raise SwaksError(f"the file {shown} cannot be read: {error.strerror}.") from None


def _ask(name: str, secret: bool) -> str:
    if secret:
        from getpass import getpass

        return getpass("Password: ")
    import click

    try:
        return click.prompt(name, err=True)
    except click.Abort:
        raise EOFError from None


def _options(request: SwaksRequest) -> SwaksOptions:
    policies = {"try": "offered"}
    return SwaksOptions(
        tls=policies.get(request.tls, request.tls),
        ehlo=request.ehlo,
        source=request.source,
        timeout=request.timeout,
        login=request.user,
        mechanism=",".join(request.mechanisms) if request.login != NONE else "",
        in_clear=True,
        quiet=request.quiet,
        no_record=True,
        request=request,
    )


async def _deliver(session: Session, request: SwaksRequest, steps: Steps) -> int:
    """The transaction; one accepted recipient is enough, as with swaks."""
    from ...session.procedures.content import Content

    try:
        result = await session.run(
            "sendmail",
            request.sender,
            request.recipients,
            Content(request.message, as_is=True),
            pipelining=request.pipelining,
            says_size=False,
            until=steps.transaction,
        )
    except SMTPRecipientsRefused:
        return _told(0, len(request.recipients))
    if result:
        _told(len(result.accepted), len(request.recipients))
    return DONE


def _told(taken: int, of: int) -> int:
    print(f"heloscope: {taken} of {of} recipients accepted.", file=sys.stderr)
    return REFUSED
