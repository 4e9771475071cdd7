"""Checks the arguments of `Session` and `send` before anything is sent."""

from __future__ import annotations

import socket
from collections.abc import Callable
from email.message import Message
from typing import Any, cast

from ..procedures.arguments import check_recipients
from ..secret import Secret
from ..target import Target, check_port
from ..timeouts import Timeouts, check_seconds


def check_host(host: object) -> None:
    """Raise TypeError unless `host` is a str or a Target."""
    if not isinstance(host, str | Target):
        given = type(host).__name__
        more = "; the message is the second argument" if isinstance(host, Message) else ""
        raise TypeError(f"host must be a string or a Target, not {given}{more}")


def check_send(
    message: object, login: object, starttls: object, sender: object, recipients: object
) -> None:
    """Raise TypeError if one of these arguments of `send` has the wrong type."""
    octets = isinstance(message, Message | str | bytes | bytearray | memoryview)
    if not octets and not callable(getattr(message, "read", None)):
        words = "an email.message.Message, text, bytes or a binary file"
        raise _wrong("message", words, message)
    if sender is not None and not isinstance(sender, str):
        raise _wrong("sender", "an address or None", sender)
    if recipients is not None:
        check_recipients("recipients", recipients)
    if starttls is not None and not isinstance(starttls, bool):
        raise _wrong("starttls", "True, False or None", starttls)
    if login is not None:
        pair = cast("tuple[object, ...]", login) if isinstance(login, tuple | list) else ()
        if len(pair) != 2:  # `login` is not shown: it may hold the password
            raise TypeError('login must be a pair (user, password), such as ("alice", "secret")')
        check_login(*pair)


def _listed(value: object) -> tuple[object, ...]:
    """Return the items of a list or tuple, or an empty tuple for anything else."""
    return tuple(cast("tuple[object, ...]", value)) if isinstance(value, tuple | list) else ()


def check_login(
    user: object, password: object, mechanism: object = "", authzid: object = ""
) -> None:
    """Raise TypeError if one of these arguments of `login` has the wrong type.

    The error message does not show the password.
    """
    for name, text in (("user", user), ("authzid", authzid)):
        if not isinstance(text, str):
            raise _wrong(name, "a string", text)
    named = isinstance(mechanism, str) or mechanism in ([], ())
    listed = _listed(mechanism)
    if not named and not (listed and all(isinstance(each, str) for each in listed)):
        raise _wrong("mechanism", "a string, or a list of strings", mechanism)
    if not isinstance(password, str | bytes | bytearray | memoryview | Secret):
        raise _wrong("password", "a string, bytes or a Secret", password)


def check_arguments(
    timeout: object,
    timeouts: object,
    local_hostname: object,
    source_address: object,
    proxy: object,
    proxy_header: object,
    sock: object,
    tls: object,
    clock: object,
) -> None:
    """Raise TypeError or ValueError if one of these arguments of `Session` is invalid."""
    if timeout is not None:
        if timeouts is not None:
            raise TypeError(
                "timeout and timeouts must not be given together: timeout sets all timeouts"
            )
        check_seconds("timeout", timeout)
    check_timeouts(timeouts, or_none=True)
    if local_hostname is not None:
        if not isinstance(local_hostname, str):
            raise _wrong("local_hostname", "a host name", local_hostname)
        if any(each in local_hostname for each in "\r\n\0"):
            raise ValueError("local_hostname must not contain a line ending or NUL")
    if source_address is not None:
        _check_source(source_address)
    if proxy is not None:
        from ..net.outgoing_proxy import OutgoingProxy

        if not isinstance(proxy, OutgoingProxy):
            raise _wrong("proxy", "an OutgoingProxy", proxy, "parse_proxy() makes one from a URL")
    if not isinstance(proxy_header, bytes):
        hint = "proxy_header() makes them from a description"
        raise _wrong("proxy_header", "bytes", proxy_header, hint)
    if sock is not None and not isinstance(sock, socket.socket):
        raise _wrong("sock", "a connected socket", sock)
    check_tls(tls)
    if not callable(clock):
        raise _wrong("clock", "a function that returns seconds", clock)


def check_timeouts(timeouts: object, *, or_none: bool = False) -> None:
    """Raise TypeError unless `timeouts` is a `Timeouts`, or None if `or_none` is true."""
    if not isinstance(timeouts, Timeouts) and not (or_none and timeouts is None):
        raise _wrong(
            "timeouts", "Timeouts", timeouts, "use timeout to set all of them to one number"
        )


def check_tls(tls: object) -> None:
    """Raise TypeError unless `tls` is a TlsSettings, a function that returns one, or None."""
    if tls is None or callable(tls):
        return
    from ..tls.settings import TlsSettings

    if not isinstance(tls, TlsSettings):
        raise _wrong("tls", "TlsSettings", tls, "pass an SSLContext to starttls(context=...)")


def check_context(context: object) -> None:
    """Raise TypeError unless `context` is an ssl.SSLContext or None."""
    if context is None:
        return
    import ssl

    if not isinstance(context, ssl.SSLContext):
        raise _wrong("context", "an ssl.SSLContext", context)


def check_callback(name: str, callback: object) -> Callable[..., Any] | None:
    """Return `callback` if it is a function or None. Raises TypeError for anything else."""
    if callback is not None and not callable(callback):
        raise _wrong(name, "a function", callback)
    return callback


def _check_source(source: object) -> None:
    pair = cast("tuple[object, ...]", source) if isinstance(source, tuple | list) else ()
    if len(pair) != 2 or not isinstance(pair[0], str):
        raise TypeError(
            'source_address must be a pair (host, port), such as ("192.0.2.1", 0), not '
            f"{pair or source}"
        )
    check_port(pair[1], "the port of source_address")


def _wrong(name: str, wanted: str, given: object, hint: str = "") -> TypeError:
    more = f"; {hint}" if hint else ""
    return TypeError(f"{name} must be {wanted}, not {type(given).__name__}{more}")
