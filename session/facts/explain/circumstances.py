"""Explains replies from the command and the situation, if their text gives no reason."""

from __future__ import annotations

import re
from collections.abc import Callable

from ...verbs import GREETINGS, MESSAGE_ENDS
from . import unknown_commands
from .explanation import Explanation, explained, quoted
from .line_faults import address_faults, helo_fault
from .login import cancelled, no_mechanism, within_auth
from .placeholders import begin_tls, fill, log_in, unlisted_parameters
from .reply_text import ReplyText
from .situation import CLIENT_HELLO, GREETING, Situation

_Circumstance = Callable[[ReplyText, Situation], Explanation | None]
_LIMIT = 512  # octets of a command line with its CRLF
_MASKED = re.compile(r"\bX{4,}")
_LMTP = re.compile(r"\be?lmtp\b", re.IGNORECASE)
_STARS = re.compile(r"\*{5,}")


def by_certain_circumstances(reply: ReplyText, situation: Situation) -> Explanation | None:
    """Return the explanation that the transferred bytes prove, whatever the reply says, or None."""
    return _first(_CERTAIN, reply, situation)


def by_circumstances(reply: ReplyText, situation: Situation) -> Explanation | None:
    """Return the explanation that follows from the situation, or None if none does."""
    return _first(_ASKED, reply, situation)


def _first(
    asked: tuple[_Circumstance, ...], reply: ReplyText, situation: Situation
) -> Explanation | None:
    if reply.code < 200:
        return None
    return next(filter(None, (ask(reply, situation) for ask in asked)), None)


# The connection


def _masked_greeting(reply: ReplyText, situation: Situation) -> Explanation | None:
    if situation.verb != GREETING or not _STARS.search(reply.words):
        return None
    return explained(
        reply,
        "a greeting that a firewall has overwritten",
        "The greeting was replaced by asterisks in transit: a firewall between client and server "
        "(Cisco PIX or ASA with SMTP inspection) hides it, and often changes commands and "
        "extensions too.",
        "Send EHLO, or HELO if EHLO is refused. Have the inspection switched off (fixup protocol "
        "smtp, inspect esmtp): it breaks STARTTLS and AUTH.",
        "Cisco ESMTP inspection",
        "RFC 5321 4.2",
    )


def _lmtp_greeting(reply: ReplyText, situation: Situation) -> Explanation | None:
    if situation.verb != GREETING or reply.code != 220 or not _LMTP.search(reply.words):
        return None
    return explained(
        reply,
        "the greeting: the server is ready, and speaks LMTP",
        "LMTP delivers into mailboxes; the client introduces itself with LHLO, and gets one reply "
        "for each recipient after the message.",
        "Send LHLO and your host name; for SMTP, connect to another port (25 or 587).",
        "RFC 2033 4.1, 4.2",
    )


def _overwritten(reply: ReplyText, situation: Situation) -> Explanation | None:
    if reply.code < 400 or not _MASKED.search(reply.words) or "XXXX" in situation.line.upper():
        return None
    if not situation.line and situation.verb != "STARTTLS":
        return None
    return explained(
        reply,
        "a firewall on the path changed the command",
        f"The server saw XXXX where {quoted(situation.verb)} was sent: a firewall between client "
        "and server (Cisco PIX or ASA with SMTP inspection) overwrites with X any command or "
        "keyword that it does not recognise.",
        "Have that inspection switched off (fixup protocol smtp, inspect esmtp). Until then, HELO "
        "may work, without extensions.",
        "Cisco ESMTP inspection",
    )


def _masked_keyword(reply: ReplyText, situation: Situation) -> Explanation | None:
    """Explain an EHLO reply in which a firewall has overwritten a keyword, or return None."""
    if situation.verb not in ("EHLO", "LHLO") or reply.code != 250:
        return None
    found = _MASKED.search(reply.words)
    if found is None:
        return None
    return Explanation(
        f"{situation.verb} accepted; the extensions follow, one of them overwritten",
        "A keyword in the list reads XXXX: a firewall between client and server (Cisco PIX or ASA "
        "with SMTP inspection) has overwritten it. The overwritten keyword is usually STARTTLS.",
        "",
        "Have that inspection switched off (fixup protocol smtp, inspect esmtp), or use port 465, "
        "with TLS from the first byte.",
        ("Cisco ESMTP inspection", "RFC 5321 4.1.1.1"),
    )


def _refused_at_start(reply: ReplyText, situation: Situation) -> Explanation | None:
    """Explain a refusal by policy (X.7) at the greeting or EHLO, or return None."""
    detail = (reply.fitting or "").partition(".")[2]
    if situation.verb not in (GREETING, *GREETINGS) or not detail.startswith("7."):
        return None
    return explained(
        reply,
        "a policy does not allow this client",
        "One of the server's rules refuses the client because of its address, its name, or how "
        "often it connects. The reply gives no reason that heloscope recognises.",
        (
            "Wait, then connect again, with fewer connections."
            if reply.code < 500
            else "Look up the client's address on block lists, check its PTR record, and ask the "
            "server's postmaster."
        ),
        "RFC 3463 3.8",
        "RFC 5321 7.9",
    )


def _answered_in_clear(reply: ReplyText, situation: Situation) -> Explanation | None:
    if situation.verb != CLIENT_HELLO:
        return None
    return Explanation(
        "answered without encryption, where TLS was expected",
        "The client started a TLS handshake, but the server answered with a line of plain text: on "
        "this port, it does not use TLS from the first byte.",
        "",
        "Connect without TLS and use STARTTLS, as on port 587 or 25, or connect to port 465, which "
        "has TLS from the first byte.",
        ("RFC 8314 3", "RFC 3207"),
    )


# Lines


def _too_long(reply: ReplyText, situation: Situation) -> Explanation | None:
    if situation.octets <= _LIMIT or not situation.verb or situation.verb in MESSAGE_ENDS:
        return None
    if reply.code not in (421, 500, 501, 521, 552, 553, 554):
        return None
    return explained(
        reply,
        "the line is too long",
        f"The line has {situation.octets:,} octets; a command line may have at most {_LIMIT}, "
        "including the CRLF. The command itself is not the problem.",
        "Send a shorter line.",
        "RFC 5321 4.5.3.1.4",
    )


# Names, addresses and parameters


def _helo(reply: ReplyText, situation: Situation) -> Explanation | None:
    if situation.verb not in GREETINGS or reply.code not in (501, 504, 550, 553, 554):
        return None
    fault = helo_fault(situation.helo, situation.verb) if situation.helo or situation.line else ""
    if not fault:
        return _helo_without_fault(reply, situation)
    if situation.nameless:
        return explained(
            reply,
            f"the name after {situation.verb} is missing",
            fault,
            f"Send {situation.verb} with a full host name such as mail.example.org, or an address "
            "literal: [192.0.2.1] or [IPv6:2001:db8::1].",
            "RFC 5321 4.1.1.1, 4.1.3",
        )
    return explained(
        reply,
        "the EHLO name is not a valid host name",
        f"The server refuses the name with which the client introduced itself. {fault}",
        "Send EHLO with a full host name such as mail.example.org, or an address literal: "
        "[192.0.2.1] or [IPv6:2001:db8::1].",
        "RFC 5321 4.1.1.1, 4.1.3",
    )


def _helo_without_fault(reply: ReplyText, situation: Situation) -> Explanation | None:
    """Explain a 501 to HELO or EHLO with a well-formed name, or return None."""
    if reply.code != 501 or not situation.helo or ".7." in (reply.fitting or ""):
        return None
    verb = situation.verb
    return explained(
        reply,
        f"{verb} with this name is not accepted",
        f"The line is well formed: “{quoted(situation.helo)}” has the syntax of a host name or "
        "address. The server may require a name that is in DNS and belongs to the client's "
        f"address{', or may not support EHLO' if verb == 'EHLO' else ''}.",
        f"Send {verb} with this machine's full name as it is in DNS, or with its address in "
        f"brackets: [192.0.2.1].{' If that fails too, try HELO.' if verb == 'EHLO' else ''}",
        "RFC 5321 4.1.1.1, 4.1.4",
    )


def _parameters(reply: ReplyText, situation: Situation) -> Explanation | None:
    if situation.verb not in ("MAIL", "RCPT") or not situation.parameters:
        return None
    detail = (reply.fitting or "").partition(".")[2]
    if reply.code not in (501, 503, 504, 555) or (detail and not detail.startswith("5.")):
        return None
    if address_faults(situation) and reply.code != 555:
        return None
    if not unlisted_parameters(situation) and reply.code not in (504, 555):
        return None
    return explained(
        reply,
        "a parameter is not supported",
        fill("The server does not accept a parameter after the address.{parameters}", reply,
             situation),
        fill("Omit the parameter{keep_parameters}.", reply, situation),
        "RFC 5321 4.1.1.11",
    )  # fmt: skip


def _address(reply: ReplyText, situation: Situation) -> Explanation | None:
    detail = (reply.fitting or "").partition(".")[2]
    if situation.verb not in ("MAIL", "RCPT"):
        return None
    syntax = reply.code in (500, 501, 553, 555) or detail in ("1.3", "1.7", "5.2", "5.4", "6.7")
    if reply.code < 500 or not syntax:
        return None
    faults = address_faults(situation)
    if not faults and detail not in ("1.3", "1.7"):
        return None
    whose = "sender" if situation.verb == "MAIL" else "recipient"
    form = "MAIL FROM" if whose == "sender" else "RCPT TO"
    if any("SMTPUTF8" in fault for fault in faults):
        return explained(
            reply,
            f"the {whose}'s address is not ASCII",
            fill(f"Such an address requires the extension SMTPUTF8.{{smtputf8_why}} "
                 f"{' '.join(fault for fault in faults if 'SMTPUTF8' not in fault)}".rstrip(),
                 reply, situation),
            fill("{smtputf8}", reply, situation),
            "RFC 6531 3.4",
        )  # fmt: skip
    return explained(
        reply,
        f"the {whose}'s address is not well formed",
        f"The server cannot parse what follows {form}. {' '.join(faults)}".rstrip(),
        f"Correct it: send {form}:<user@example.org>, with angle brackets, one @ and a full "
        "domain.",
        "RFC 5321 4.1.2",
    )


# Order, login and TLS


def _size(reply: ReplyText, situation: Situation) -> Explanation | None:
    if situation.verb != "MAIL" or reply.code not in (452, 500, 501, 523, 550, 552, 553, 554):
        return None
    declared, limit = situation.declared_size, situation.size_limit
    about = (reply.fitting or "")[1:3]
    if declared is None or not 0 < limit < declared or about not in ("", ".0", ".2", ".3"):
        return None
    return explained(
        reply,
        "the message is too large",
        f"SIZE={declared} exceeds the limit of {limit:,} octets stated in the EHLO reply.",
        "Make the message smaller: compress or split it, or send a link instead of the attachment.",
        "RFC 1870 6.1",
    )


def _first_login_or_tls(reply: ReplyText, situation: Situation) -> Explanation | None:
    detail = (reply.fitting or "").partition(".")[2]
    if (reply.code in (523, 538) or detail in ("7.10", "7.11")) and not situation.tls:
        return explained(
            reply,
            "TLS is required",
            "The server accepts this only over an encrypted connection.",
            begin_tls(situation),
            "RFC 3207 4",
        )
    if reply.code != 530:
        return None
    if not situation.tls and not situation.lists("AUTH") and situation.lists("STARTTLS"):
        return explained(
            reply,
            "TLS is required",
            "The server accepts this only over an encrypted connection. It offers STARTTLS, which "
            "was not used.",
            begin_tls(situation, ", and log in with AUTH if it is then listed"),
            "RFC 3207 4",
        )
    if situation.tls or situation.lists("AUTH"):
        unused = situation.lists("AUTH") and not situation.authenticated
        return explained(
            reply,
            "a login is required",
            "The server accepts this only from a client that is logged in."
            + (" It offers AUTH, which was not used." if unused else ""),
            log_in(situation),
            "RFC 4954 6",
        )
    return None


def _bdat(reply: ReplyText, situation: Situation) -> Explanation | None:
    if not situation.verb.startswith("BDAT") or reply.code != 501:
        return None
    if re.match(r"\d{1,20}( LAST)?\Z", situation.argument, re.IGNORECASE):
        return None
    what = (
        f"“{quoted(situation.argument)}” is neither"
        if situation.argument
        else "here the number is missing"
    )
    return explained(
        reply,
        "the size of the chunk is missing or invalid",
        f"BDAT takes the number of octets in the chunk, and LAST for the final chunk; {what}.",
        "Send BDAT 1024 or BDAT 1024 LAST, with the exact count.",
        "RFC 3030 2",
    )


def _other_client(reply: ReplyText, situation: Situation) -> Explanation | None:
    """Explain a refusal of Postfix's XCLIENT or XFORWARD, or return None for any other reply."""
    verb = situation.verb
    if verb not in ("XCLIENT", "XFORWARD") or reply.code not in (503, 550, 554):
        return None
    return explained(
        reply,
        f"this client may not use {verb}",
        f"With {verb}, a client passes on the name and address of another client. The server "
        "allows this to authorised clients only, and this client is not one of them.",
        f"Have the server's administrator add the client's address to those that may use {verb} "
        f"(in Postfix, smtpd_authorized_{verb.lower()}_hosts), or omit the command.",
        "Postfix XCLIENT_README",
    )


def _queue_command(reply: ReplyText, situation: Situation) -> Explanation | None:
    """Explain a denied ETRN, ATRN or TURN, or return None for any other reply."""
    verb = situation.verb
    denied = ".7." in (reply.fitting or "") or "denied" in reply.words.lower()
    if verb not in ("ETRN", "ATRN", "TURN") or reply.code < 400 or not denied:
        return None
    return explained(
        reply,
        f"this client may not use {verb}",
        f"{verb} requests the mail that is waiting in the server's queue. One of the server's "
        "rules does not allow this client to request it, or not for this domain.",
        "Have the server's administrator allow it for the client's address"
        + ("." if verb == "ETRN" else ", or log in first if AUTH is offered."),
        "RFC 1985 4" if verb == "ETRN" else "RFC 2645 4",
        "RFC 5321 7.9",
    )


def _rule_without_reason(reply: ReplyText, situation: Situation) -> Explanation | None:
    """Explain a refusal of MAIL or RCPT by a policy that is not stated, or return None."""
    if situation.verb not in ("MAIL", "RCPT") or reply.fitting not in ("5.7.0", "5.7.1"):
        return None
    if reply.code not in (550, 553, 554):
        return None
    causes = {
        "MAIL": "does not allow this sender, or this client",
        "RCPT": (
            "does not allow mail for this recipient from this client, or refuses the client or the "
            "sender only at this point"
        ),
    }[situation.verb]
    unused = situation.lists("AUTH") and not situation.authenticated
    look = "Check the addresses, and look up the client's address on block lists"
    if situation.verb == "RCPT" and not situation.authenticated:
        look += "; make sure that this server is an MX of the recipient's domain"
    return explained(
        reply,
        "one of the server's rules refuses this",
        f"One of the server's rules {causes}; the reply does not say which rule."
        + (" AUTH is offered and was not used: a login may be required." if unused else ""),
        (f"{log_in(situation)} " if unused else "")
        + f"{look}. Otherwise ask the server's postmaster, and quote the whole reply.",
        "RFC 3463 3.8",
        "RFC 5321 7.9",
    )


def _order(reply: ReplyText, situation: Situation) -> Explanation | None:
    if reply.code != 503 or (reply.fitting or "").endswith(".5.4"):  # X.5.4: a bad argument
        return None
    if situation.verb == "MAIL" and situation.offered is None and not situation.helo:
        return explained(
            reply,
            "EHLO must come first",
            "No EHLO or HELO is known before this MAIL; after STARTTLS, EHLO must be sent again. "
            "If there was one, a transaction is already open.",
            "Send EHLO and your host name; RSET ends an open transaction.",
            "RFC 5321 4.1.4",
        )
    if situation.verb == "MAIL" and situation.offered is not None:
        return explained(
            reply,
            "not allowed now",
            "EHLO was sent, so most likely a transaction is already open; each has one sender.",
            "Send RSET, then MAIL again.",
            "RFC 5321 4.1.4",
        )
    return None


_CERTAIN: tuple[_Circumstance, ...] = (
    _answered_in_clear,
    _masked_greeting,
    _lmtp_greeting,
    _masked_keyword,
    _overwritten,
    cancelled,
    no_mechanism,
    _too_long,
    unknown_commands.no_command,
    unknown_commands.space_before,
    unknown_commands.ehlo_unknown,
)
_ASKED: tuple[_Circumstance, ...] = (
    within_auth,
    unknown_commands.starttls,
    unknown_commands.vrfy,
    unknown_commands.extension,
    _helo,
    _parameters,
    _address,
    _size,
    _refused_at_start,
    _first_login_or_tls,
    _bdat,
    _other_client,
    _queue_command,
    _rule_without_reason,
    _order,
    unknown_commands.no_argument,
    unknown_commands.mandatory,
)
