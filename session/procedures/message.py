"""The procedures of a message on its way: DATA (RFC 5321 section 4.1.1.4) and BDAT (RFC 3030)."""

from __future__ import annotations

import re
from smtplib import SMTPDataError, SMTPServerDisconnected
from typing import Any

from ..protocol.transparency import double_dots, normalise_line_ends
from ..reply import Reply
from . import commands
from .content import Content, Readable, Stuffing
from .steps import Ask, Call, Expect, Peer, Procedure, Remark, Send

A_PART = "a part of the message"


def data(peer: Peer, msg: str | bytes | Readable | Content) -> Procedure:
    """DATA, the message, and the dot that ends it. The result is the final reply.

    Raises SMTPDataError when the message is not asked for (no 354), or is refused before its end:
    then the connection is closed, since the server would take what follows for commands.
    """
    code, text = yield from asked(peer)
    if code != 354:
        raise SMTPDataError(code, text)
    return (yield from body(peer, msg))


def asked(peer: Peer) -> Procedure:
    """DATA; the result is its reply."""
    yield Send(commands.line(peer.manner.verb("DATA")), "DATA")
    reply = yield Expect()
    yield Remark(("data:", tuple(reply)))
    return reply


def body(peer: Peer, msg: Any) -> Procedure:
    """The text of a message, dots doubled, and its end; the result is the final reply."""
    if peer.manner.smtplib:
        octets, end = smtplib_body(msg)
        yield Send(octets, ".", more=True)
        yield Send(end, ".")
    else:
        content = msg if isinstance(msg, Content) else Content(msg)
        parts = content.parts()
        stuffed = Stuffing()
        assumed: Any = content.short
        whole: Content | None = content
        part = b"\r\n"
        while part:
            part = yield Ask(A_PART, lambda: next(parts, b""), assumed=assumed, keep=False)
            assumed = b""
            early = yield Send(stuffed(part) if part else b".\r\n", ".", content=whole)
            whole = None
            if early is not None:
                yield Call("close")
                raise SMTPDataError(early.code, early.text)
    reply = yield Expect()
    yield Remark(("data:", tuple(reply)))
    return reply


def crlf_ascii(text: str) -> bytes:
    """A message given as str, as smtplib sends it. Raises UnicodeEncodeError."""
    try:
        return normalise_line_ends(text.encode("ascii"))
    except UnicodeEncodeError:  # as smtplib's, which tells a place behind the change
        return re.sub("\r\n|\r|\n", "\r\n", text).encode("ascii")


def smtplib_body(msg: str | bytes) -> tuple[bytes, bytes]:
    """The octets that smtplib sends for a message, and behind them, up to the final dot.

    Bytes go as given, str with CRLF line ends. Raises TypeError for what is neither,
    UnicodeEncodeError.
    """
    octets = crlf_ascii(msg) if isinstance(msg, str) else msg
    if not isinstance(octets, bytes):
        octets = memoryview(octets).tobytes()
    octets = double_dots(octets)
    if octets.startswith(b"."):
        octets = b"." + octets
    return octets, b".\r\n" if octets.endswith(b"\r\n") else b"\r\n.\r\n"


def bdat(peer: Peer, chunk: bytes, last: bool = False) -> Procedure:
    """One chunk of a message (RFC 3030 section 2): the octets as they are."""
    yield _chunk(peer, chunk, last)
    return (yield Expect())


def _chunk(peer: Peer, octets: bytes, last: bool, whole: Content | None = None) -> Send:
    size = f"{len(octets)} LAST" if last else str(len(octets))
    head = commands.line(peer.manner.verb("BDAT"), size)
    return Send(head + octets, "BDAT LAST" if last else "BDAT", content=whole)


def chunks(peer: Peer, content: Content) -> Procedure:
    """The whole message in chunks: (reply, whether it is that to the last chunk).

    The reply is the last one, or the first that refused. With PIPELINING the next chunk goes out
    before the reply to the last has come; not in LMTP, where nobody says how many replies a last
    chunk has behind one that was refused.
    """
    parts = content.parts()
    most = 1 if peer.manner.pipelining and peer.has_extn("pipelining") and not peer.lmtp else 0
    waiting = 0
    whole: Content | None = content
    part = yield Ask(A_PART, lambda: next(parts, b""), assumed=content.short, keep=False)
    while True:
        after = b""
        if part:
            after = yield Ask(A_PART, lambda: next(parts, b""), assumed=b"", keep=False)
        last = not after
        yield _chunk(peer, part, last, whole)
        whole = None
        waiting += 1
        while waiting > (0 if last else most):
            reply = yield Expect()
            waiting -= 1
            if not peer.manner.accepts(reply.code):
                yield from _hear_out(reply, waiting)
                return reply, last and not waiting
            if last and not waiting:
                return reply, True
        part = after


def _hear_out(refusal: Reply, waiting: int) -> Procedure:
    """The replies to the chunks that were sent behind one that was refused: refusals too."""
    if refusal.code == 421:
        return
    try:
        for _ in range(waiting):
            yield Expect()
    except SMTPServerDisconnected:
        pass  # the next command will show it
