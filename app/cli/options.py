"""The options that all commands share, as one value.

    @click.command(cls=SentenceCommand)
    @client_options
    def command(options: ClientOptions) -> None: ...

`client_options` is for a command that speaks to a server.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from ...session.private_file import read_all, reason
from ...session.secret import NOT_SHOWN, Secret
from ...session.target import Target, parse_target
from ...session.visible import visible_text
from .ending import leave
from .option import Choice, Option, Positive, Whole, help_option

if TYPE_CHECKING:
    import click

    from ...session.net.outgoing_proxy import OutgoingProxy
    from ...session.tls.settings import TlsSettings
    from ..config.model import SecretReference

NONE, OFFERED, REQUIRED, IMPLICIT = "none", "offered", "required", "implicit"
LARGEST_SECRET = 64 * 1024  # octets of the file of a secret


class OptionError(ValueError):
    """Raised for options that exclude each other or name something missing; one sentence."""


class Remedies(msgspec.Struct, frozen=True):
    """The options of a command that help after TLS failed, each with its effect."""

    issuer: str
    name: str
    unverified: str
    starttls: str


REMEDIES = Remedies(
    "--ca FILE trusts its issuer",
    "--server-name NAME asks for another name",
    "--no-verify accepts any certificate",
    "--tls offered continues without TLS; smtps://HOST connects with TLS from the first byte, "
    "which "
    "many servers speak on port 465",
)


class ClientOptions(msgspec.Struct, frozen=True):
    """How to speak to a server, and what to print. Options not given are empty or None.

    `tls` is none, offered, required, implicit, or empty if a script decides; `secret` is the name
    of an environment variable, `secret_file` a file with the secret in its first line. `timeout` is
    in seconds, for each reply. `mechanism` are names with commas between, `authzid` is the user to
    act as; without `in_clear`, no password is sent where others can read it. `source` may include a
    port. `record` is a file; without it, and unless `no_record`, the journal is written.
    """

    tls: str = OFFERED
    ca: str = ""
    no_verify: bool = False
    cert: str = ""
    key: str = ""
    server_name: str = ""
    ehlo: str = ""
    source: str = ""
    proxy: str = ""
    proxy_secret: str = ""
    proxy_header: str = ""
    proxy_version: int = 1
    timeout: float | None = None
    login: str = ""
    mechanism: str = ""
    authzid: str = ""
    in_clear: bool = False
    secret: str = ""
    secret_file: str = ""
    json: bool = False
    quiet: bool = False
    record: str = ""
    no_record: bool = False
    reference: SecretReference | None = None
    """The place of the secret according to a profile."""
    practice: str = ""
    """The name by which TARGET is a practice server of this command; "" for another server."""
    given: frozenset[str] | None = None
    """The names of the options given on the command line; None if unknown."""

    def target(self, text: str) -> Target:
        """The target that `text` names, with implicit TLS if `tls` says so. Raises TargetError.

        As with smtps://, the port is then 465 unless one is named (RFC 8314 section 3.3).
        """
        target = parse_target(text)
        if self.tls != IMPLICIT or target.implicit:
            return target
        scheme, found, rest = text.strip().partition("://")
        if not target.path and not target.lmtp:
            return parse_target(f"smtps://{rest if found else scheme}")
        return msgspec.structs.replace(target, implicit=True)

    @property
    def takes_profiles(self) -> bool:
        """Whether TARGET may be a profile of the configuration, @NAME."""
        return True

    @property
    def remedies(self) -> Remedies:
        """The options that help after TLS failed."""
        return REMEDIES

    @property
    def logs_in(self) -> bool:
        """Whether there is anything to log in with."""
        return bool(self.login or self.mechanisms)

    @property
    def mechanisms(self) -> tuple[str, ...]:
        """The mechanisms to log in with, in this order; none to choose the most suitable."""
        return tuple(filter(None, (name.strip() for name in self.mechanism.split(","))))

    @property
    def source_address(self) -> tuple[str, int] | None:
        """(address, port) to connect from; port 0 lets the system choose."""
        if not self.source:
            return None
        address, port = _source(self.source)
        return address, port

    def outgoing_proxy(self) -> OutgoingProxy | None:
        """The proxy to go through. Raises TargetError, SecretError."""
        if not self.proxy:
            return None
        from ...session.net.outgoing_proxy import parse_proxy

        if not self.proxy_secret:
            return parse_proxy(self.proxy)
        from ..config.secret_source import from_variable

        return parse_proxy(self.proxy, from_variable(self.proxy_secret))

    def header_for_proxy(self) -> bytes:
        """The header of the PROXY protocol, b"" for none. Raises ProxyHeaderError."""
        if not self.proxy_header:
            return b""
        from ...session.net.proxy_header import proxy_header

        return proxy_header(self.proxy_header, self.proxy_version)

    @property
    def chooses_tls(self) -> bool:
        """Whether any option about TLS is given that could turn out to be wrong."""
        chosen = self.ca or self.cert or self.key or self.server_name
        return bool(chosen or os.environ.get("SSLKEYLOGFILE"))

    def tls_settings(self) -> TlsSettings:
        """The settings for TLS. Raises TlsSettingsError."""
        from ...session.tls.settings import TlsSettings

        return TlsSettings(
            ca_file=self.ca,
            certfile=self.cert,
            keyfile=self.key,
            server_name=self.server_name,
            verify=not self.no_verify,
        )

    def read_secret(self, tell: Callable[[str], object] | None = None) -> Secret:
        """The secret of the login. Raises OptionError if it cannot be obtained.

        `tell` is called with a sentence if the secret takes a while to come.
        """
        if self.secret or (self.reference and not self.secret_file):
            from ..config.secret_source import SecretError, fetch, from_variable

            try:
                if self.secret:
                    return from_variable(self.secret)
                if self.reference:
                    return fetch(self.reference, self.login, tell=tell)
            except SecretError as error:
                raise OptionError(str(error)) from None
        if not self.secret_file:
            return Secret("")  # for mechanisms without one
        try:
            data = read_all(_path(self.secret_file), LARGEST_SECRET)
        except OSError as error:
            if not os.path.lexists(_path(self.secret_file)):
                raise OptionError(f"there is no --secret-file of that name {NOT_SHOWN}.") from None
            why = reason(error, self.secret_file)
            raise OptionError(f"the secret cannot be read: {why}.") from None
        first = data.split(b"\n", 1)[0].removesuffix(b"\r")
        if not first:
            name = visible_text(self.secret_file)
            raise OptionError(f"the first line of {name}, which is the secret, is empty.")
        return Secret(first)

    def check(self, server: str = "") -> None:
        """Raise OptionError for options that do not go together.

        `server` is the profile that names the user, @name, if one does.
        """
        wrong = _contradiction(self, server)
        if wrong:
            raise OptionError(wrong)


def _path(text: str) -> Any:
    from pathlib import Path

    return Path(text).expanduser()


def _source(text: str) -> tuple[str, int]:
    """(address, port) of a source: ADDRESS, ADDRESS:PORT, [ADDRESS]:PORT. Raises ValueError."""
    import ipaddress

    host, port = text, ""
    if text.startswith("["):
        host, bracket, port = text[1:].partition("]")
        if not bracket or (port and not port.startswith(":")):
            raise ValueError
        port = port[1:]
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    ipaddress.ip_address(host.partition("%")[0])
    if not (port.isascii() and port.isdigit()) and port:
        raise ValueError
    number = int(port[:6] or "0")
    if number > 65535:
        raise ValueError
    return host, number


def _contradiction(given: ClientOptions, server: str) -> str:
    """A sentence about options that do not go together; "" if all do."""
    if given.secret and given.secret_file:
        return "--secret and --secret-file exclude each other."
    if wrong := _login_contradiction(given, server):
        return wrong
    if given.key and not given.cert:
        return "--key needs the certificate that it belongs to: add --cert FILE."
    if given.record and given.no_record:
        return "--record and --no-record exclude each other."
    if given.ca and given.no_verify:
        return "--ca and --no-verify exclude each other: without verification no CA is asked."
    unused = given.ca or given.cert or given.server_name or given.no_verify
    if given.tls == NONE and unused:
        return "--tls none does without TLS, but another option says how TLS is done."
    if given.source:
        try:
            _source(given.source)
        except ValueError:
            return (
                "--source takes an IP address of this machine, optionally with a port: "
                "192.0.2.1:1025, [2001:db8::1]:1025."
            )
    if given.proxy_secret and not given.proxy:
        return "--proxy-secret is for the proxy, but there is none: add --proxy URL."
    if not given.ehlo.isprintable() or " " in given.ehlo:
        return "--ehlo takes a name without spaces."
    return ""


def _login_contradiction(given: ClientOptions, server: str) -> str:
    has_secret = given.secret or given.secret_file or given.reference
    without_secret = bool(given.mechanisms) and all(
        name.upper() in _WITHOUT_SECRET for name in given.mechanisms
    )
    if given.login and not has_secret and not without_secret:
        if server:
            return (
                f"{server} names the user to log in, but not the place of the secret: add "
                f"--secret NAME or "
                "--secret-file FILE, or --login '' to do without."
            )
        return "--login needs --secret NAME (an environment variable) or --secret-file FILE."
    if has_secret and not given.login:
        return "a secret is given, but no user: add --login USER."
    if given.mechanism and not given.login and not without_secret:
        return "--mechanism needs --login USER."
    if given.authzid and not given.logs_in:
        return "--authzid needs --login USER: it is the user to act as."
    if given.in_clear and not given.logs_in:
        return "--in-clear is about the login, but there is none: add --login USER."
    return ""


_WITHOUT_SECRET = ("EXTERNAL", "ANONYMOUS")
HEADINGS = {
    "TLS": ("tls", "ca", "no_verify", "cert", "key", "server_name"),
    "Connection": (
        "ehlo",
        "source",
        "timeout",
        "proxy",
        "proxy_secret",
        "proxy_header",
        "proxy_version",
    ),
    "Login": ("login", "mechanism", "authzid", "in_clear", "secret", "secret_file"),
    "Output": ("json", "quiet", "record", "no_record", "help"),
}
"""The headings of these options in the help of a `GroupedCommand`."""

OPTIONS = (
    Option("--tls", kind=Choice([NONE, OFFERED, REQUIRED, IMPLICIT]), default=OFFERED,
                 show_default=True, help="When TLS begins; implicit is from the first byte."),
    Option("--ca", metavar="FILE", default="", help="Trust these CAs only (PEM)."),
    Option("--no-verify", is_flag=True, help="Accept any certificate."),
    Option("--cert", metavar="FILE", default="", help="Client certificate (PEM)."),
    Option("--key", metavar="FILE", default="", help="Its key, if not in the same file."),
    Option("--server-name", metavar="NAME", default="",
                 help="The name in SNI, for which the certificate is checked."),
    Option("--ehlo", metavar="NAME", default="", help="The name to send with EHLO."),
    Option("--source", metavar="ADDRESS[:PORT]", default="",
                 help="Connect from this address of this machine."),
    Option("--proxy", metavar="URL", default="",
                 help="Connect through socks5://, socks4:// or http://[USER@]HOST:PORT."),
    Option("--proxy-secret", metavar="NAME", default="",
                 help="The environment variable that holds the password for the proxy."),
    Option("--proxy-header", metavar="'TCP4 SRC DST SPORT DPORT'", default="",
                 help="Send a PROXY header first, as a load balancer does; or TCP6, UNKNOWN."),
    Option("--proxy-version", kind=Whole(1, 2), default=1, show_default=True,
                 help="The version of that header: text, or binary."),
    Option("--timeout", metavar="SECONDS", kind=Positive(),
                 help="Wait this long for each reply; the default is that of RFC 5321."),
    Option("--login", metavar="USER", default="", help="Log in."),
    Option("--mechanism", metavar="M[,M]", default="",
                 help="Log in with these mechanisms only, in this order."),
    Option("--authzid", metavar="USER", default="",
                 help="The user to act as, if the mechanism supports it."),
    Option("--in-clear", is_flag=True,
                 help="Log in even if the password can be read on the network path."),
    Option("--secret", metavar="NAME", default="",
                 help="The environment variable that holds the password or token."),
    Option("--secret-file", metavar="FILE", default="",
                 help="The file whose first line is the password or token."),
    Option("--json", is_flag=True, help="Print the lines of a recording, and nothing else."),
    Option("--quiet", is_flag=True, help="Print nothing but errors."),
    Option("--record", metavar="FILE", default="", help="Record into a new file."),
    Option("--no-record", is_flag=True, help="Do not record the session."),
    help_option,
)  # fmt: skip


_Function = Callable[..., Any]


def _or_empty(_: click.Context, __: click.Parameter, value: str | None) -> str:
    return value or ""


_TLS_OF_SCRIPT = Option(
    "--tls", kind=Choice([NONE, OFFERED, REQUIRED, IMPLICIT]),
    callback=_or_empty,
    help="Begin TLS on connecting; without it, the script says when.",
)  # fmt: skip


def client_options(function: _Function) -> _Function:
    """Give a click command these options, as the argument `options`, a `ClientOptions`.

    Options that do not go together end the program with one sentence and status 2.
    """
    return _with_options(function, OPTIONS, lambda options: options.check())


def script_options(function: _Function) -> _Function:
    """`client_options` for a command that runs a script, which may decide about TLS and login."""

    def check(options: ClientOptions) -> None:
        msgspec.structs.replace(options, in_clear=False).check()

    return _with_options(function, (_TLS_OF_SCRIPT, *OPTIONS[1:]), check)


def asking_options(json: str, *, login: bool = False) -> Callable[[_Function], _Function]:
    """`client_options` for a command that asks servers; `json` is the help of --json.

    Without `login`, it never logs in.
    """
    chosen = of_asking(json, login=login)
    return lambda function: _with_options(function, chosen, lambda options: options.check())


def of_asking(json: str = "", *, login: bool = False) -> tuple[_Function, ...]:
    """The options of such a command."""
    other = {
        "json": Option("--json", is_flag=True, help=json),
        "timeout": Option("--timeout", metavar="SECONDS", kind=Positive(),
                          help="Wait this long for each reply; the default is 30."),
    }  # fmt: skip
    return tuple(
        other.get(option.dest, option) if isinstance(option, Option) else option
        for option in OPTIONS
        if login or not isinstance(option, Option) or option.dest not in HEADINGS["Login"]
    )


def checked(
    options: ClientOptions,
    command: str,
    check: Callable[[ClientOptions], object] = ClientOptions.check,
) -> ClientOptions:
    """The options, if they are compatible; otherwise the command ends with an error, status 2."""
    try:
        check(options)
    except OptionError as error:
        leave(f"{command}: {error}", 2)
    return options


def _with_options(
    function: _Function,
    chosen: Sequence[_Function],
    check: Callable[[ClientOptions], object],
) -> _Function:
    @functools.wraps(function)
    def with_options(**given: Any) -> Any:
        import click

        typed = click.get_current_context().get_parameter_source
        own = {name: given.pop(name) for name in ClientOptions.__struct_fields__ if name in given}
        options = ClientOptions(
            **own,
            given=frozenset(
                name for name in own if typed(name) is click.core.ParameterSource.COMMANDLINE
            ),
        )
        name = (click.get_current_context().info_name or "").rpartition(" ")[2]
        return function(options=checked(options, name, check), **given)

    made: _Function = with_options
    for option in reversed(chosen):
        made = option(made)
    return made
