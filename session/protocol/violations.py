"""The rules that the engine checks, each with a title and an explanation.

A violation is an event and never an exception, because a debugger must be able to send, and to
show, data that breaks the rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from ..events import Violation

if TYPE_CHECKING:
    from ..record.transcript import Transcript


class Rule(msgspec.Struct, frozen=True):
    """A rule: `title` names what was seen, `why` explains the fault, `rfc` cites the source."""

    title: str
    why: str
    rfc: str


RULES: dict[str, Rule] = {
    "bare-lf": Rule(
        "line ended by LF alone",
        "A line must end in CRLF. Servers differ in how they treat a bare LF; in a message, SMTP "
        "smuggling exploits that difference.",
        "RFC 5321 2.3.8",
    ),
    "bare-cr": Rule(
        "CR inside a line",
        "CR is allowed only before LF. Some programs treat a bare CR as a line ending.",
        "RFC 5321 2.3.8",
    ),
    "nul": Rule(
        "NUL in a line",
        "Neither 7-bit nor 8-bit text may contain NUL; many programs truncate the line there.",
        "RFC 2045 2.7, 2.8; RFC 5322 3.5",
    ),
    "line-too-long": Rule(
        "line too long",
        "Including its CRLF, a command or reply line may have at most 512 octets (more if an "
        "extension allows it), a message line 1000, and an AUTH response 12,288.",
        "RFC 5321 4.5.3.1, RFC 4954 4",
    ),
    "eight-bit": Rule(
        "8-bit characters in a command",
        "Commands must be ASCII unless the server offers SMTPUTF8.",
        "RFC 5321 2.4",
    ),
    # Of a message: message_syntax.py
    "eight-bit-body": Rule(
        "8-bit characters in the message",
        "A message must be ASCII, unless the server offers 8BITMIME and MAIL declares "
        "BODY=8BITMIME. Otherwise the server may refuse the message, or clear the eighth bits.",
        "RFC 5321 2.4, RFC 6152 3",
    ),
    "utf8-header": Rule(
        "UTF-8 in the header",
        "The header must be ASCII, unless the server offers SMTPUTF8 and MAIL declares it. "
        "Without SMTPUTF8, names and subjects are written as encoded words, =?utf-8?...?=.",
        "RFC 6531 3.2, 3.4, RFC 2047",
    ),
    "header-charset": Rule(
        "8-bit characters in the header that are not UTF-8",
        "The header may contain only ASCII or, with SMTPUTF8, UTF-8. No extension allows another "
        "character set there.",
        "RFC 5322 2.2, RFC 6532 3.1",
    ),
    "header-name": Rule(
        "header field name that is not ASCII",
        "With SMTPUTF8, only the text after the colon may be UTF-8; header field names must be "
        "ASCII in every message.",
        "RFC 6532 3",
    ),
    "dot-not-doubled": Rule(
        "line beginning with a single dot",
        "The server removes a dot at the beginning of a line, so this line arrives without it. "
        "The client must double such a dot.",
        "RFC 5321 4.5.2",
    ),
    # Of the syntax of a command: command_syntax.py
    "leading-blank": Rule(
        "space before the verb",
        "A command line must begin with its verb.",
        "RFC 5321 4.1.1",
    ),
    "no-keyword": Rule(
        "FROM: or TO: is missing",
        "MAIL must be followed by FROM: and the sender, RCPT by TO: and one recipient.",
        "RFC 5321 4.1.1.2, 4.1.1.3",
    ),
    "blank-at-colon": Rule(
        "space next to the colon",
        "No space is allowed before or after the colon of FROM: and TO:. Many servers accept one;"
        " others answer 501.",
        "RFC 5321 3.3",
    ),
    "no-path": Rule(
        "no address",
        "The address must follow the colon, in angle brackets. MAIL FROM:<> is the empty sender.",
        "RFC 5321 4.1.1.2, 4.1.1.3",
    ),
    "no-brackets": Rule(
        "address without angle brackets",
        "An address must be enclosed in < and >. Many servers accept one without them; others "
        "answer 501 or 555.",
        "RFC 5321 4.1.2",
    ),
    "bracket-open": Rule(
        "angle bracket not closed",
        "An address must be enclosed in < and >.",
        "RFC 5321 4.1.2",
    ),
    "display-name": Rule(
        "text before the address",
        "A display name belongs in the From and To fields of the message. The envelope has only "
        "the address, in angle brackets.",
        "RFC 5321 4.1.2",
    ),
    "one-path": Rule(
        "more than one address",
        "Each RCPT names one recipient, and MAIL one sender. Send a separate RCPT for each "
        "recipient.",
        "RFC 5321 3.3",
    ),
    "behind-path": Rule(
        "no space after the address",
        "Parameters must be separated from the closing bracket by a space.",
        "RFC 5321 4.1.1.2",
    ),
    "empty-recipient": Rule(
        "empty recipient",
        "Only MAIL may have an empty address.",
        "RFC 5321 4.1.1.3",
    ),
    "no-domain": Rule(
        "address without a domain",
        "An address has the form local-part@domain. Only Postmaster may be a recipient without a "
        "domain; servers complete or refuse any other name as they choose.",
        "RFC 5321 2.3.11, 4.1.1.3",
    ),
    "no-local-part": Rule(
        "address without a local part",
        "An address has the form local-part@domain.",
        "RFC 5321 2.3.11",
    ),
    "no-such-domain": Rule(
        "invalid domain",
        "A domain consists of letters, digits, hyphens and dots, or is an IP address in square "
        "brackets.",
        "RFC 5321 4.1.2, 4.1.3",
    ),
    "parameter": Rule(
        "malformed parameter",
        "A parameter has the form KEYWORD or KEYWORD=VALUE, without spaces.",
        "RFC 5321 4.1.2",
    ),
    "parameter-not-offered": Rule(
        "parameter of an extension that is not offered",
        "The EHLO reply does not list the extension; HELO offers none. A server answers such a "
        "parameter with 555 or 501.",
        "RFC 5321 4.1.1.3, 4.1.1.11",
    ),
    "no-name": Rule(
        "greeting without a name",
        "The client must give its host name, or its IP address in square brackets.",
        "RFC 5321 4.1.1.1",
    ),
    "one-name": Rule(
        "more than one argument",
        "EHLO, HELO and LHLO take one argument, the client's name.",
        "RFC 5321 4.1.1.1",
    ),
    "not-a-name": Rule(
        "neither a host name nor an address literal",
        "The name consists of letters, digits, hyphens and dots; a client without a name gives "
        "its IP address in square brackets. Many servers refuse anything else, some only at RCPT.",
        "RFC 5321 2.3.5, 4.1.1.1",
    ),
    "bare-address": Rule(
        "IP address without square brackets",
        "An IP address used as a name must be enclosed in square brackets.",
        "RFC 5321 4.1.3",
    ),
    "untagged-ipv6": Rule(
        "IPv6 address without IPv6:",
        "In square brackets, an IPv6 address must be preceded by IPv6:.",
        "RFC 5321 4.1.3",
    ),
    "literal-open": Rule(
        "square bracket not closed",
        "An IP address used as a name must be enclosed in square brackets.",
        "RFC 5321 4.1.3",
    ),
    "not-a-literal": Rule(
        "no IP address in the square brackets",
        "The forms are [192.0.2.1] and [IPv6:2001:db8::1].",
        "RFC 5321 4.1.3",
    ),
    "argument": Rule(
        "argument to a command that takes none",
        "DATA, RSET, QUIT and STARTTLS take no argument; servers reply 501 if one is given.",
        "RFC 5321 4.3.2, RFC 3207 4",
    ),
    "no-argument": Rule(
        "command without its argument",
        "VRFY needs the name of a user, EXPN the name of a list.",
        "RFC 5321 4.1.1.6, 4.1.1.7",
    ),
    "unknown-command": Rule(
        "unknown command",
        "No standard and no known extension defines this command.",
        "RFC 5321 4.1.1",
    ),
    "no-verdict": Rule(
        "no reply to the end of the message",
        "The connection ended before the reply to the end of the message, so it is not known "
        "whether the server accepted the message. If it is sent again, it may arrive twice.",
        "RFC 5321 4.5.3.2.6, 6.1",
    ),
    "out-of-order": Rule(
        "command out of order",
        "The command is not allowed in the current state.",
        "RFC 5321 4.1.4",
    ),
    "greeting-in-transaction": Rule(
        "greeting in the middle of a transaction",
        "This is allowed, and acts like RSET: once the greeting is accepted, the sender and "
        "recipients are discarded, and MAIL comes next.",
        "RFC 5321 4.1.4",
    ),
    "before-greeting": Rule(
        "client spoke before the greeting",
        "The client should wait for the 220. Many servers treat a client that does not wait as a "
        "spammer.",
        "RFC 5321 4.3.1",
    ),
    "pipelined": Rule(
        "sent before the previous reply",
        "Unless the server offers PIPELINING, the client must wait for each reply.",
        "RFC 5321 4.3.1",
    ),
    "pipelined-past": Rule(
        "sent after a command that must end a group",
        "Nothing may follow such a command until its reply has arrived.",
        "RFC 2920 3.1",
    ),
    "chunk-unread": Rule(
        "chunk read as commands",
        "The server does not support BDAT: it refused the command, and reads the octets after it "
        "as commands, one per line. Only a server that offers CHUNKING reads them as a message.",
        "RFC 3030 2, RFC 5321 4.2.4",
    ),
    "no-number": Rule(
        "reply without a number",
        "A reply line must begin with three digits.",
        "RFC 5321 4.2",
    ),
    "code-out-of-range": Rule(
        "reply code out of range",
        "The first digit of a reply code must be 2 to 5, the second 0 to 5.",
        "RFC 5321 4.2",
    ),
    "mixed-codes": Rule(
        "different codes in one reply",
        "All lines of a reply must have the same code, so that a client may rely on any of them; "
        "here the last one counts.",
        "RFC 5321 4.2.1",
    ),
    "not-ended": Rule(
        "reply without its last line",
        "In the last line of a reply, the code must be followed by a space, not a hyphen.",
        "RFC 5321 4.2.1",
    ),
    "no-separator": Rule(
        "no space after the reply code",
        "A space or a hyphen must follow the code.",
        "RFC 5321 4.2",
    ),
    "enhanced-class": Rule(
        "enhanced code of another class",
        "The first digit of the enhanced code must match that of the reply code.",
        "RFC 2034 4",
    ),
    "eight-bit-reply": Rule(
        "8-bit characters in a reply",
        "Replies must be ASCII. UTF-8 is allowed in only two places: in the address of a 251 or "
        "551 reply once the client has sent SMTPUTF8 with MAIL, and in the reply to a VRFY or "
        "EXPN with that parameter.",
        "RFC 5321 2.4, RFC 6531 3.7.4",
    ),
    "repeated-keyword": Rule(
        "keyword listed twice",
        "The standard does not say which line counts. heloscope combines the parameters of all of"
        " them; another client may read only one line.",
        "RFC 5321 4.1.1.1",
    ),
    "overwritten-keyword": Rule(
        "keyword overwritten with X in transit",
        "A firewall between client and server does this to keywords that it does not let through;"
        " SMTP inspection in Cisco PIX and ASA is known for it. No standard allows it.",
        "RFC 3207 6",
    ),
    "masked-greeting": Rule(
        "greeting masked with asterisks",
        "A firewall between client and server hides the server's name in this way; SMTP "
        "inspection in Cisco PIX and ASA is known for it. It often hides STARTTLS as well, and "
        "replies 500 to commands that it does not let through.",
        "RFC 5321 4.2",
    ),
    "unasked-reply": Rule(
        "reply that answers no command",
        "A server sends one reply to each command.",
        "RFC 5321 4.2",
    ),
    "talks-early": Rule(
        "the server sends replies before any command",
        "It sent more than 1,000 replies before the client's first command. After its greeting, a"
        " server must wait for that command.",
        "RFC 5321 3.1, 4.3.1",
    ),
    "reply-during-body": Rule(
        "reply in the middle of the message",
        "The message has not ended yet. Either the server refuses it early, or it took something "
        "else for the end of the message and reads what follows as commands, which is SMTP "
        "smuggling.",
        "RFC 5321 4.1.1.4",
    ),
    "ended-early": Rule(
        "the message ended earlier for the server",
        "Only CRLF . CRLF ends a message. This one had bare line endings, and the server sent "
        "more replies than it received commands: it took a dot next to a bare line ending for the"
        " end, and read what follows as commands. This is SMTP smuggling.",
        "RFC 5321 4.1.1.4",
    ),
    "wrong-class": Rule(
        "reply class that this command cannot have",
        "The standard defines no reply of this class to this command. Clients decide by the first"
        " digit.",
        "RFC 5321 4.3.2",
    ),
    "too-many-keywords": Rule(
        "too many EHLO keywords or parameters",
        "Only the first ones are kept.",
        "RFC 5321 4.1.1.1",
    ),
    "injected": Rule(
        "unencrypted data after the 220 to STARTTLS",
        "TLS must begin right after that line. Someone on the network path may have injected this"
        " data so that it is taken for replies inside TLS.",
        "RFC 3207 6",
    ),
    "and-so-on": Rule(
        "the same violation more than 10,000 times",
        "Further violations of this rule are not reported in this conversation.",
        "",
    ),
    "secret-in-clear": Rule(
        "AUTH over an unencrypted connection",
        "Anyone on the network path can read the exchange, which contains the password with PLAIN "
        "and LOGIN.",
        "RFC 4954 4, RFC 8314 3",
    ),
}


def broken(transcript: Transcript, name: str) -> Rule | None:
    """Return the rule named `name` if the transcript contains a violation of it, else None."""
    for _, event in transcript.facts():
        if type(event) is Violation and event.rule == name:
            return RULES[name]
    return None
