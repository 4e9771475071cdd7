"""Connections through a proxy: SOCKS5 (RFC 1928, RFC 1929), SOCKS4 and HTTP CONNECT (RFC 9110).

python-socks speaks SOCKS to the proxy, and is imported when the first such connection is made. It
assumes that an HTTP response arrives in one segment, so CONNECT is in http_connect.py.
"""

from __future__ import annotations

import asyncio
import os
import re
import socket
from typing import cast

import msgspec

from ..events import Cause
from ..plural import in_seconds
from ..secret import Secret
from ..target import TargetError, check_port
from ..visible import visible_text
from .dial_error import DialError

PORTS = {"socks5": 1080, "socks4": 1080, "http": 8080}
_URL = re.compile(
    r"(socks5|socks4|http)://(?:([^@/:]*)@)?(\[[^\]]+\]|[^:/@\[\]]+)(?::(\d{1,5}))?/?"
)


class OutgoingProxy(msgspec.Struct, frozen=True):
    """A proxy that listens on `host` and `port`; `scheme` is socks5, socks4 or http.

    `user` and `password` are for the proxy itself. A `password` given as text or bytes is
    immediately converted to a `Secret`. Raises TypeError or TargetError for invalid values.
    """

    scheme: str
    host: str
    port: int
    user: str = ""
    password: Secret | None = None

    def __post_init__(self) -> None:
        for name in ("scheme", "host", "user"):
            value = getattr(self, name)
            if not isinstance(value, str):
                raise TypeError(f"{name} must be a string, not {type(value).__name__}")
        check_port(self.port, "port")
        if self.scheme not in PORTS:
            kinds = ", ".join(PORTS)
            raise TargetError(
                f"{visible_text(self.scheme)} is not a proxy scheme. Use one of {kinds}."
            )
        if not self.host or not self.port:
            raise TargetError("A proxy must have a host and a port.")
        password = cast("Secret | str | bytes | None", self.password)
        if password is not None and not isinstance(password, Secret):
            msgspec.structs.force_setattr(self, "password", Secret(password))

    @property
    def shown(self) -> str:
        """The proxy as a URL for display, without the user name and password."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return visible_text(f"{self.scheme}://{host}:{self.port}")


def parse_proxy(text: str, password: Secret | None = None) -> OutgoingProxy:
    """Return the proxy that a URL such as socks5://user@host:1080 names.

    The server's name is looked up by the proxy. The URL must not contain a password; pass it as
    `password`. Raises TargetError, or TypeError if `text` is not a string.
    """
    if not isinstance(cast(object, text), str):
        given = type(text).__name__
        raise TypeError(f"a proxy must be text such as socks5://proxy.example:1080, not {given}")
    match = _URL.fullmatch(text.strip())
    if match is None:
        if re.match(r"\w+://[^@/]*:[^@/]*@", text):
            raise TargetError(
                "A proxy's URL must not contain a password, because others could read it. Put only "
                "the user name there, and give the password separately."
            )
        raise TargetError(
            f"{visible_text(text[:60])} is not a proxy. Use socks5://HOST:PORT, socks4://HOST:PORT "
            "or http://HOST:PORT (CONNECT)."
        )
    scheme, user, host, port = match.groups()
    number = int(port) if port else PORTS[scheme]
    if not number:
        raise TargetError("A port must be a number from 1 to 65535, not 0.")
    return OutgoingProxy(scheme, host.strip("[]"), number, user or "", password)


async def connect_through(
    proxy: OutgoingProxy,
    host: str,
    port: int,
    *,
    timeout: float,
    source: tuple[str, int] | None = None,
) -> socket.socket:
    """Return a socket that the proxy has connected to `host`, within `timeout` seconds.

    Raises DialError.
    """
    if proxy.scheme == "http":
        return await _through_http(proxy, host, port, timeout, source)
    try:
        from python_socks import ProxyConnectionError, ProxyError, ProxyTimeoutError, ProxyType
        from python_socks.async_.asyncio import Proxy
    except ImportError:
        raise DialError(
            Cause.NOT_INSTALLED,
            "A proxy requires python-socks. Run: pip install 'heloscope[proxy]'.",
        ) from None
    kind = {"socks5": ProxyType.SOCKS5, "socks4": ProxyType.SOCKS4}
    password = proxy.password.reveal().decode("utf-8", "surrogateescape") if proxy.password else ""
    made = Proxy(
        kind[proxy.scheme], proxy.host, proxy.port, proxy.user or None,
        password if proxy.user else None, rdns=True,
    )  # fmt: skip
    where = visible_text(f"{host}:{port}")
    try:
        return await made.connect(host, port, timeout, local_addr=source)
    except ProxyConnectionError as error:
        raise _unreachable(proxy, error) from None
    except ProxyTimeoutError:
        raise _too_slow(proxy, where, timeout) from None
    except ProxyError as error:
        raise _refused(proxy, where, error) from None
    except (ValueError, UnicodeError):
        raise DialError(Cause.NOT_A_NAME, f"{where} is not a valid host name.") from None


async def _through_http(
    proxy: OutgoingProxy, host: str, port: int, timeout: float, source: tuple[str, int] | None
) -> socket.socket:
    from .http_connect import NotConnected, http_connect

    where = visible_text(f"{host}:{port}")
    password = proxy.password.reveal() if proxy.password else b""
    try:
        async with asyncio.timeout(timeout):
            sock = await _reached(proxy, source)
            try:
                await http_connect(sock, host, port, proxy.user, password)
            except BaseException:
                sock.close()
                raise
            return sock
    except TimeoutError:
        raise _too_slow(proxy, where, timeout) from None
    except (NotConnected, ConnectionError) as error:
        raise _refused(proxy, where, error) from None
    except UnicodeError:
        raise DialError(Cause.NOT_A_NAME, f"{where} is not a valid host name.") from None


async def _reached(proxy: OutgoingProxy, source: tuple[str, int] | None) -> socket.socket:
    """Return a socket connected to the proxy. Raises DialError."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(proxy.host, proxy.port, type=socket.SOCK_STREAM)
        for number, (family, kind, protocol, _, address) in enumerate(found, 1):
            sock = socket.socket(family, kind, protocol)
            try:
                sock.setblocking(False)
                if source is not None:
                    sock.bind(source)
                await loop.sock_connect(sock, address)
                return sock
            except BaseException as error:
                sock.close()
                if not isinstance(error, OSError) or number == len(found):
                    raise
        raise socket.gaierror(socket.EAI_NONAME, "no address")
    except (OSError, UnicodeError) as error:
        raise _unreachable(proxy, error) from None


def _unreachable(proxy: OutgoingProxy, error: Exception) -> DialError:
    text = f"The proxy {proxy.shown} cannot be reached: {_why(error)}."
    return DialError(Cause.PROXY_FAILED, text)


def _too_slow(proxy: OutgoingProxy, where: str, timeout: float) -> DialError:
    text = f"The proxy {proxy.shown} did not connect to {where} within {in_seconds(timeout)}."
    return DialError(Cause.PROXY_FAILED, text)


def _refused(proxy: OutgoingProxy, where: str, error: Exception) -> DialError:
    why = visible_text(str(error)).rstrip(".")
    text = f"The proxy {proxy.shown} did not connect to {where}: {why}."
    return DialError(Cause.PROXY_FAILED, text)


def _why(error: Exception) -> str:
    """Return why the proxy was not reached, in a few words.

    The message of python-socks names its own function call, so it is replaced where possible.
    """
    if isinstance(error, socket.gaierror | UnicodeError) or isinstance(
        error.__cause__, socket.gaierror
    ):
        return "its name could not be found"
    if not isinstance(error, OSError):
        return visible_text(str(error))
    if error.errno is not None and error.errno > 0:
        return os.strerror(error.errno).lower()
    return visible_text(str(error.strerror or error))
