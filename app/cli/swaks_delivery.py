"""Carries out `heloscope swaks`: parses the arguments as swaks does, connects, sends, and quits."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, NoReturn

import msgspec

from ...session import raised
from ...session.events import Event, TlsStarted
from ...session.private_file import open_output, overwrite, read_named, reason
from ...session.secret import Secret
from ...session.visible import visible_text
from ..exit_status import DONE
from ..swaks.reading import request_of
from ..swaks.request import SwaksRequest
from ..swaks.steps import IMPLICIT, NONE, OFFERED
from ..swaks.values import LARGEST_FILE
from ..swaks.words import ENVIRONMENT, Given, SwaksError, from_environment, from_file, read_words
from .argument_blanking import blank_argument
from .ending import leave
from .options import ClientOptions, Remedies
from .outlets import say
from .status import report_accepted, status_of
from .steps import Steps
from .streams import read_input

if TYPE_CHECKING:
    from ...session.target import Target
    from ...session.tls.settings import TlsSettings
    from .client import AnySession
    from .server_program import ServerProgram

LARGEST_CONFIG = 1 << 20  # octets of a file of options
_HOMES = ("SWAKS_HOME", "HOME", "LOGDIR")


_REMEDIES = Remedies(
    "--tls-ca-path FILE trusts its issuer",
    "--tls-verify-target NAME expects another name",
    "without --tls-verify, any certificate is accepted",
    "--tls-optional continues without TLS; --tls-on-connect connects with TLS from the first byte, "
    "which many servers support on port 465",
)


class SwaksOptions(ClientOptions, frozen=True):
    """The options for a conversation described by a `SwaksRequest`."""

    request: SwaksRequest = SwaksRequest("")

    @property
    def chooses_tls(self) -> bool:
        """Whether a TLS setting that could be invalid is given. SSLKEYLOGFILE counts."""
        asked = self.request
        chosen = (
            asked.ca, asked.cert, asked.key, asked.ciphers, asked.minimum, asked.maximum,
            asked.server_name, os.environ.get("SSLKEYLOGFILE"),
        )  # fmt: skip
        return any(chosen)

    @property
    def takes_profiles(self) -> bool:
        """Whether the server may be a profile. It never is, since swaks expects a host."""
        return False

    @property
    def remedies(self) -> Remedies:
        """The swaks options that help after a TLS failure."""
        return _REMEDIES

    def tls_settings(self) -> TlsSettings:
        """Return the TLS settings. Raises TlsSettingsError."""
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

    def read_secret(self, tell: Callable[[str], object] | None = None) -> Secret:
        """Return the password for the login, which may be empty."""
        return self.request.secret or Secret("")

    def header_for_proxy(self) -> bytes:
        """Return the PROXY protocol header to send, or b""."""
        return self.request.proxy_header


def deliver(arguments: tuple[str, ...]) -> NoReturn:
    """Do what swaks would do with these arguments, and exit with heloscope's status."""
    from .client import Client

    program: ServerProgram | None = None
    try:
        request = _request(arguments)
        options = _options(request)
        steps = _steps(request)
        target = _target(request, options)
        if request.pipe and not request.shows:
            from .server_program import ServerProgram

            program = ServerProgram(request.pipe)
        client = Client(target, options, steps, program and program.socket, alone=True)
    except ValueError as error:
        leave(f"swaks: {error}", status_of(error) if not isinstance(error, SwaksError) else 2)
    except OSError as error:
        leave(f"swaks: the program cannot be started: {error.strerror}.", status_of(error))
    if request.shows:
        _show(request)
    session = client.session
    manner = msgspec.structs.replace(session.manner, resets=False, international=False)
    session.manner = manner
    if request.peer_cert is not None or request.peer_chain is not None:
        session.subscribe(lambda event: _save_certificates(request, event))
    for note in request.notes:
        say(note)

    async def task(session: AnySession) -> int:
        return await _deliver(session, request, steps)

    try:
        status = client.carry_out(task)
    finally:
        if program is not None:
            program.close()
    sys.exit(status)


def _steps(request: SwaksRequest) -> Steps:
    in_clear_first = request.tls not in (NONE, IMPLICIT)
    return Steps(
        until=request.until,
        drops=request.drops,
        unanswered=request.unanswered,
        hello=request.hello,
        xclient=request.xclient,
        xclient_needs=request.xclient_needs,
        xclient_policy=request.xclient_policy,
        xclient_first=request.xclient_first and in_clear_first,
        login=request.login,
        aliases=request.aliases,
        in_turn=request.mechanisms_named,
        naming="--auth",
        strict_tls=request.tls == OFFERED,
        all_must_succeed=True,
    )


def _target(request: SwaksRequest, options: SwaksOptions) -> Target:
    """Return the target to connect to, or a placeholder if a program is used instead.

    Raises TargetError.
    """
    if not request.pipe:
        return options.target(request.target)
    from ...session.target import Target

    implicit = request.tls == IMPLICIT
    return Target(path=request.pipe, lmtp=request.lmtp, implicit=implicit)


def _show(request: SwaksRequest) -> NoReturn:
    """Print the message or the settings instead of starting a conversation, and exit."""
    if request.shows == "message":
        sys.stdout.flush()
        sys.stdout.buffer.write(request.message.replace(b"\r\n", b"\n"))
    else:
        from ..swaks.listing import listing_of

        print(listing_of(request, request.sections, data=True), end="")
    sys.exit(DONE)


def _save_certificates(request: SwaksRequest, event: Event) -> None:
    """Save the server's certificates to the requested files if `event` is the start of TLS.

    If a file name is "", the certificates are printed instead.
    """
    if not isinstance(event, TlsStarted):
        return
    import ssl

    of_each = [ssl.DER_cert_to_PEM_cert(each) for each in event.chain]
    for name, pem in ((request.peer_cert, of_each[:1]), (request.peer_chain, of_each)):
        if not name:
            if name is not None:
                print("".join(pem), end="", flush=True)
            continue
        try:
            path = os.path.expanduser(name)
            overwrite(path, open_output(path), "".join(pem).encode())
        except (OSError, ValueError, RuntimeError) as error:
            words = error.strerror if isinstance(error, OSError) else str(error)
            say(f"the certificate cannot be written to {name}: {words}.")


def _request(arguments: tuple[str, ...]) -> SwaksRequest:
    given = read_words(_configured(arguments))
    given = read_words(from_environment(os.environ), given)
    given = read_words(arguments, given)
    password = _password(given)
    if password and password in " ".join(arguments) and not blank_argument(password):
        print(
            "heloscope: the password is visible in the list of processes until this ends.",
            file=sys.stderr,
        )
    asked = _ask if sys.stdin.isatty() else None
    return request_of(given, ask=asked, read_input=lambda: read_input("swaks", LARGEST_FILE))


def _password(given: list[Given]) -> str:
    found = [each.value for each in given if each.option.name == "auth-password"]
    return (found[-1] or "") if found else ""


def _configured(arguments: tuple[str, ...]) -> list[str]:
    """Return the options in the configuration file, which is named by --config or is .swaksrc.

    Raises SwaksError if the file cannot be read.
    """
    named: str | None = os.environ.get(f"{ENVIRONMENT}config")
    for word, following in pairwise((*arguments, "-")):
        if word in ("--config", "-config"):
            named = "" if following.startswith("-") else following
        elif word.startswith(("--config=", "-config=")):
            named = word.partition("=")[2]
    if named is None:
        homes = (os.environ.get(name) for name in _HOMES)
        files = (os.path.join(home, ".swaksrc") for home in homes if home)
        path = next((file for file in files if os.path.isfile(file)), None)
        if path is None:
            return []
        print(f"heloscope: options from {visible_text(path)}", file=sys.stderr)
    elif not named:
        return []
    else:
        path = os.path.expanduser(named)
    try:
        text = read_named(path, LARGEST_CONFIG)
    except OSError as error:
        raise SwaksError(f"cannot read the options: {reason(error, path)}.") from None
    except (ValueError, RuntimeError):  # a NUL in the name; ~ of an unknown user
        raise SwaksError("--config does not name a readable file.") from None
    return from_file(os.fsdecode(text))


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


async def _deliver(session: AnySession, request: SwaksRequest, steps: Steps) -> int:
    """Carry out the transaction and return the exit status.

    One accepted recipient is enough, as with swaks.
    """
    from ...session.procedures.content import Content

    if request.prdr and not session.has_extn("prdr"):
        raise raised.SMTPNotSupportedError("the server does not offer PRDR.")
    try:
        result = await session.run(
            "sendmail",
            request.sender,
            request.recipients,
            Content(request.message, as_is=True),
            ["PRDR"] if request.prdr else [],
            pipelining=request.pipelining,
            says_size=False,
            until=steps.transaction,
        )
    except raised.SMTPRecipientsRefused:
        return report_accepted(0, len(request.recipients))
    if result:
        report_accepted(len(result.accepted), len(request.recipients))
    return DONE
