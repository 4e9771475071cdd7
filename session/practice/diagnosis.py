"""Explains the mistakes of the practice server's clients: what was seen, why, and what to try.

One table covers everything that `observer.py` finds. Violations that the conversation reports are
explained in `protocol/violations.py`, and only the advice is here (`ADVICE`); mistakes that only
the server can see are explained entirely here (`SEEN_BY_SERVER`).
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from ..protocol.violations import RULES


class Diagnosis(msgspec.Struct, frozen=True, gc=False, tag="diagnosis"):
    """A client's mistake, or something that the client is waiting for in vain.

    `connection` is the number of the connection, counted from 1, and `peer` is the client's
    address. `row` is the number of the line in the conversation, and `at` is the time in seconds
    since the epoch. `rule` is a name such as "bare-lf". `seen` describes what happened, with
    secrets masked; `why` gives the rule of the standard, and `rfc` the section. `advice` suggests
    what to try. `times` is how often this was seen on the connection: a repeated mistake is
    reported the first time, and then the 10th, the 100th …
    """

    connection: int
    peer: str
    row: int
    at: float
    rule: str
    seen: str
    why: str
    rfc: str
    advice: str
    times: int = 1


class Words(NamedTuple):
    """The texts of a rule that do not depend on what was seen."""

    why: str
    rfc: str
    advice: str


ADVICE: dict[str, str] = {
    "bare-lf": 'End each line with CR and LF: "\\r\\n" in most languages, not "\\n" alone.',
    "bare-cr": 'End each line with CR and LF together: "\\r\\n", and send no CR elsewhere.',
    "nul": "Send only the octets of the text: a fixed-size buffer is often sent with its padding.",
    "line-too-long": "Fold long header fields; encode long text as quoted-printable or base64.",
    "eight-bit": "Send SMTPUTF8 with MAIL if the server offers it, or use ASCII addresses.",
    "eight-bit-body": "Add BODY=8BITMIME to MAIL if the server offers 8BITMIME, or encode the "
    "text as quoted-printable or base64.",
    "utf8-header": "Send names and subjects as encoded words: =?utf-8?q?...?=.",
    "header-charset": "Send names and subjects as encoded words: =?utf-8?q?...?=.",
    "dot-not-doubled": "Put a second dot before each line of the message that begins with a dot.",
    "leading-blank": 'Send "{detail}".',
    "no-keyword": 'Send "{detail}".',
    "blank-at-colon": 'Send "{detail}".',
    "no-path": 'Send "{detail}".',
    "no-brackets": 'Send "{detail}".',
    "bracket-open": "Close the address with >.",
    "display-name": 'Send "{detail}".',
    "one-path": "Send one RCPT TO:<...> for each recipient.",
    "behind-path": "Put a space between > and the parameter.",
    "empty-recipient": 'Name the recipient, as in "RCPT TO:<bob@example.org>".',
    "no-domain": 'Send "{detail}".',
    "no-local-part": "Put the user name before the @.",
    "no-such-domain": "Use a domain such as example.org, or an address literal such as "
    "[192.0.2.1].",
    "parameter": "Send parameters as KEYWORD=VALUE or KEYWORD, without spaces around the =.",
    "parameter-not-offered": "Send EHLO, and use only what its reply lists.",
    "no-name": 'Send "{detail}".',
    "one-name": 'Send "{detail}".',
    "not-a-name": "Send the host name of the machine, or its IP address as [192.0.2.1].",
    "bare-address": 'Send "{detail}".',
    "untagged-ipv6": 'Send "{detail}".',
    "literal-open": "Close the address literal with ].",
    "not-a-literal": "Send an IP address, as in [192.0.2.1].",
    "argument": "Send {detail} alone.",
    "no-argument": 'Send "{detail}".',
    "unknown-command": "Check the verb; HELP lists the commands.",
    "out-of-order": "Send the commands in this order: EHLO, MAIL, RCPT, DATA, QUIT.",
    "before-greeting": "Read the 220 line first, then send EHLO.",
    "pipelined": "Read the whole reply, up to the line with a space after its code, before sending "
    "the next command.",
    "pipelined-past": "Read the reply to {detail} before sending the next command.",
    "secret-in-clear": "Send STARTTLS first, then EHLO again, then AUTH.",
    "no-verdict": "Read the reply to the end of the message before closing.",
}
"""What to try, keyed by rule of `violations.py`.

`{detail}` stands for the detail of the violation, usually the correct form.
"""

SEEN_BY_SERVER: dict[str, Words] = {
    # The client is silent
    "your-turn": Words(
        "In SMTP the server speaks first. Its 220 is complete, so it is the client's turn: the "
        "server is waiting for EHLO, without a prompt.",
        "RFC 5321 3.1, 4.3.1",
        "Send EHLO and the client's host name, followed by CRLF.",
    ),
    "idle": Words(
        "Each command gets one reply, and this one is complete: its last line has a space after "
        "the code. The server sends no prompt, and nothing else before the next command.",
        "RFC 5321 4.2, 4.2.1",
        "Stop reading at the line with a space after its code, then send the next command, or "
        "QUIT.",
    ),
    "no-line-end": Words(
        "Commands and AUTH responses end with CRLF. The server keeps reading until a CRLF arrives.",
        "RFC 5321 2.3.8, 2.4",
        'Send "\\r\\n" after each line, and flush the output buffer.',
    ),
    "cr-without-lf": Words(
        "A CR alone does not end a line. The server keeps reading until CRLF arrives.",
        "RFC 5321 2.3.8",
        'End each line with "\\r\\n".',
    ),
    "message-not-ended": Words(
        "Everything after 354 is part of the message, up to a line that contains only a dot. The "
        "reply comes after that line.",
        "RFC 5321 4.1.1.4",
        'End the message with "\\r\\n.\\r\\n", then read the reply.',
    ),
    "dot-at-bare-lf": Words(
        "Only CRLF . CRLF ends a message. A dot next to a bare LF is part of the text.",
        "RFC 5321 4.1.1.4, 2.3.8",
        'End the message with "\\r\\n.\\r\\n", and each of its lines with "\\r\\n".',
    ),
    "chunk-short": Words(
        "BDAT announces how many octets follow, and the server replies after the last of them.",
        "RFC 3030 2",
        "Announce the size of what is sent in octets, counting each CRLF as two.",
    ),
    "auth-silent": Words(
        "334 asks for a response: a line of base64, or * to cancel.",
        "RFC 4954 4",
        "Send the response, encoded in base64 and followed by CRLF.",
    ),
    "tls-not-begun": Words(
        "After the 220 to STARTTLS, the client starts the TLS handshake. The server sends nothing "
        "more without TLS.",
        "RFC 3207 4",
        "Start TLS on the socket (SSLContext.wrap_socket in Python), then send EHLO again.",
    ),
    "tls-silent": Words(
        "On this port TLS comes first: the server greets inside TLS, and waits for the client's "
        "handshake, while the client seems to wait for the greeting.",
        "RFC 8314 3.3",
        "Start with TLS on this port (SMTP_SSL in Python), or use the port for STARTTLS.",
    ),
    # Another protocol
    "tls-on-plain-port": Words(
        "These octets begin a TLS handshake. On this port, SMTP starts without TLS, and TLS starts "
        "after STARTTLS.",
        "RFC 3207 4, RFC 8314 3.3",
        "Connect without TLS and send STARTTLS, or use the port for implicit TLS.",
    ),
    "clear-on-tls-port": Words(
        "TLS starts with the client's handshake. The client sent something else instead, such as "
        "commands without TLS.",
        "RFC 8314 3.3, RFC 3207 4",
        "Start TLS before sending a command, both on the port for implicit TLS and after STARTTLS.",
    ),
    "certificate-refused": Words(
        "The client verified the server's certificate and refused it. The practice server "
        "generates its own, which no client trusts by default.",
        "RFC 5280 6.1, RFC 7817 3",
        "Have the client trust the practice server's CA file, for this server only, and connect "
        "to practice.test, localhost or 127.0.0.1, the names in the certificate.",
    ),
    "handshake-failed": Words(
        "TLS is not established. A failed handshake ends the connection: nothing more can be sent "
        "over it.",
        "RFC 8446 6.2",
        "Read the client's error message. Often the client does not trust the certificate; if so, "
        "have it trust the practice server's CA file, for this server only.",
    ),
    "http": Words(
        "This is HTTP, in which the client speaks first. In SMTP the server speaks first, and the "
        "commands are different.",
        "RFC 5321 3.1, 4.1.1",
        "Connect with a mail client, or check the port of the web server.",
    ),
    # Commands
    "python-bytes": Words(
        "The line contains Python's notation for bytes, b'...', which is not part of the command: "
        "the printed form of a bytes object was sent.",
        "RFC 5321 4.1.1",
        "Send the bytes themselves, not str() or repr() of them; to turn bytes into text, use "
        "decode().",
    ),
    "escape-sent": Words(
        "The characters backslash, r and n were sent, not the octets CR and LF (13 and 10).",
        "RFC 5321 2.3.8",
        "Write the escape where the language interprets it: in a normal string, not in a raw one; "
        "in a shell, with printf.",
    ),
    "name-without-dot": Words(
        "This should be the full name of the client's machine, including its domain, not a user "
        "name or a short name. Some servers refuse a name without a dot, often only at RCPT.",
        "RFC 5321 2.3.5, 4.1.1.1",
        "Send a name such as client.example, or after EHLO the machine's IP address as "
        "[192.0.2.1].",
    ),
    "empty-command": Words(
        "A command begins with a verb. An empty line counts as a command without one and gets its "
        "own reply, so replies and commands no longer match from here on.",
        "RFC 5321 2.4",
        'Send one "\\r\\n" after each command; functions like println add their own.',
    ),
    # The message
    "text-before-354": Words(
        "The message begins after 354. Until then the server may refuse it, and reads everything "
        "that follows as commands.",
        "RFC 5321 3.3, RFC 2920 3.1",
        "Send DATA alone, read the reply, and send the message only after 354.",
    ),
    "text-without-354": Words(
        "DATA was refused, so these lines are commands to the server, and it replies to each.",
        "RFC 5321 3.3",
        "Send the message only after 354; after any other reply, go on with RSET or QUIT.",
    ),
    "text-after-end": Words(
        "The line with only a dot ended the message. Further lines are read as commands. Perhaps "
        "the text contained a line with only a dot, and the dot was not doubled.",
        "RFC 5321 4.5.2",
        "Put a second dot before each line of the message that begins with a dot.",
    ),
    "no-header": Words(
        "A message begins with its header section: lines of the form Name: value. The envelope "
        "(MAIL and RCPT) is not part of it.",
        "RFC 5322 2.1, 3.6",
        "Begin the message with From:, Date: and Subject:, then an empty line, then the text.",
    ),
    "utf8-undeclared": Words(
        "A non-ASCII address is allowed only if MAIL was sent with SMTPUTF8.",
        "RFC 6531 3.4, 3.5",
        "Add SMTPUTF8 to MAIL, or use ASCII addresses. Encode everything as UTF-8.",
    ),
    "too-far-ahead": Words(
        "A client that keeps sending without reading can fill both sides' buffers, so that neither "
        "side can continue. The rest of this connection is not diagnosed.",
        "RFC 2920 3.1",
        "Send a limited group of commands, then read all of its replies.",
    ),
    "no-empty-line": Words(
        "An empty line ends the header section. None has been sent yet, and this line is not a "
        "field.",
        "RFC 5322 2.1",
        'Send an empty line ("\\r\\n" alone) between the header section and the text.',
    ),
    "field-missing": Words(
        "Every message must have a From field and a Date field.",
        "RFC 5322 3.6",
        "Add the field to the header section.",
    ),
    # AUTH
    "bad-base64": Words(
        "AUTH responses must be base64 on one line: letters, digits, + and /, with = only at the "
        "end.",
        "RFC 4954 4, RFC 4648 4",
        "Encode the octets of the whole response in base64, once.",
    ),
    "base64-newline": Words(
        "A line ending within or after the base64 ended the response early, so the rest is a line "
        "of its own. Responses may be long, and are never folded.",
        "RFC 4954 4, RFC 4648 3.1",
        "Encode without line breaks: b64encode in Python, not encodebytes; base64 -w0 in a shell.",
    ),
    "answer-before-334": Words(
        "Each response belongs to a 334 from the server; this one was sent before its 334 arrived.",
        "RFC 4954 4",
        "Read the 334, then send the response.",
    ),
    "plain-message": Words(
        "The PLAIN message has two NUL octets: authorization identity (usually empty), NUL, "
        "user name, NUL, password.",
        "RFC 4616 2",
        'Encode "\\0user\\0password".',
    ),
    # The end
    "no-quit": Words(
        "A client must not close the connection before it has sent QUIT, and should read the 221 "
        "first.",
        "RFC 5321 4.1.1.10",
        "Send QUIT, read the reply, then close.",
    ),
}
"""The texts for mistakes that only the server can see, and for clients that wait in vain."""

WORDS: dict[str, Words] = {
    **{rule: Words(RULES[rule].why, RULES[rule].rfc, advice) for rule, advice in ADVICE.items()},
    **SEEN_BY_SERVER,
}
"""The texts of all rules that are diagnosed, keyed by rule."""


def advice_for(rule: str, detail: str) -> str:
    """Return the advice for a violation of `rule` with this detail.

    If the advice needs a detail and there is none, return the reason for the rule instead.
    """
    advice = WORDS[rule].advice
    if "{detail}" not in advice:
        return advice
    return advice.replace("{detail}", detail) if detail else RULES[rule].why


def sentence(text: str) -> str:
    """Turn `text` into a sentence, with a capital letter and a full stop."""
    return f"{text[:1].upper()}{text[1:]}."
