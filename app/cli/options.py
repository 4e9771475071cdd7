"""The options that commands share, gathered in one value.

    @click.command(cls=SentenceCommand)
    @client_options
    def command(options: ClientOptions) -> None: ...

`client_options` is for a command that connects to a server.
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
    """Raised for options that cannot be combined, or that name something missing."""


class Remedies(msgspec.Struct, frozen=True):
    """The options that help after a TLS failure, each with its effect."""

    issuer: str
    name: str
    unverified: str
    starttls: str


REMEDIES = Remedies(
    "--ca FILE trusts its issuer",
    "--server-name NAME expects another name",
    "--no-verify accepts any certificate",
    "--tls offered continues without TLS; smtps://HOST connects with TLS from the first byte, "
    "which many servers support on port 465",
)


class ClientOptions(msgspec.Struct, frozen=True):
    """How to connect to a server, and what to print. Options not given are empty or None.

    `tls` is none, offered, required, implicit, or empty if a script decides. `secret` is the name
    of an environment variable, and `secret_file` a file whose first line is the secret. `timeout`
    is the number of seconds to wait for each reply. `mechanism` contains names separated by commas,
    and `authzid` is the user to act as. Unless `in_clear` is true, no password is sent where others
    can read it. `source` may include a port. `record` is a file to record to. If it is empty, the
    journal is written unless `no_record` is true.
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
    """Where to find the secret according to the profile, or None."""
    practice: str = ""
    """The TARGET that names the practice server of this command, or "" for another server."""
    given: frozenset[str] | None = None
    """The names of the options given on the command line, or None if unknown."""

    def target(self, text: str) -> Target:
        """Return the target named by `text`, with TLS as `tls` requires. Raises TargetError.

        With implicit TLS, the default port is 465, as for smtps:// (RFC 8314 section 3.3).
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
        """Whether TARGET may be a profile in the configuration, @NAME."""
        return True

    @property
    def remedies(self) -> Remedies:
        """The options that help after a TLS failure."""
        return REMEDIES

    @property
    def logs_in(self) -> bool:
        """Whether the options ask for a login."""
        return bool(self.login or self.mechanisms)

    @property
    def mechanisms(self) -> tuple[str, ...]:
        """The mechanisms to log in with, in this order; empty to choose the most suitable one."""
        return tuple(filter(None, (name.strip() for name in self.mechanism.split(","))))

    @property
    def source_address(self) -> tuple[str, int] | None:
        """The address and port to connect from, or None. Port 0 lets the system choose."""
        if not self.source:
            return None
        address, port = _source(self.source)
        return address, port

    def outgoing_proxy(self) -> OutgoingProxy | None:
        """Return the proxy to connect through, or None. Raises TargetError or SecretError."""
        if not self.proxy:
            return None
        from ...session.net.outgoing_proxy import parse_proxy

        if not self.proxy_secret:
            return parse_proxy(self.proxy)
        from ..config.secret_source import from_variable

        return parse_proxy(self.proxy, from_variable(self.proxy_secret))

    def header_for_proxy(self) -> bytes:
        """Return the PROXY protocol header to send, or b"". Raises ProxyHeaderError."""
        if not self.proxy_header:
            return b""
        from ...session.net.proxy_header import proxy_header

        return proxy_header(self.proxy_header, self.proxy_version)

    @property
    def chooses_tls(self) -> bool:
        """Whether a TLS setting that could be invalid is given. SSLKEYLOGFILE counts."""
        chosen = self.ca or self.cert or self.key or self.server_name
        return bool(chosen or os.environ.get("SSLKEYLOGFILE"))

    def tls_settings(self) -> TlsSettings:
        """Return the TLS settings. Raises TlsSettingsError."""
        from ...session.tls.settings import TlsSettings

        return TlsSettings(
            ca_file=self.ca,
            certfile=self.cert,
            keyfile=self.key,
            server_name=self.server_name,
            verify=not self.no_verify,
        )

    def read_secret(self, tell: Callable[[str], object] | None = None) -> Secret:
        """Return the secret for the login, or an empty one if the options do not name any.

        `tell` is called with a sentence if obtaining the secret takes a while. Raises OptionError
        if the secret cannot be obtained.
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
                raise OptionError(f"no --secret-file has that name {NOT_SHOWN}.") from None
            why = reason(error, self.secret_file)
            raise OptionError(f"cannot read the secret: {why}.") from None
        first = data.split(b"\n", 1)[0].removesuffix(b"\r")
        if not first:
            name = visible_text(self.secret_file)
            raise OptionError(f"the first line of {name}, which must be the secret, is empty.")
        return Secret(first)

    def check(self, server: str = "") -> None:
        """Raise OptionError if the options contradict each other.

        `server` is the profile, @name, if the user name comes from one.
        """
        wrong = _contradiction(self, server)
        if wrong:
            raise OptionError(wrong)


def _path(text: str) -> Any:
    from pathlib import Path

    return Path(text).expanduser()


def _source(text: str) -> tuple[str, int]:
    """Split ADDRESS, ADDRESS:PORT or [ADDRESS]:PORT into address and port. Raises ValueError."""
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
    """Return a sentence about options that contradict each other, or "" if none do."""
    if given.secret and given.secret_file:
        return "--secret and --secret-file cannot be combined."
    if wrong := _login_contradiction(given, server):
        return wrong
    if given.key and not given.cert:
        return "--key needs the certificate that it belongs to: add --cert FILE."
    if given.record and given.no_record:
        return "--record and --no-record cannot be combined."
    if given.ca and given.no_verify:
        return "--ca and --no-verify cannot be combined: without verification, the CA is not used."
    unused = given.ca or given.cert or given.server_name or given.no_verify
    if given.tls == NONE and unused:
        return "--tls none disables TLS, but another option configures it."
    if given.source:
        try:
            _source(given.source)
        except ValueError:
            return (
                "--source must be an IP address of this machine, optionally with a port: "
                "192.0.2.1:1025, [2001:db8::1]:1025."
            )
    if given.proxy_secret and not given.proxy:
        return "--proxy-secret needs a proxy: add --proxy URL."
    if not given.ehlo.isprintable() or " " in given.ehlo:
        return "--ehlo must be a name without spaces."
    return ""


def _login_contradiction(given: ClientOptions, server: str) -> str:
    has_secret = given.secret or given.secret_file or given.reference
    without_secret = bool(given.mechanisms) and all(
        name.upper() in _WITHOUT_SECRET for name in given.mechanisms
    )
    if given.login and not has_secret and not without_secret:
        if server:
            return (
                f"{server} has a user name but no secret: add --secret NAME or --secret-file FILE, "
                "or --login '' to skip the login."
            )
        return "--login needs --secret NAME (an environment variable) or --secret-file FILE."
    if has_secret and not given.login:
        return "the secret needs a user name: add --login USER."
    if given.mechanism and not given.login and not without_secret:
        return "--mechanism needs --login USER."
    if given.authzid and not given.logs_in:
        return "--authzid, the user to act as, needs --login USER."
    if given.in_clear and not given.logs_in:
        return "--in-clear applies only to a login: add --login USER."
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
"""The headings under which the help of a `GroupedCommand` lists these options."""

OPTIONS = (
    Option("--tls", kind=Choice([NONE, OFFERED, REQUIRED, IMPLICIT]), default=OFFERED,
                 show_default=True, help="When TLS starts; implicit means from the first byte."),
    Option("--ca", metavar="FILE", default="", help="Trust only these CAs (PEM)."),
    Option("--no-verify", is_flag=True, help="Accept any certificate."),
    Option("--cert", metavar="FILE", default="", help="Client certificate (PEM)."),
    Option("--key", metavar="FILE", default="",
                 help="The private key of --cert, if in another file."),
    Option("--server-name", metavar="NAME", default="",
                 help="The name for SNI and certificate verification."),
    Option("--ehlo", metavar="NAME", default="", help="The name to send with EHLO."),
    Option("--source", metavar="ADDRESS[:PORT]", default="",
                 help="Connect from this local address."),
    Option("--proxy", metavar="URL", default="",
                 help="Connect through socks5://, socks4:// or http://[USER@]HOST:PORT."),
    Option("--proxy-secret", metavar="NAME", default="",
                 help="The environment variable that contains the proxy password."),
    Option("--proxy-header", metavar="'TCP4 SRC DST SPORT DPORT'", default="",
                 help="Send a PROXY header first, as a load balancer does; also TCP6 or UNKNOWN."),
    Option("--proxy-version", kind=Whole(1, 2), default=1, show_default=True,
                 help="The version of the PROXY header: 1 is text, 2 is binary."),
    Option("--timeout", metavar="SECONDS", kind=Positive(),
                 help="Wait this long for each reply; by default, as in RFC 5321."),
    Option("--login", metavar="USER", default="", help="Log in as USER."),
    Option("--mechanism", metavar="M[,M]", default="",
                 help="Try only these mechanisms, in this order."),
    Option("--authzid", metavar="USER", default="",
                 help="The user to act as, if the mechanism supports it."),
    Option("--in-clear", is_flag=True,
                 help="Log in even if the password can be read on the network path."),
    Option("--secret", metavar="NAME", default="",
                 help="The environment variable that contains the password or token."),
    Option("--secret-file", metavar="FILE", default="",
                 help="The file whose first line is the password or token."),
    Option("--json", is_flag=True, help="Print a recording (JSON lines) and nothing else."),
    Option("--quiet", is_flag=True, help="Print nothing but errors."),
    Option("--record", metavar="FILE", default="", help="Record to a new file."),
    Option("--no-record", is_flag=True, help="Do not record the session."),
    help_option,
)  # fmt: skip


_Function = Callable[..., Any]


def _or_empty(_: click.Context, __: click.Parameter, value: str | None) -> str:
    return value or ""


_TLS_OF_SCRIPT = Option(
    "--tls", kind=Choice([NONE, OFFERED, REQUIRED, IMPLICIT]),
    callback=_or_empty,
    help="Start TLS on connecting; by default, the script decides.",
)  # fmt: skip


def client_options(function: _Function) -> _Function:
    """Add these options to a click command, which receives them as `options`, a `ClientOptions`.

    Options that contradict each other end the program with one sentence and status 2.
    """
    return _with_options(function, OPTIONS, lambda options: options.check())


def script_options(function: _Function) -> _Function:
    """Add the options of `client_options` to a command whose script may choose TLS and login."""

    def check(options: ClientOptions) -> None:
        msgspec.structs.replace(options, in_clear=False).check()

    return _with_options(function, (_TLS_OF_SCRIPT, *OPTIONS[1:]), check)


def asking_options(json: str, *, login: bool = False) -> Callable[[_Function], _Function]:
    """Return a decorator like `client_options` for a command that probes servers.

    `json` is the help text of --json. Unless `login` is true, the command has no login options.
    """
    chosen = of_asking(json, login=login)
    return lambda function: _with_options(function, chosen, lambda options: options.check())


def of_asking(json: str = "", *, login: bool = False) -> tuple[_Function, ...]:
    """Return the options that `asking_options` adds."""
    other = {
        "json": Option("--json", is_flag=True, help=json),
        "timeout": Option("--timeout", metavar="SECONDS", kind=Positive(),
                          help="Wait this long for each reply (default: 30)."),
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
    """Check the options and return them, or end the program if they contradict each other."""
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
