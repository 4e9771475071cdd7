"""Procedures for the envelope: MAIL and RCPT, one at a time or in groups.

The envelope is the sender and the recipients of a message (RFC 5321 section 2.3.1). If the server
offers PIPELINING, commands are sent without waiting for each reply (RFC 2920).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence

from .. import raised
from ..reply import Reply
from . import commands
from .send_result import Said
from .steps import Call, Expect, Peer, Procedure, Send, Skipped

AHEAD = 100  # commands sent ahead of their replies at most
AHEAD_OCTETS = 16 * 1024
Refused = dict[str, tuple[int, bytes]]
RcptOptions = Sequence[str] | Mapping[str, Sequence[str]]


class Accepted(list[str]):
    """The accepted recipients in order, each with the row of its RCPT command."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[int | None] = []

    def add(self, recipient: str, reply: Said) -> None:
        """Add a recipient that `reply` accepted."""
        self.append(recipient)
        self.rows.append(reply.event.answers if isinstance(reply, Reply) else None)

    def has(self, reply: Said) -> bool:
        """Return whether a reply after the message concerns these recipients.

        It does if it is for one of these recipients or for all recipients, or if it is the last
        reply. A reply for a RCPT that was typed between two steps is thus excluded. If it is not
        known which RCPT a recipient belongs to, as in the drop-in, every reply counts.
        """
        if not isinstance(reply, Reply) or not reply.event.left or None in self.rows:
            return True
        row = reply.event.recipient
        return row is None or row in self.rows


def mail(peer: Peer, sender: str, options: Sequence[str] = ()) -> Procedure:
    """Send MAIL. The result is the reply.

    Raises SMTPNotSupportedError if the address needs SMTPUTF8 and the server does not offer it.
    """
    yield Send(mail_line(peer, sender, options), "MAIL")
    return (yield Expect())


def rcpt(peer: Peer, recip: str, options: Sequence[str] = ()) -> Procedure:
    """Send RCPT. The result is the reply.

    Raises SMTPNotSupportedError if the address needs SMTPUTF8 and the server does not offer it.
    """
    yield Send(rcpt_line(peer, recip, options), "RCPT")
    return (yield Expect())


def mail_line(peer: Peer, sender: str, options: Sequence[str] = ()) -> bytes:
    """Return the MAIL command line as bytes.

    Raises SMTPNotSupportedError if the line needs SMTPUTF8 and the server does not offer it.
    """
    path = _path(peer, sender)
    options = list(options) if peer.does_esmtp else []
    encoding = peer.command_encoding
    if not peer.manner.international:
        encoding = "utf-8"
    elif not peer.manner.smtplib and not path.isascii() and not has_option(options, "SMTPUTF8"):
        if peer.has_extn("smtputf8"):
            options.append("SMTPUTF8")
        else:
            path = _ascii_path(path)
    if has_option(options, "SMTPUTF8"):
        if not peer.has_extn("smtputf8"):
            raise raised.SMTPNotSupportedError("SMTPUTF8 not supported by server")
        encoding = "utf-8"
    return peer.manner.line(f"{peer.manner.mail}{path}", " ".join(options), encoding)


def rcpt_line(peer: Peer, recip: str, options: Sequence[str] = ()) -> bytes:
    """Return the RCPT command line as bytes.

    Raises SMTPNotSupportedError if the line needs SMTPUTF8 and the server does not offer it.
    """
    path = _path(peer, recip)
    options = options if peer.does_esmtp else ()
    encoding = peer.command_encoding
    if not peer.manner.international:
        encoding = "utf-8"
    elif not peer.manner.smtplib and not path.isascii():
        if peer.has_extn("smtputf8"):
            encoding = "utf-8"
        else:
            path = _ascii_path(path)
    return peer.manner.line(f"{peer.manner.rcpt}{path}", " ".join(options), encoding)


def _path(peer: Peer, address: str) -> str:
    """Return the path for an address. Raises ValueError if it is invalid, except in the drop-in."""
    if peer.manner.smtplib:
        return commands.quoteaddr(address, as_smtplib=True)
    return commands.single_path(address)


def _ascii_path(path: str) -> str:
    """Return a path for a server without SMTPUTF8, with its domain in A-labels.

    Raises SMTPNotSupportedError if the local part is not ASCII.
    """
    path = commands.ascii_domain(path)
    if not path.isascii():
        raise raised.SMTPNotSupportedError(
            f"{path} requires SMTPUTF8, which the server does not offer: the part before the @ "
            "cannot be written in ASCII"
        )
    return path


def has_option(options: Iterable[str], keyword: str) -> bool:
    """Return whether `options` contains `keyword`, with or without a value."""
    return any(option.partition("=")[0].upper() == keyword for option in options)


def options_for(recipient: str, options: RcptOptions) -> Sequence[str]:
    """Return the RCPT options for `recipient`.

    `options` holds the options for all recipients, or maps each recipient to its options.
    """
    return options.get(recipient, ()) if isinstance(options, Mapping) else options


def envelope_lines(
    peer: Peer,
    sender: str,
    recipients: Sequence[str],
    options: Sequence[str],
    rcpt_options: RcptOptions,
) -> list[bytes]:
    """Return the command lines of MAIL and of each RCPT, before anything is sent.

    Raises an error if any of these lines is invalid.
    """
    lines = [mail_line(peer, sender, options)]
    lines += (rcpt_line(peer, each, options_for(each, rcpt_options)) for each in recipients)
    return lines


# After an error


def give_up(peer: Peer, code: int) -> Procedure:
    """Send RSET after an error, or close the connection after a 421."""
    if code == 421:
        yield Call("close")
    else:
        yield from reset(peer)


def reset(peer: Peer) -> Procedure:
    """Send RSET, unless the driver omits it. A failure shows at the next command, as in smtplib."""
    if not peer.manner.resets:
        return
    try:
        yield Call("rset")
    except (raised.SMTPServerDisconnected, raised.ReplyTimedOut, Skipped):
        pass


# One at a time


def one_by_one(
    peer: Peer,
    sender: str,
    recipients: Sequence[str],
    options: Sequence[str],
    rcpt_options: RcptOptions,
) -> Procedure:
    """Send MAIL and each RCPT, one at a time. The result is (accepted, refused).

    Raises SMTPSenderRefused or SMTPRecipientsRefused, after resetting the transaction.
    """
    code, text = yield Call("mail", (sender, options))
    if not peer.manner.accepts(code):
        yield from give_up(peer, code)
        raise raised.SMTPSenderRefused(code, text, sender)
    accepted = Accepted()
    refused: Refused = {}
    for each in recipients:
        try:
            reply = yield Call("rcpt", (each, options_for(each, rcpt_options)))
        except Skipped:
            continue
        code, text = reply
        if peer.manner.accepts(code, 251):
            accepted.add(each, reply)
        else:
            refused[each] = (code, text)
        if code == 421:
            yield Call("close")
            raise raised.SMTPRecipientsRefused(refused)
    # smtplib compares with the number of recipients, which may contain duplicates.
    if len(refused) == len(recipients) if peer.manner.smtplib else not accepted:
        yield from reset(peer)
        raise raised.SMTPRecipientsRefused(refused)
    return accepted, refused


# In groups


def group(
    peer: Peer, sender: str, recipients: Sequence[str], lines: list[bytes], *, with_data: bool
) -> Procedure:
    """Send MAIL, RCPT and DATA as a pipelined group. The result is (accepted, refused).

    `lines` are the lines from `envelope_lines`. If `with_data` is true, DATA is sent too, and the
    server is waiting for the message when this returns. Raises the same errors as when the commands
    are sent one at a time and get the same replies.

    If DATA is answered with 354 although no recipient was accepted, the message is ended at once
    with a dot (RFC 2920 section 3.1). The dot is not sent after a 421, because some recipients may
    have been accepted. Instead of the dot, the connection is closed if MAIL was refused, because
    the server then has a different envelope, and in LMTP, where the dot would get no reply (RFC
    2033 section 4.2).
    """
    sending = [("RCPT", line) for line in lines]
    sending[0] = ("MAIL", lines[0])
    if with_data and recipients:
        sending.append(("DATA", peer.manner.line(peer.manner.verb("DATA"))))
    replies: list[Reply | None] = [None] * len(sending)
    waiting: deque[int] = deque()  # the numbers of the commands without a reply
    lost = yield from _exchange(sending, replies, waiting)

    asked = replies[-1] if sending[-1][0] == "DATA" else None
    accepted = Accepted()
    refused: Refused = {}
    for each, reply in zip(recipients, replies[1:], strict=False):
        if reply is not None and peer.manner.accepts(reply.code, 251):
            accepted.add(each, reply)
        elif reply is not None:
            refused[each] = (reply.code, reply.text)
    closing = any(reply is not None and reply.code == 421 for reply in replies)
    first = replies[0]
    error: Exception | None = lost
    if first is not None and not peer.manner.accepts(first.code):
        error = raised.SMTPSenderRefused(first.code, first.text, sender)
        if asked is not None and asked.code == 354:
            error = raised.EnvelopeMismatch(first.code, first.text, sender)
            closing = True
    elif any(code == 421 for code, _ in refused.values()) or (
        not accepted and not any(number <= len(recipients) for number in waiting)
    ):
        error = raised.SMTPRecipientsRefused(refused)
        closing = closing or (peer.lmtp and asked is not None and asked.code == 354)
    elif asked is not None and asked.code != 354:
        error = raised.SMTPDataError(asked.code, asked.text)
    if error is None:
        return accepted, refused
    if closing:
        yield Call("close")
    elif lost is None:
        yield from _given_up(peer, asked)
    raise error


def _exchange(
    sending: list[tuple[str, bytes]], replies: list[Reply | None], waiting: deque[int]
) -> Procedure:
    """Send the commands and store each reply, until all have arrived or one is a 421.

    `waiting` holds the indices of the commands that still await a reply. No more commands are sent
    once MAIL has been refused. The result is the SMTPServerDisconnected that ended the exchange, or
    None.
    """
    octets = 0

    def come() -> Procedure:
        nonlocal octets, closing
        number = waiting[0]
        replies[number] = reply = yield Expect()
        waiting.popleft()
        octets -= len(sending[number][1])
        closing = reply.code == 421
        return closing or (number == 0 and reply.code >= 400)

    stopped = closing = False
    try:
        for number, (verb, data) in enumerate(sending):
            size = len(data)
            if len(waiting) >= AHEAD or octets + size > AHEAD_OCTETS:
                # Await half of the replies, so that commands are sent in groups and not singly.
                while waiting and (
                    len(waiting) > AHEAD // 2 or octets + size > max(AHEAD_OCTETS // 2, size)
                ):
                    stopped = (yield from come()) or stopped
            if stopped:
                break
            waiting.append(number)  # even if the connection is lost while it is sent
            try:
                yield Send(data, verb, more=number + 1 < len(sending))
            except Skipped:
                waiting.pop()
                continue
            octets += size
        while waiting and not closing:
            yield from come()
    except raised.SMTPServerDisconnected as lost:
        return lost
    return None


def _given_up(peer: Peer, asked: Reply | None) -> Procedure:
    """Abort a failed transaction, even if the server is already waiting for the message."""
    code = 0
    if asked is not None and asked.code == 354:
        yield Send(b".\r\n", ".")
        try:
            code = (yield Expect()).code
        except raised.SMTPServerDisconnected:
            return
    yield from give_up(peer, code)
