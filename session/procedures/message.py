"""Procedures that send a message: DATA (RFC 5321 section 4.1.1.4) and BDAT (RFC 3030)."""

from __future__ import annotations

import re
from typing import Any, cast

from .. import raised
from ..protocol.states import reads_chunk
from ..protocol.transparency import double_dots, normalise_line_ends
from ..reply import Reply
from .content import Content, Readable, Stuffing
from .steps import Ask, Call, Expect, Peer, Procedure, Remark, Send

A_PART = "a part of the message"


def data(peer: Peer, msg: str | bytes | Readable | Content) -> Procedure:
    """Send DATA, the message, and the final dot. The result is the final reply.

    Raises SMTPDataError if the reply to DATA is not 354, or if the server refuses the message
    before its end. After such an early refusal the connection is closed, because the server would
    parse the rest of the message as commands.
    """
    code, text = yield from asked(peer)
    if code != 354:
        raise raised.SMTPDataError(code, text)
    return (yield from body(peer, msg))


def asked(peer: Peer) -> Procedure:
    """Send DATA without the message. The result is the reply."""
    yield Send(peer.manner.line(peer.manner.verb("DATA")), "DATA")
    reply = yield Expect()
    yield Remark(("data:", tuple(reply)))
    return reply


def body(peer: Peer, msg: Any) -> Procedure:
    """Send the message with dots doubled, and its end. The result is the final reply.

    If only part of the message can be read, the connection is closed, and the error from reading is
    raised.
    """
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
            try:
                part = yield Ask(A_PART, lambda: next(parts, b""), assumed=assumed, keep=False)
            except Exception:  # the final dot would deliver half a message
                yield Call("close")
                raise
            assumed = b""
            early = yield Send(stuffed(part) if part else stuffed.end, ".", content=whole)
            whole = None
            if early is not None:
                yield Call("close")
                raise raised.SMTPDataError(early.code, early.text)
    reply = yield Expect()
    yield Remark(("data:", tuple(reply)))
    return reply


def crlf_ascii(text: str) -> bytes:
    """Return the octets of a text message, in ASCII with CRLF line endings.

    Raises the same UnicodeEncodeError as smtplib if the text is not ASCII.
    """
    try:
        return normalise_line_ends(text.encode("ascii"))
    except UnicodeEncodeError:  # as in smtplib, which reports the position after conversion
        return re.sub("\r\n|\r|\n", "\r\n", text).encode("ascii")


def smtplib_body(msg: str | bytes) -> tuple[bytes, bytes]:
    """Return the octets that smtplib sends for a message, and the end that contains the final dot.

    Bytes are sent as given, and str with CRLF line endings. Raises TypeError for any other type, or
    UnicodeEncodeError for a str that is not ASCII.
    """
    octets = crlf_ascii(msg) if isinstance(msg, str) else msg
    if not isinstance(cast(object, octets), bytes):  # any buffer, as with smtplib
        octets = memoryview(octets).tobytes()
    octets = double_dots(octets)
    if octets.startswith(b"."):
        octets = b"." + octets
    return octets, b".\r\n" if octets.endswith(b"\r\n") else b"\r\n.\r\n"


def bdat(peer: Peer, chunk: bytes, last: bool = False) -> Procedure:
    """Send one chunk of a message with BDAT, its octets unchanged (RFC 3030 section 2).

    The result is the reply.
    """
    yield _chunk(peer, chunk, last)
    return (yield Expect())


def _chunk(peer: Peer, octets: bytes, last: bool, whole: Content | None = None) -> Send:
    size = f"{len(octets)} LAST" if last else str(len(octets))
    head = peer.manner.line(peer.manner.verb("BDAT"), size)
    return Send(head + octets, "BDAT LAST" if last else "BDAT", content=whole)


def chunks(peer: Peer, content: Content) -> Procedure:
    """Send the message with BDAT. The result is (reply, whether it answers the last chunk).

    The reply is the last one, or the first refusal. With PIPELINING, each chunk is sent before the
    reply to the previous one arrives. This is not done in LMTP, where the number of replies to a
    last chunk that follows a refused one is undefined.

    If a reply shows that the server does not read chunks after all, the connection is closed and
    SMTPDataError is raised, because the server would parse the message as commands.
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
            if not reads_chunk(reply.code, reply.text, offered=True):
                yield Call("close")
                raise raised.SMTPDataError(reply.code, reply.text)
            if not peer.manner.accepts(reply.code):
                yield from _hear_out(reply, waiting)
                return reply, last and not waiting
            if last and not waiting:
                return reply, True
        part = after


def _hear_out(refusal: Reply, waiting: int) -> Procedure:
    """Await the replies to the chunks that were sent after a refused one.

    The server refuses these chunks too.
    """
    if refusal.code == 421:
        return
    try:
        for _ in range(waiting):
            yield Expect()
    except raised.SMTPServerDisconnected:
        pass  # the next command raises it again
