"""Procedures for a complete mail transaction: envelope, message and outcome.

Commands are sent one at a time, as smtplib does, or in groups if the server offers PIPELINING. The
message is sent with DATA or BDAT. In LMTP, each accepted recipient has its own reply after the
message (RFC 2033 section 4.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from .. import raised
from ..protocol.message_syntax import MessageTraits
from . import envelope
from . import message as body
from .content import Content, Readable
from .envelope import Accepted, RcptOptions, Refused
from .send_result import Said, SendResult
from .steps import Call, Expect, Peer, Procedure, Skipped


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
    says_size: bool = True,
    declares: bool = False,
    until: str = "",
) -> Procedure:
    """Send one message to several recipients. The result is a SendResult.

    EHLO is sent first if needed, or HELO if EHLO is refused; after HELO, no options are sent. SIZE
    is declared if it is offered, unless `says_size` is false. If `declares` is true, BODY=8BITMIME
    and SMTPUTF8 are also declared if they are offered and the message needs them. If `until` is
    "MAIL", "RCPT" or "DATA", the procedure ends with the replies to that command, and leaves the
    transaction open. If `pipelining` is None, it is used if it is offered. If `chunking` is true,
    the message is sent with BDAT, which must be offered. `rcpt_options` may map each recipient to
    its own options. After an error, the transaction is reset, and the connection stays open (but
    see `message.data`).

    If the options include PRDR and the message is answered with 353, each recipient gets its own
    reply, followed by one for all (draft-hall-prdr).

    Raises SMTPHeloError, SMTPSenderRefused, SMTPRecipientsRefused (if all are refused),
    SMTPDataError, or SMTPNotSupportedError.
    """
    yield Call("ehlo_or_helo_if_needed")
    if isinstance(to_addrs, str):
        to_addrs = [to_addrs]
    if peer.manner.smtplib:
        return (yield from _as_smtplib(peer, from_addr, to_addrs, msg, mail_options, rcpt_options))
    recipients = list(to_addrs)
    if chunking and not peer.has_extn("chunking"):
        raise raised.SMTPNotSupportedError("CHUNKING is not offered by the server")
    content = msg if isinstance(msg, Content) else Content(msg)
    options = list(mail_options)
    if declares and (traits := content.traits) is not None:
        options += _declared(peer, traits, options)
    if _international(peer, (from_addr, *recipients), options):
        options.append("SMTPUTF8")
    says_size = says_size and not envelope.has_option(options, "SIZE")
    if says_size and peer.has_extn("size") and content.size is not None:
        options.insert(0, f"SIZE={content.size}")
    lines = envelope.envelope_lines(peer, from_addr, recipients, options, rcpt_options)
    if pipelining is None:
        pipelining = peer.manner.pipelining
    grouped = pipelining and peer.has_extn("pipelining")
    if until == "MAIL":
        code, text = yield Call("mail", (from_addr, options))
        if not peer.manner.accepts(code):
            raise raised.SMTPSenderRefused(code, text, from_addr)
        return SendResult(reply=(code, text))
    if grouped:
        with_data = not chunking and until != "RCPT"
        accepted, refused = yield from envelope.group(
            peer, from_addr, recipients, lines, with_data=with_data
        )
    else:
        accepted, refused = yield from envelope.one_by_one(
            peer, from_addr, recipients, options, rcpt_options
        )
    if until == "RCPT":
        return SendResult(refused, accepted=accepted)
    if until == "DATA":
        if not grouped:
            code, text = yield from body.asked(peer)
            if code != 354:
                raise raised.SMTPDataError(code, text)
        return SendResult(refused, accepted=accepted, reply=(354, b""))
    reply, whole = yield from _message(peer, content, chunking, waits=grouped)
    code, text = reply
    if peer.lmtp and whole:
        return (yield from _of_each(peer, accepted, refused, reply))
    if code == 353 and whole and envelope.has_option(options, "PRDR"):
        return (yield from _of_each_and_all(peer, accepted, refused))
    if not whole or not peer.manner.accepts(code):
        yield from envelope.give_up(peer, code)
        raise raised.SMTPDataError(code, text)
    return SendResult(refused, accepted=accepted, reply=reply)


def _as_smtplib(
    peer: Peer,
    from_addr: str,
    recipients: Sequence[str],
    msg: Any,
    mail_options: Sequence[str],
    rcpt_options: RcptOptions,
) -> Procedure:
    content = body.crlf_ascii(msg) if isinstance(msg, str) else msg
    options: list[str] = []
    if peer.does_esmtp:
        if peer.has_extn("size"):
            options.append(f"size={len(content)}")
        options += mail_options
    accepted, refused = yield from envelope.one_by_one(
        peer, from_addr, recipients, options, rcpt_options
    )
    code, text = reply = yield Call("data", (content,))
    if peer.lmtp and peer.does_esmtp and len(accepted) > 1:
        # One for each; smtplib takes all but the first as replies to the following commands.
        return (yield from _of_each(peer, accepted, refused, reply))
    if code != 250:
        yield from envelope.give_up(peer, code)
        raise raised.SMTPDataError(code, text)
    return SendResult(refused, accepted=accepted, reply=(code, text))


def _international(peer: Peer, addresses: Iterable[str], options: Sequence[str]) -> bool:
    """Return whether MAIL must declare SMTPUTF8 for one of these addresses (RFC 6531 3.4)."""
    return (
        peer.manner.international
        and peer.has_extn("smtputf8")
        and not envelope.has_option(options, "SMTPUTF8")
        and not all(address.isascii() for address in addresses)
    )


def _declared(peer: Peer, traits: MessageTraits, options: Sequence[str]) -> list[str]:
    """Return the parameters of MAIL that the content needs, if they are offered."""
    found: list[str] = []
    if traits.eight_bit and peer.has_extn("8bitmime") and not envelope.has_option(options, "BODY"):
        found.append("BODY=8BITMIME")
    if (
        traits.utf8_header
        and peer.has_extn("smtputf8")
        and not envelope.has_option(options, "SMTPUTF8")
    ):
        found.append("SMTPUTF8")
    return found


def _message(peer: Peer, content: Content, chunking: bool, *, waits: bool) -> Procedure:
    """Send the message. The result is (reply, whether it answers the end of the message).

    If `chunking` is true, BDAT is used, otherwise DATA. If `waits` is true, DATA has already been
    answered with 354.
    """
    if chunking:
        return (yield from body.chunks(peer, content))
    if not waits:
        reply = yield from body.asked(peer)
        if reply[0] != 354:
            return reply, False
    return (yield from body.body(peer, content)), True


def _of_each(peer: Peer, accepted: Accepted, refused: Refused, reply: Said) -> Procedure:
    """Collect the LMTP replies after the message, one per accepted recipient.

    `reply` is the first of these replies. If the server disconnects early, the remaining recipients
    count as refused, with the 421 that the server sent, or with -1 if it sent none.
    """
    code, text = reply
    replies: list[Said] = []
    try:
        if code != 421 and not accepted.has(reply):
            code, text = yield from _next(accepted)
        replies.append((code, text))
        while len(replies) < len(accepted) and code != 421:
            code, text = yield from _next(accepted)
            replies.append((code, text))
    except raised.SMTPServerDisconnected:
        code, text = -1, b"the server closed the connection before this reply"
    missing = len(accepted) - len(replies)
    replies += [(code, text)] * missing
    taken: list[str] = []
    for each, said in zip(accepted, replies, strict=True):
        if peer.manner.accepts(said[0]):
            taken.append(each)
        else:
            refused[each] = said
    if code == 421:
        yield Call("close")
    if not taken:
        raise raised.SMTPDataError(*replies[0])
    of_each = dict(zip(accepted, replies, strict=True))
    return SendResult(refused, accepted=taken, reply=replies[-1], replies=of_each)


def _next(accepted: Accepted) -> Procedure:
    """Wait for the next reply after the message. Ignore any for a RCPT typed between steps."""
    while True:
        reply = yield Expect(again=True)
        if reply[0] == 421 or accepted.has(reply):
            return reply


def _of_each_and_all(peer: Peer, accepted: Accepted, refused: Refused) -> Procedure:
    """Collect the replies after a 353: one per accepted recipient, and one for all (PRDR)."""
    of_each: dict[str, Said] = {}
    for each in accepted:
        of_each[each] = code, text = yield from _next(accepted)
        if not peer.manner.accepts(code):
            refused[each] = code, text
    reply = code, text = yield from _next(accepted)
    if not peer.manner.accepts(code):
        yield from envelope.give_up(peer, code)
        raise raised.SMTPDataError(code, text)
    taken = [each for each in accepted if each not in refused]
    return SendResult(refused, accepted=taken, reply=reply, replies=of_each)


def check(
    peer: Peer,
    from_addr: str,
    to_addrs: str | Sequence[str],
    mail_options: Sequence[str] = (),
    rcpt_options: RcptOptions = (),
) -> Procedure:
    """Test each recipient without sending a message: send MAIL, each RCPT, and RSET.

    The result is {recipient: (code, text)} for all recipients. Raises SMTPSenderRefused if MAIL is
    refused.
    """
    yield Call("ehlo_or_helo_if_needed")
    recipients = [to_addrs] if isinstance(to_addrs, str) else list(to_addrs)
    envelope.envelope_lines(peer, from_addr, recipients, mail_options, rcpt_options)
    code, text = yield Call("mail", (from_addr, mail_options))
    if not peer.manner.accepts(code):
        yield from envelope.give_up(peer, code)
        raise raised.SMTPSenderRefused(code, text, from_addr)
    found: Refused = {}
    for each in recipients:
        try:
            code, text = yield Call("rcpt", (each, envelope.options_for(each, rcpt_options)))
        except Skipped:
            continue
        found[each] = (code, text)
        if code == 421:
            break
    yield from envelope.give_up(peer, code)
    return found
