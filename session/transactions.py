"""The procedures of a mail transaction: sender, recipients, message.

One command at a time as smtplib does it, or, where the server offers PIPELINING, in groups
(RFC 2920); the message by DATA (RFC 5321 section 4.1.1.4) or by BDAT (RFC 3030). In LMTP each
accepted recipient has a reply of its own after the message (RFC 2033 section 4.2).
"""

from __future__ import annotations

import copy
import email.utils
import io
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from email.generator import BytesGenerator
from email.message import Message
from smtplib import (
    SMTPDataError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)
from typing import Any

from . import commands
from .content import PART, Content, Readable, Stuffing
from .steps import Ask, Call, Expect, Peer, Procedure, Remark, Send, Skipped

A_PART = "a part of the message"
AHEAD = 100  # commands that are sent ahead of their replies at most
AHEAD_OCTETS = 16 * 1024
Refused = dict[str, tuple[int, bytes]]
RcptOptions = Sequence[str] | Mapping[str, Sequence[str]]


def mail(peer: Peer, sender: str, options: Sequence[str] = ()) -> Procedure:
    """MAIL. Raises SMTPNotSupportedError for SMTPUTF8 where it is not offered."""
    yield Send(mail_line(peer, sender, options), "MAIL")
    return (yield Expect())


def rcpt(peer: Peer, recip: str, options: Sequence[str] = ()) -> Procedure:
    """RCPT."""
    yield Send(rcpt_line(peer, recip, options), "RCPT")
    return (yield Expect())


def mail_line(peer: Peer, sender: str, options: Sequence[str] = ()) -> bytes:
    """MAIL as bytes."""
    path = commands.quoteaddr(sender)
    options = list(options) if peer.does_esmtp else []
    encoding = peer.command_encoding
    if not peer.manner.smtplib and not path.isascii() and not _has(options, "SMTPUTF8"):
        if peer.has_extn("smtputf8"):
            options.append("SMTPUTF8")
        else:
            path = _ascii_path(path)
    if _has(options, "SMTPUTF8"):
        if not peer.has_extn("smtputf8"):
            raise SMTPNotSupportedError("SMTPUTF8 not supported by server")
        encoding = "utf-8"
    return commands.line(f"{peer.manner.mail}{path}", " ".join(options), encoding)


def rcpt_line(peer: Peer, recip: str, options: Sequence[str] = ()) -> bytes:
    """RCPT as bytes."""
    path = commands.quoteaddr(recip)
    options = options if peer.does_esmtp else ()
    encoding = peer.command_encoding
    if not peer.manner.smtplib and not path.isascii():
        if peer.has_extn("smtputf8"):
            encoding = "utf-8"
        else:
            path = _ascii_path(path)
    return commands.line(f"{peer.manner.rcpt}{path}", " ".join(options), encoding)


def _ascii_path(path: str) -> str:
    """A path for a server without SMTPUTF8: the domain can be written otherwise, a name cannot."""
    path = commands.ascii_domain(path)
    if not path.isascii():
        raise SMTPNotSupportedError(
            f"{path} needs SMTPUTF8, which the server does not offer: the part before the @ "
            "cannot be written in ASCII"
        )
    return path


def _has(options: Iterable[str], keyword: str) -> bool:
    return any(option.upper() == keyword for option in options)


# The message


def data(peer: Peer, msg: str | bytes | Readable | Content) -> Procedure:
    """DATA, the message, and the dot that ends it. The result is the final reply.

    Raises SMTPDataError when the message is not asked for (no 354), or is refused before its end:
    then the connection is closed, since the server would take what follows for commands.
    """
    yield Send(commands.line(peer.manner.verb("DATA")), "DATA", False)
    code, text = yield Expect()
    yield Remark(("data:", (code, text)))
    if code != 354:
        raise SMTPDataError(code, text)
    yield from _body(peer, msg)
    code, text = yield Expect()
    yield Remark(("data:", (code, text)))
    return code, text


def _body(peer: Peer, msg: Any) -> Procedure:
    """The text of a message, dots doubled, and its end."""
    if peer.manner.smtplib:
        yield Send(smtplib_body(msg), ".")
        return
    content = msg if isinstance(msg, Content) else Content(msg)
    parts = content.parts()
    stuffed = Stuffing()
    while part := (yield Ask(A_PART, lambda: next(parts, b""), assumed=b"", keep=False)):
        early = yield Send(stuffed(part), ".")
        if early is not None:
            yield Call("close")
            raise SMTPDataError(early.code, early.text)
    yield Send(b".\r\n", ".")


def smtplib_body(msg: str | bytes) -> bytes:
    """The octets that smtplib sends for a message: bytes as given, str with CRLF line ends."""
    octets = _crlf_ascii(msg) if isinstance(msg, str) else bytes(msg)
    head = b"." if octets.startswith(b".") else b""
    end = b".\r\n" if octets.endswith(b"\r\n") else b"\r\n.\r\n"
    return b"".join((head, octets.replace(b"\n.", b"\n.."), end))


def bdat(peer: Peer, chunk: bytes, last: bool = False) -> Procedure:
    """One chunk of a message (RFC 3030 section 2): the octets as they are."""
    size = f"{len(chunk)} LAST" if last else str(len(chunk))
    head = commands.line(peer.manner.verb("BDAT"), size)
    yield Send(head + chunk, "BDAT LAST" if last else "BDAT")
    return (yield Expect())


def _chunks(peer: Peer, content: Content) -> Procedure:
    """The whole message in chunks: the reply to the last one, or to the first that was refused.

    With PIPELINING the next chunk goes out before the reply to the last has come.
    """
    parts = content.parts()
    most = 1 if peer.manner.pipelining and peer.has_extn("pipelining") else 0
    ahead = 0
    part = yield Ask(A_PART, lambda: next(parts, b""), assumed=b"", keep=False)
    while True:
        following = b""
        if part:
            following = yield Ask(A_PART, lambda: next(parts, b""), assumed=b"", keep=False)
        last = not following
        size = f"{len(part)} LAST" if last else str(len(part))
        head = commands.line(peer.manner.verb("BDAT"), size)
        yield Send(head + part, "BDAT LAST" if last else "BDAT")
        ahead += 1
        while ahead > (0 if last else most):
            reply = yield Expect()
            ahead -= 1
            if reply.code != 250:
                for _ in range(ahead):
                    yield Expect()
                return reply
            if last and not ahead:
                return reply
        part = following


# The whole transaction


def sendmail(
    peer: Peer,
    from_addr: str,
    to_addrs: str | Sequence[str],
    msg: str | bytes | Readable | Content,
    mail_options: Sequence[str] = (),
    rcpt_options: RcptOptions = (),
    *,
    pipelining: bool | None = None,
    chunking: bool = False,
) -> Procedure:
    """One message to several recipients. The result is {recipient: (code, text)} of the refused.

    EHLO first if needed, else HELO, and then without options; SIZE is passed on where offered.
    `pipelining` None uses it where it is offered; `chunking` sends by BDAT, which has to be
    offered. `rcpt_options` may map each recipient to options of its own. After an error the
    transaction is reset, and the connection stays open (but see `data`).

    Raises SMTPHeloError, SMTPSenderRefused, SMTPRecipientsRefused (all of them),
    SMTPDataError, SMTPNotSupportedError.
    """
    yield Call("ehlo_or_helo_if_needed")
    ours = not peer.manner.smtplib
    options = list(mail_options) if peer.does_esmtp else []
    content: Any = msg if not ours or isinstance(msg, Content) else Content(msg)
    if isinstance(content, str):
        content = _crlf_ascii(content)
    size = content.size if ours else len(content)
    if peer.does_esmtp and peer.has_extn("size") and size is not None:
        options.insert(0, f"SIZE={size}" if ours else f"size={size}")
    if chunking and not peer.has_extn("chunking"):
        raise SMTPNotSupportedError("CHUNKING is not offered by the server")
    recipients = [to_addrs] if isinstance(to_addrs, str) else list(to_addrs)
    if pipelining is None:
        pipelining = peer.manner.pipelining
    if ours and _international(peer, (from_addr, *recipients), options):
        options.append("SMTPUTF8")
    accepted: list[str]
    refused: Refused
    if pipelining and ours and peer.has_extn("pipelining"):
        accepted, refused, reply = yield from _group(
            peer, from_addr, recipients, options, rcpt_options, with_data=not chunking
        )
        if reply is not None:
            yield from _body(peer, content)
            reply = yield Expect()
    else:
        accepted, refused = yield from _one_by_one(
            peer, from_addr, recipients, options, rcpt_options
        )
        reply = None
    if reply is None:
        if chunking:
            reply = yield from _chunks(peer, content)
        else:
            reply = yield Call("data", (content,))
    code, text = reply
    if peer.lmtp and peer.manner.each_recipient and accepted:
        return (yield from _of_each(peer, accepted, refused, code, text))
    if code != 250:
        yield from _give_up(code)
        raise SMTPDataError(code, text)
    return refused


def _crlf_ascii(text: str) -> bytes:
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\n", "\r\n").encode("ascii")


def _international(peer: Peer, addresses: Iterable[str], options: Sequence[str]) -> bool:
    """Whether MAIL has to announce SMTPUTF8 for one of these addresses (RFC 6531 3.4)."""
    return (
        peer.has_extn("smtputf8")
        and not _has(options, "SMTPUTF8")
        and not all(address.isascii() for address in addresses)
    )


def _options_for(recipient: str, options: RcptOptions) -> Sequence[str]:
    return options.get(recipient, ()) if isinstance(options, Mapping) else options


def _one_by_one(
    peer: Peer,
    from_addr: str,
    recipients: Sequence[str],
    options: Sequence[str],
    rcpt_options: RcptOptions,
) -> Procedure:
    """MAIL and each RCPT, each when the one before was answered: (accepted, refused)."""
    code, text = yield Call("mail", (from_addr, options))
    if code != 250:
        yield from _give_up(code)
        raise SMTPSenderRefused(code, text, from_addr)
    accepted: list[str] = []
    refused: Refused = {}
    for each in recipients:
        try:
            code, text = yield Call("rcpt", (each, _options_for(each, rcpt_options)))
        except Skipped:
            continue
        if code in (250, 251):
            accepted.append(each)
        else:
            refused[each] = (code, text)
        if code == 421:
            yield Call("close")
            raise SMTPRecipientsRefused(refused)
    # smtplib compares with the number of recipients, of which one may stand there twice.
    if len(refused) == len(recipients) if peer.manner.smtplib else not accepted:
        yield from _reset()
        raise SMTPRecipientsRefused(refused)
    return accepted, refused


def _group(
    peer: Peer,
    from_addr: str,
    recipients: Sequence[str],
    options: Sequence[str],
    rcpt_options: RcptOptions,
    *,
    with_data: bool,
) -> Procedure:
    """MAIL, the RCPTs and DATA without waiting for each other: (accepted, refused, 354 or None).

    RFC 2920 section 3.1: DATA ends the group; when it is answered 354 though no recipient was
    accepted, the message is ended at once.
    """
    lines: list[tuple[bytes, str]] = [(mail_line(peer, from_addr, options), "MAIL")]
    lines += ((b"", "RCPT") for _ in recipients)
    if with_data:
        lines.append((commands.line(peer.manner.verb("DATA")), "DATA"))
    sent: deque[tuple[str, int]] = deque()
    replies: list[Any] = []
    octets = at = 0
    stopped = False
    while at < len(lines) and not stopped:
        data, verb = lines[at]
        if verb == "RCPT":
            recipient = recipients[at - 1]
            data = rcpt_line(peer, recipient, _options_for(recipient, rcpt_options))
        if sent and (len(sent) >= AHEAD or octets + len(data) > AHEAD_OCTETS):
            while len(sent) > AHEAD // 2 or octets > AHEAD_OCTETS // 2:
                _, size = sent.popleft()
                octets -= size
                replies.append((yield Expect()))
                stopped = stopped or replies[-1].code == 421 or replies[0].code >= 400
            continue
        try:
            yield Send(data, verb, more=at + 1 < len(lines))
            sent.append((verb, len(data)))
            octets += len(data)
        except Skipped:
            replies.append(None)
        at += 1
    while sent:
        sent.popleft()
        replies.append((yield Expect()))
    return (yield from _judged(from_addr, recipients, replies, at))


def _judged(from_addr: str, recipients: Sequence[str], replies: list[Any], sent: int) -> Procedure:
    """What the replies of a group come to."""
    answer = replies[len(recipients) + 1] if sent > len(recipients) + 1 else None
    accepted: list[str] = []
    refused: Refused = {}
    for each, reply in zip(recipients, replies[1:], strict=False):
        if reply is None:
            continue
        if reply.code in (250, 251):
            accepted.append(each)
        else:
            refused[each] = (reply.code, reply.text)
    waiting = answer is not None and answer.code == 354
    closing = any(reply is not None and reply.code == 421 for reply in replies)
    taken = replies[0].code == 250 and bool(accepted)
    if taken and not closing and (answer is None or waiting):
        return accepted, refused, answer
    code = 421 if closing else 0
    if waiting:  # it waits for a message that nobody gets
        yield Send(b".\r\n", ".")
        code = (yield Expect()).code
    yield from _give_up(code)
    if replies[0].code != 250:
        raise SMTPSenderRefused(replies[0].code, replies[0].text, from_addr)
    if not accepted or answer is None:
        raise SMTPRecipientsRefused(refused)
    raise SMTPDataError(answer.code, answer.text)


def _of_each(
    peer: Peer, accepted: Sequence[str], refused: Refused, code: int, text: bytes
) -> Procedure:
    """The replies of LMTP after the message, one for each accepted recipient."""
    replies = [(code, text)]
    for _ in accepted[1:]:
        again = yield Expect(again=True)
        replies.append((again.code, again.text))
    taken = 0
    for each, (code, text) in zip(accepted, replies, strict=True):
        if code == 250:
            taken += 1
        else:
            refused[each] = (code, text)
    if not taken:
        raise SMTPDataError(*replies[0])
    return refused


def _give_up(code: int) -> Procedure:
    """After an error: RSET, or, when the server said that it closes, close."""
    if code == 421:
        yield Call("close")
    else:
        yield from _reset()


def _reset() -> Procedure:
    """RSET whose failure shows at the next command, as smtplib has it."""
    try:
        yield Call("rset")
    except (SMTPServerDisconnected, Skipped):
        pass


def check(
    peer: Peer,
    from_addr: str,
    to_addrs: str | Sequence[str],
    mail_options: Sequence[str] = (),
    rcpt_options: RcptOptions = (),
) -> Procedure:
    """Ask for each recipient without sending anything: MAIL, RCPT ..., RSET.

    The result is {recipient: (code, text)}, of all of them. Raises SMTPSenderRefused.
    """
    yield Call("ehlo_or_helo_if_needed")
    recipients = [to_addrs] if isinstance(to_addrs, str) else list(to_addrs)
    code, text = yield Call("mail", (from_addr, mail_options))
    if code != 250:
        yield from _give_up(code)
        raise SMTPSenderRefused(code, text, from_addr)
    found: Refused = {}
    for each in recipients:
        try:
            code, text = yield Call("rcpt", (each, _options_for(each, rcpt_options)))
        except Skipped:
            continue
        found[each] = (code, text)
        if code == 421:
            break
    yield from _give_up(code)
    return found


def send_message(
    peer: Peer,
    msg: Message,
    from_addr: str | None = None,
    to_addrs: str | Sequence[str] | None = None,
    mail_options: Sequence[str] = (),
    rcpt_options: RcptOptions = (),
    **how: Any,
) -> Procedure:
    """`sendmail` of an email.message.Message; addresses default to those in its header.

    Bcc is left out of what is sent. Raises ValueError for several Resent blocks,
    SMTPNotSupportedError for addresses that need SMTPUTF8 where it is not offered.
    """
    yield Call("ehlo_or_helo_if_needed")
    resent = msg.get_all("Resent-Date")
    if resent is not None and len(resent) > 1:
        raise ValueError("message has more than one 'Resent-' header block")
    prefix = "" if resent is None else "Resent-"
    if from_addr is None:
        name = f"{prefix}Sender" if f"{prefix}Sender" in msg else f"{prefix}From"
        from_addr = email.utils.getaddresses([msg[name]])[0][1]
    if to_addrs is None:
        fields = (msg[f"{prefix}{name}"] for name in ("To", "Bcc", "Cc"))
        found = email.utils.getaddresses([field for field in fields if field is not None])
        to_addrs = [address for _, address in found]
    copied = copy.copy(msg)
    del copied["Bcc"]
    del copied["Resent-Bcc"]
    policy: Any = None
    if not "".join([from_addr, *to_addrs]).isascii():
        if not peer.has_extn("smtputf8"):
            raise SMTPNotSupportedError(
                "One or more source or delivery addresses require internationalized email "
                "support, but the server does not advertise the required SMTPUTF8 capability"
            )
        policy = msg.policy.clone(utf8=True)  # pyright: ignore[reportCallIssue]
        mail_options = (*mail_options, "SMTPUTF8", "BODY=8BITMIME")
    out = io.BytesIO()
    BytesGenerator(out, policy=policy).flatten(copied, linesep="\r\n")
    octets = out.getvalue()
    return (yield Call("sendmail", (from_addr, to_addrs, octets, mail_options, rcpt_options), how))


__all__ = [
    "PART", "bdat", "check", "data", "mail", "rcpt", "send_message", "sendmail",
]  # fmt: skip
