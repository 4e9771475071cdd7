"""What can be wrong in a conversation: every rule that the engine checks, in words.

A violation is an event and never an exception: a debugger has to be able to send, and to show,
what is wrong.
"""

from __future__ import annotations

from typing import NamedTuple


class Rule(NamedTuple):
    """`title` names what was seen, `why` says what is wrong with it, `rfc` where that stands."""

    title: str
    why: str
    rfc: str


RULES: dict[str, Rule] = {
    "bare-lf": Rule(
        "line ended by LF alone",
        "A line ends in CRLF. Servers differ in what they make of a bare LF; in a message that "
        "difference is what SMTP smuggling uses.",
        "RFC 5321 2.3.8",
    ),
    "bare-cr": Rule(
        "CR inside a line",
        "CR may stand only before LF. Some programs take it for a line end.",
        "RFC 5321 2.3.8",
    ),
    "nul": Rule("NUL in a line", "No command, reply or message line holds NUL.", "RFC 5321 4.5.2"),
    "line-too-long": Rule(
        "line too long",
        "A command or reply line has at most 512 octets (more where an extension allows it), a "
        "line of a message 1000, both with CRLF.",
        "RFC 5321 4.5.3.1",
    ),
    "eight-bit": Rule(
        "8-bit characters in a command",
        "Commands are ASCII unless the server offers SMTPUTF8.",
        "RFC 5321 2.4",
    ),
    "unknown-command": Rule(
        "unknown command", "No standard and no known extension has it.", "RFC 5321 4.1.1"
    ),
    "out-of-order": Rule(
        "command out of order", "It is not allowed in this state.", "RFC 5321 4.1.4"
    ),
    "before-greeting": Rule(
        "client spoke before the greeting",
        "The client waits for the 220. Many servers take one that does not for a spammer.",
        "RFC 5321 3.1",
    ),
    "pipelined": Rule(
        "sent before the last reply",
        "Without PIPELINING the client waits for each reply.",
        "RFC 5321 2.1",
    ),
    "pipelined-past": Rule(
        "sent behind a command that ends a group",
        "Nothing may follow it before its reply has come.",
        "RFC 2920 3.1",
    ),
    "no-number": Rule(
        "reply without a number", "A reply line begins with three digits.", "RFC 5321 4.2"
    ),
    "code-out-of-range": Rule(
        "reply code out of range", "Reply codes go from 200 to 559.", "RFC 5321 4.2"
    ),
    "mixed-codes": Rule(
        "different codes in one reply",
        "All lines of a reply have the same code; the last one counts.",
        "RFC 5321 4.2.1",
    ),
    "not-ended": Rule(
        "reply without its last line",
        "The last line of a reply has a blank behind the code, not a hyphen.",
        "RFC 5321 4.2.1",
    ),
    "no-separator": Rule(
        "no blank after the reply code",
        "A blank or a hyphen follows the code.",
        "RFC 5321 4.2",
    ),
    "enhanced-class": Rule(
        "enhanced code of another class",
        "The first digit of the enhanced code is that of the reply code.",
        "RFC 2034 4",
    ),
    "unasked-reply": Rule(
        "reply that nobody asked for", "Each command has one reply.", "RFC 5321 4.2"
    ),
    "reply-during-body": Rule(
        "reply in the middle of the message",
        "By our reading the message has not ended yet. The server refuses it before its end, or "
        "took something else for the end; then it reads what follows as commands: that is SMTP "
        "smuggling.",
        "RFC 5321 4.1.1.4",
    ),
    "ended-early": Rule(
        "the server took the message to end earlier",
        "Only CRLF . CRLF ends a message. This one had bare line ends, and more replies came than "
        "commands were sent: the server took a dot beside one for the end, and read what follows "
        "as commands. That is SMTP smuggling.",
        "RFC 5321 4.1.1.4",
    ),
    "wrong-class": Rule(
        "reply of a class that this command cannot have",
        "The standard does not say what it means here. A client goes by the first digit.",
        "RFC 5321 4.3.2",
    ),
    "too-many-keywords": Rule(
        "too many EHLO keywords or parameters",
        "Only the first ones are listed.",
        "RFC 5321 4.1.1.1",
    ),
    "injected": Rule(
        "clear text after the 220 to STARTTLS",
        "TLS begins right after that line. Someone between you and the server may have put this "
        "in, to be taken for replies inside TLS.",
        "RFC 3207 6",
    ),
    "and-so-on": Rule(
        "the same for the ten thousandth time",
        "From here on it is not told any more in this conversation.",
        "",
    ),
    "secret-in-clear": Rule(
        "AUTH over an unencrypted connection",
        "Whoever listens learns what is sent; with PLAIN and LOGIN that is the password.",
        "RFC 4954 4, RFC 8314 3",
    ),
}
