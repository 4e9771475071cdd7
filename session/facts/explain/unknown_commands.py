"""Explains refusals of commands that a server does not recognise or does not offer."""

from __future__ import annotations

import re

from ...verbs import END_OF_DATA, GREETINGS
from ..commands import COMMANDS, nearest
from .explanation import Explanation, explained, quoted
from .line_faults import address_faults
from .placeholders import begin_tls
from .reply_text import ReplyText
from .situation import NAMED, Situation

_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]*:(?!<)(?: |\Z)")
_HTTP = re.compile(r"(?:GET|POST|PUT|HEAD|OPTIONS|CONNECT) \S+ HTTP/|(?:GET|POST|HEAD) /")
_OF_LMTP = re.compile(r"\b(?:lhlo|lmtp)\b", re.IGNORECASE)
# "Hello Bob," or "Dear all, this is ...": no verb in capitals, and the signs of a sentence.
_PROSE = re.compile(r"[A-Z]?[a-z]+\b.*[ ,](?:.*[a-z])?[,.!?]\Z|[A-Z]?[a-z]+(?:[,.]? [\w'-]+){4,}")
_MANDATORY = ("MAIL", "RCPT", "DATA", "RSET", "NOOP", "QUIT", "HELO")
_UNKNOWN = re.compile(
    r"unrecogni[sz]ed|not recogni[sz]ed|unknown command|not implemented|unimplemented|"
    r"command not (?:known|found|supported|understood)|invalid command|bad command|"
    r"unknown smtp|not supported|what\?|command unknown|unsupported command",
    re.IGNORECASE,
)


def _unknown(reply: ReplyText) -> bool:
    """Return whether a reply's code or words say that the server does not recognise the command."""
    return reply.code in (500, 502) or (
        reply.code in (501, 503, 550, 554) and bool(_UNKNOWN.search(reply.words))
    )


def no_command(reply: ReplyText, situation: Situation) -> Explanation | None:
    line = situation.line.strip()
    if not _unknown(reply) or not situation.verb:
        return None
    if line == "*":
        return explained(
            reply,
            "no AUTH to cancel",
            "A single * cancels an AUTH exchange, but none is open, so the server reads it as a "
            "command.",
            "Send AUTH and a mechanism first.",
            "RFC 4954 4",
        )
    if situation.verb == END_OF_DATA and _UNKNOWN.search(reply.words):
        return explained(
            reply,
            "the end of the message, read as a command",
            "No message was open: DATA was refused or not sent, so the server reads each line as a "
            "command, including the single dot.",
            "Check the reply to DATA: the message may follow only after a 354.",
            "RFC 5321 4.1.1.4",
        )
    if situation.verb.split(" ")[0] in COMMANDS or situation.verb in NAMED.values():
        return None
    if line == "" and situation.line:
        return None
    if _HTTP.match(line):
        return explained(
            reply,
            "an HTTP request, not a mail command",
            "The line is a request to a web server, but this is a mail server.",
            "Check the port and the program that connects.",
            "RFC 9112 3",
        )
    if _HEADER.match(line):
        name = quoted(line.partition(":")[0])
        return explained(
            reply,
            "a header line, read as a command",
            f"{name}: is a line of a message's header, but the message begins only after DATA and "
            "its 354. Before that, the server reads each line as a command.",
            "Send MAIL, RCPT and DATA first; after the 354, send the header, an empty line and the "
            "text.",
            "RFC 5321 4.1.1.4",
        )
    if _PROSE.match(line):
        return explained(
            reply,
            "message text, read as a command",
            f"“{quoted(line)}” is a line of text, but the message begins only after DATA and its "
            "354. Before that, the server reads each line as a command.",
            "Send MAIL, RCPT and DATA first; after the 354, send the header, an empty line and the "
            "text.",
            "RFC 5321 4.1.1.4",
        )
    for verb in ("MAIL", "RCPT", "EHLO", "HELO"):
        if situation.verb.startswith(verb) and situation.verb != verb:
            return explained(
                reply,
                f"the space after {verb} is missing",
                f"The server reads {quoted(situation.verb)} as the command; {verb} was meant.",
                f"Send {COMMANDS[verb].syntax.split(' [')[0]}.",
                "RFC 5321 4.1.1",
            )
    known = nearest(situation.verb)
    if known is not None:
        return explained(
            reply,
            f"no such command: did you mean {known}?",
            f"{quoted(situation.verb)} is not an SMTP command; its spelling is close to {known}.",
            f"Send {COMMANDS[known].syntax.split(' [')[0]}.",
            "RFC 5321 4.2.4",
        )
    return explained(
        reply,
        "no such command",
        f"{quoted(situation.verb)} is not a command of SMTP or of a known extension.",
        "Check what was sent. If it is message text, it belongs after DATA and its 354.",
        "RFC 5321 4.2.4",
    )


def space_before(reply: ReplyText, situation: Situation) -> Explanation | None:
    """Explain that a space before a command kept it from being recognised, or return None."""
    verb = situation.verb.split(" ")[0]
    if not _unknown(reply) or verb not in COMMANDS or situation.line[:1] not in (" ", "\t"):
        return None
    return explained(
        reply,
        "a space before the command",
        f"The line begins with a space, and the server finds no command in it: {verb} must be at "
        "the very beginning of the line.",
        f"Send {verb} again without the space.",
        "RFC 5321 4.1.1",
    )


def starttls(reply: ReplyText, situation: Situation) -> Explanation | None:
    if situation.verb not in ("STARTTLS", "X-ANONYMOUSTLS") or reply.code < 400:
        return None
    verb = situation.verb
    if situation.tls:
        return explained(
            reply,
            "TLS is already active",
            f"The connection is encrypted, and {verb} is allowed only once per connection.",
            "Continue with EHLO, then AUTH or MAIL.",
            "RFC 3207 4.2",
        )
    if reply.code < 500:
        return explained(
            reply,
            "TLS is not available now",
            "A problem on the server, such as a missing certificate or key, prevents it from "
            "starting TLS.",
            "Try again later, and inform the server's administrator. Do not silently fall back to "
            "cleartext.",
            "RFC 3207 4",
        )
    if situation.argument and reply.code == 501:
        return explained(
            reply,
            "STARTTLS takes no argument",
            f"“{quoted(situation.argument)}” follows {verb}, but nothing may follow it.",
            f"Send {verb} alone on its line.",
            "RFC 3207 4",
        )
    if situation.offered is None:
        return explained(
            reply,
            "STARTTLS is not accepted here",
            "STARTTLS may be used only after an EHLO reply that lists it, and no such reply is "
            "known here. If there was one, look for STARTTLS in it: if it is missing, the server "
            "has no TLS on this port, or a device on the path removes the keyword.",
            "Send EHLO, and STARTTLS if it is listed; port 465 has TLS from the first byte.",
            "RFC 3207 4",
        )
    if not situation.offered:
        return explained(
            reply,
            "TLS is not offered here",
            "STARTTLS is an extension, and extensions are not offered after HELO: the reply to "
            "EHLO shows whether the server supports it.",
            begin_tls(situation),
            "RFC 3207 4",
        )
    if not situation.lists(verb):
        return explained(
            reply,
            "TLS is not offered here",
            "The server has not offered STARTTLS: it does not support TLS on this port, because it "
            "has no certificate or because of its configuration.",
            begin_tls(situation),
            "RFC 3207 4",
        )
    if reply.code == 503:
        return explained(
            reply,
            "STARTTLS is not allowed at this point",
            "The EHLO reply lists it, but it is not allowed within a transaction, after a login, "
            "or together with later commands.",
            "Send RSET or EHLO, then STARTTLS alone, and wait for its reply. After a login, "
            "connect again, and send STARTTLS before AUTH.",
            "RFC 3207 4",
        )
    return explained(
        reply,
        "STARTTLS is refused, although the EHLO reply lists it",
        "The server, or a firewall on the path that overwrites the command, does not allow TLS to "
        "start.",
        "Send EHLO again and check the list in its reply; port 465 has TLS from the first byte.",
        "RFC 3207 4, 6",
    )


def vrfy(reply: ReplyText, situation: Situation) -> Explanation | None:
    verb = situation.verb
    if verb not in ("VRFY", "EXPN") or not _unknown(reply):
        return None
    if verb == "VRFY":
        return explained(
            reply,
            "VRFY is disabled or not supported",
            "SMTP requires VRFY; a site that does not want to disclose its users should reply 252, "
            "but this one refuses the command.",
            "RCPT TO:<...> shows whether the server accepts an address.",
            "RFC 5321 4.5.1, 7.3",
        )
    return explained(
        reply,
        "EXPN is not supported",
        "The server does not expand mailing lists: EXPN is optional, and usually disabled.",
        "No other command shows the members of a list.",
        "RFC 5321 3.5, 7.3",
    )


def ehlo_unknown(reply: ReplyText, situation: Situation) -> Explanation | None:
    if situation.verb not in GREETINGS or not _unknown(reply):
        return None
    greeted = re.split(r"\W+", situation.greeting.lower())
    if situation.verb != "LHLO" and (_OF_LMTP.search(reply.words) or "lmtp" in greeted):
        return explained(
            reply,
            "this server speaks LMTP",
            "The server does not support EHLO or HELO: in LMTP, the client introduces itself with "
            "LHLO.",
            "Send LHLO and your host name, or connect to the SMTP port (25 or 587).",
            "RFC 2033 4.1",
        )
    return None


def extension(reply: ReplyText, situation: Situation) -> Explanation | None:
    """Explain that a command's extension is not in the EHLO reply, or return None."""
    verb = situation.verb.removesuffix(" LAST")
    command = COMMANDS.get(verb)
    if command is None or not command.keyword or reply.code < 500 or situation.offered is None:
        return None
    keyword = command.keyword.split(" ", 1)[0]
    if situation.lists(keyword) or not (_unknown(reply) or reply.code == 503):
        return None
    if keyword in ("VRFY", "EXPN", "HELP"):
        return None
    instead = {
        "BDAT": "Send the message with DATA, which every server supports.",
        "TURN": (
            "TURN was abandoned because it lets anyone fetch another user's mail: use ETRN, or "
            "ATRN after a login."
        ),
    }.get(verb, "Continue without it; another server or port may offer it.")
    if not situation.offered and verb != "TURN":
        instead = "Send EHLO instead of HELO: its reply lists the server's extensions."
    return explained(
        reply,
        f"{verb} is not offered here",
        f"{verb} is an extension that the server has not offered."
        if verb == keyword
        else f"{verb} belongs to the extension {keyword}, which the server has not offered.",
        instead,
        command.rfc,
    )


def no_argument(reply: ReplyText, situation: Situation) -> Explanation | None:
    """Explain the refusal of an argument after DATA, RSET or QUIT, or return None."""
    verb = situation.verb
    if verb not in ("DATA", "RSET", "QUIT") or not situation.argument:
        return None
    if reply.code != 501 and reply.fitting != "5.5.4":
        return None
    return explained(
        reply,
        f"{verb} takes no argument",
        f"“{quoted(situation.argument)}” follows {verb}, but nothing may follow it.",
        f"Send {verb} alone on its line.",
        "RFC 5321 4.1.1",
    )


def mandatory(reply: ReplyText, situation: Situation) -> Explanation | None:
    if situation.verb not in _MANDATORY or reply.code not in (500, 502):
        return None
    if situation.verb in ("MAIL", "RCPT") and (
        address_faults(situation) or situation.offered is None
    ):
        return None
    if situation.verb == "HELO":
        return None
    return explained(
        reply,
        f"{situation.verb} is not accepted",
        f"Every server supports {situation.verb}, so the line was changed in transit, or the "
        "server was expecting something else at this point.",
        "Check the line as it was sent for stray octets or text sent ahead. Check that the host is "
        "a mail server.",
        "RFC 5321 4.5.1",
    )
