"""`send` and `send_blocking`: one message in one call, from connecting to QUIT."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from email.message import Message
from typing import TYPE_CHECKING, TypedDict, Unpack

from ..errors import ConnectionLost, ReplyTimedOut
from ..events import Event
from ..procedures.arguments import check_call
from ..procedures.content import Readable
from ..procedures.envelope import RcptOptions
from ..procedures.header import NO_RECIPIENTS, envelope_in, without_bcc
from ..procedures.send_result import SendResult
from ..protocol.transparency import normalise_line_ends
from ..target import Target
from .arguments import check_host, check_send
from .session import Session

if TYPE_CHECKING:
    from ..secret import Secret
    from ..tls.settings import TlsSettings


class SendOptions(TypedDict, total=False):
    """The options of `send`, all of which have a default."""

    port: int
    sender: str | None
    recipients: str | Sequence[str] | None
    login: tuple[str, str | Secret] | None
    starttls: bool | None
    tls: TlsSettings | None
    timeout: float | None
    local_hostname: str | None
    mail_options: Sequence[str]
    rcpt_options: RcptOptions
    subscriber: Callable[[Event], object] | None


async def send(
    target: str | Target,
    message: Message | str | bytes | Readable,
    *,
    port: int = 0,
    sender: str | None = None,
    recipients: str | Sequence[str] | None = None,
    login: tuple[str, str | Secret] | None = None,
    starttls: bool | None = None,
    tls: TlsSettings | None = None,
    timeout: float | None = None,
    local_hostname: str | None = None,
    mail_options: Sequence[str] = (),
    rcpt_options: RcptOptions = (),
    subscriber: Callable[[Event], object] | None = None,
) -> SendResult:
    """Connect to `target`, send `message`, disconnect, and return a SendResult.

    `target` is a Target, a host (with `port`), or the text of a TARGET, such as
    "smtps://mail.example.org". `sender` and `recipients` are the envelope; by default they are
    taken from the header, and Bcc is not sent. `login` is a pair (user name, password). If
    `starttls` is None, STARTTLS is used if it is offered; True requires it, and False omits it.
    `tls` holds the TLS settings. On a Unix socket, there is no host name to check a certificate
    against: pass `starttls=False`, or set `server_name` in `tls`. `timeout` sets all timeouts, in
    seconds. `mail_options`, `rcpt_options` and the result are those of `Session.sendmail`.
    `subscriber` is called with every event.

    Raises the same errors as `Session.connect`, `starttls`, `login` and `sendmail`, and ValueError
    for a message without a sender or recipients. The connection is always closed.
    """
    check_host(target)
    check_send(message, login, starttls, sender, recipients)
    check_call("sendmail", (sender or "", recipients or (), b"", mail_options, rcpt_options), {})
    session = Session(target, port, timeout=timeout, local_hostname=local_hostname, tls=tls)
    if subscriber is not None:
        session.subscribe(subscriber)
    if isinstance(message, Message):
        sender, recipients = envelope_in(message, sender, recipients)
    elif sender is None or recipients is None:
        octets = _octets(message)
        sender, recipients = envelope_in(octets, sender, recipients)
        message = without_bcc(octets)
    elif not recipients:
        raise ValueError(NO_RECIPIENTS)
    try:
        await session.connect()
        if starttls is not False:
            await session.run("secure", required=starttls is True)
        if login is not None:
            await session.login(*login)
        if isinstance(message, Message):
            result = await session.send_message(
                message, sender, recipients, mail_options, rcpt_options
            )
        else:
            result = await session.sendmail(sender, recipients, message, mail_options, rcpt_options)
        with contextlib.suppress(ConnectionLost, ReplyTimedOut):  # the message is accepted
            await session.quit()
        return result
    finally:
        await session.close()


def send_blocking(
    target: str | Target,
    message: Message | str | bytes | Readable,
    **options: Unpack[SendOptions],
) -> SendResult:
    """Connect, send `message`, and disconnect, as `send` does, for programs without asyncio.

    The options, the result and the errors are those of `send`. This function runs an event loop of
    its own, so it raises RuntimeError if an event loop is already running; in that case, await
    `send`.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        pass
    else:
        raise RuntimeError(
            "send_blocking() would block the running event loop; await send() instead"
        )
    # With a factory, the event loop of the thread stays as it is.
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        return runner.run(send(target, message, **options))


def _octets(message: str | bytes | Readable) -> bytes:
    """Return the whole message with its line endings as sent, which are CRLF.

    The Bcc field is then looked for in the result, because a Bcc after a bare CR would be missed in
    the original.
    """
    if isinstance(message, bytes | bytearray | memoryview):
        return normalise_line_ends(bytes(message))
    text = message if isinstance(message, str) else message.read()
    octets = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
    return normalise_line_ends(octets)
