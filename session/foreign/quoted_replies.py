"""Finds replies quoted outside their conversation, in mail logs, bounces and exceptions.

Postfix and Exim include the next server's reply in their logs and notices, along with the command
that it answered; a delivery status notification has it in Diagnostic-Code (RFC 3464 section 2.3.6).
The exceptions of mail libraries (smtplib, JavaMail, nodemailer, PHPMailer, Symfony, Ruby, lettre)
and the final error of msmtp contain the reply that caused them.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .pasted import decoded, text_lines

MOST = 20  # replies that are found
LARGEST = 1 << 20  # octets of the text that are searched
_LINE = 2000  # characters of a line that are searched


class QuotedReply(NamedTuple):
    """A quoted reply, its line number in the text (from 1), and the command that it answers.

    `after` has the form that `session.facts.explain.situation.answering` expects, or is "" if the
    command is unknown.
    """

    line: int
    reply: str
    after: str = ""


# "In reply to" of Postfix, "after" of Exim -> what was answered; {} is the recipient.
_COMMANDS = (
    ("RCPT TO", "RCPT TO:<{}>"), ("MAIL FROM", "MAIL FROM:<>"), ("end of data", "."),
    ("DATA", "DATA"), ("EHLO", "EHLO"), ("HELO", "HELO"), ("LHLO", "LHLO"), ("AUTH", "(auth)"),
    ("STARTTLS", "STARTTLS"), ("greeting", "(greeting)"), ("initial connection", "(greeting)"),
)  # fmt: skip
_REPLY = r"([2-5]\d\d[ -].{1,1000}?)"
_PATTERNS = (
    re.compile(rf"said: {_REPLY}\s*\((?:in reply to|while) ([^()]{{1,80}})\)"),
    re.compile(
        rf"SMTP error from remote (?:mail server|mailer) after ([^:]{{1,80}})(?::<[^>]{{0,300}}>)?"
        rf"[^:]{{0,80}}: (?:host [^:]{{1,200}}: )?{_REPLY}\Z"
    ),
    re.compile(rf"Diagnostic-Code: ?smtp; ?{_REPLY}\Z", re.IGNORECASE),
    re.compile(rf"[Rr]emote (?:[Ss]erver|host) (?:returned|said):? '?{_REPLY}'?\Z"),
    re.compile(rf"[Ss]erver error: '{_REPLY}'\Z"),
    re.compile(rf"[Ss]erver response was: {_REPLY}\Z"),
    re.compile(
        r'"(?:reason|response|error|message|smtp_?response|diagnostic_?code)": ?'
        rf'"(?:smtp; ?)?{_REPLY}"',
        re.IGNORECASE,
    ),
    re.compile(rf"[Ss]erver [Rr]esponse: '{_REPLY}'"),  # Outlook Express and its heirs
    re.compile(rf"\b(?:javax?|jakarta|com\.sun)\.[\w.]{{1,80}}Exception: {_REPLY}\Z"),
)
_PYTHON = re.compile(
    r"\b(SMTP[A-Z]\w{1,30})(?:: \(|\(|(?:: |\()\{'([^']{1,320})': \()"
    r"([2-5]\d\d), b?(['\"])(.{1,1000}?)\4[,)]"
)
_RAISED = {  # smtplib's exceptions -> what was answered; {} is the recipient
    "SMTPAuthenticationError": "(auth)", "SMTPRecipientsRefused": "RCPT TO:<{}>",
    "SMTPSenderRefused": "MAIL FROM:<>", "SMTPDataError": ".", "SMTPHeloError": "EHLO",
    "SMTPConnectError": "(greeting)",
}  # fmt: skip
# Codes that also exist in HTTP count only with an enhanced code after them.
_CODE = r"(?P<code>4(?:21|32|5\d)|5[2-5]\d|50\d(?=[ -]\d\.\d))"
# A line of an exception.
_FAILED = (
    re.compile(
        r"SMTP server error: .{0,200}?Detail: (?P<text>.{1,1000}?)\s*"
        rf"SMTP code: {_CODE}(?: Additional SMTP info: (?P<enhanced>\d\.\d{{1,3}}\.\d{{1,3}}))?"
    ),
    re.compile(rf"\bresponse: (?P<quote>['\"`]){_CODE}(?P<text>[ -].{{0,1000}}?)(?P=quote),?\Z"),
    re.compile(rf"\bwith message (?P<quote>\"){_CODE}(?P<text>[ -].{{0,1000}}?)(?:(?P=quote)|\Z)"),
    re.compile(
        r"(?:Error|Exception|ERROR|error|[Ff]ailed|[Rr]ejected|[Rr]efused|server message|"
        r"could not send email \d+)"
        rf"\b.{{0,160}}?[:(] ?{_CODE}(?P<text>[ -].{{1,1000}}?)\)?\Z"
    ),
    re.compile(rf"(?:permanent|transient) error \({_CODE}\)(?P<text>: .{{1,1000}})\Z"),
)
_WHAT_FAILED = (  # words before the code -> the command answered; the first one found counts
    ("data end", "."), ("message failed", "."), ("data", "DATA"), ("login", "(auth)"),
    ("auth", "(auth)"), ("password", "(auth)"), ("recipient", "RCPT TO:<>"), ("rcpt", "RCPT TO:<>"),
    ("sender", "MAIL FROM:<>"), ("mail command", "MAIL FROM:<>"), ("greeting", "(greeting)"),
)  # fmt: skip
# SmtpException of .NET: its words for a code, and the text that the server gave with it.
_DOTNET = re.compile(
    r"(?P<words>[A-Z][\w ,.-]{5,120}?)\. The server response was: "
    r"(?P<text>(?![2-5]\d\d[ -])\S.{1,1000})\Z"
)
_CODE_OF = {
    "mailbox unavailable": "550", "mailbox name not allowed": "553", "transaction failed": "554",
    "the smtp server requires a secure connection or the client was not authenticated": "530",
    "user not local": "551", "exceeded storage allocation": "552",
    "insufficient system storage": "452", "local error in processing": "451",
    "bad sequence of commands": "503", "command parameter not implemented": "504",
    "service not available, closing transmission channel": "421",
}  # fmt: skip
# Thunderbird, in its languages: the reply without its code, or with it.
_ANSWERED = re.compile(
    r"\b(?:mail server responded|Mail-?Server antwortete|serveur .{0,40}?r\u00e9pondu|"
    r"servidor .{0,40}?respondi\u00f3|server .{0,40}?risposto|server antwoordde):\s{0,4}"
    r"(?P<reply>(?:[245]\d\d[ -])?[45]\.\d{1,3}\.\d{1,3} .{1,800}?)"
    r"(?:\.? (?:Please|Bitte|Veuillez|Por favor|Controllare|Controleer) .*)?\Z"
)
# Roundcube: the code, its own words, and the reply in brackets without its code.
_ROUNDCUBE = re.compile(
    r"\bSMTP[ -](?:Error|error|Fehler|[Ee]rr\w{1,8}) ?[(\[](?P<code>[45]\d\d)[)\]]: "
    r"(?P<words>[^()]{0,300})(?:\((?P<reply>.{1,800}?)\)\.?)?\s*\Z"
)
_OF_CLIENTS = (  # words of mail programs -> what was answered
    (re.compile(r"recipient|empf\u00e4nger|destinat", re.IGNORECASE), "RCPT TO:<{}>"),
    (re.compile(r"sender|absender|from address|exp\u00e9diteur", re.IGNORECASE), "MAIL FROM:<>"),
    (re.compile(r"auth|anmeld|login", re.IGNORECASE), "(auth)"),
)
_NODE_COMMAND = re.compile(r"\bcommand: '([^']{1,40})'")
_IN_QUOTES = re.compile(r"[<\"'\u201e\u201c]([^\s<>\"'@]{1,64}@[^\s<>\"'\u201c\u201d]{1,255})")
_NEAR = 5  # lines within which nodemailer names the command
_RECIPIENT = re.compile(r"(?:to=|RCPT TO:|\A)<([^<>\s]{1,320})>")
_ALONE = re.compile(r"[45]\d\d[ -]\S.*\Z")


def quoted_replies(data: bytes) -> list[QuotedReply]:
    """Return the replies that a text quotes, each once.

    If there are none and the text is itself a reply, return that reply.
    """
    lines = text_lines(decoded(data[:LARGEST]))
    found: dict[str, QuotedReply] = {}
    for number, line in _unfolded(lines):
        if (raised := _PYTHON.search(line)) is not None:
            reply = _reply(raised[3], raised[5])
            after = _RAISED.get(raised[1], "").format(raised[2] or "")
            found.setdefault(reply, QuotedReply(number, reply, after))
            continue
        for pattern in _PATTERNS:
            match = pattern.search(line)
            if match is None:
                continue
            reply = next(each for each in match.groups() if each and each[:3].isdigit())
            words = next((each for each in match.groups() if each and each != reply), "")
            if reply not in found:
                found[reply] = QuotedReply(number, reply, _after(words, line))
            break
        if len(found) == MOST:
            break
    if len(found) < MOST:
        for number, line in enumerate(lines, 1):
            if (raised := _of_exception(line[:_LINE], lines[number : number + _NEAR])) is not None:
                reply, after = raised
                found.setdefault(reply, QuotedReply(number, reply, after))
    if found:
        return list(found.values())[:MOST]
    said = [line.strip() for line in lines if line.strip()]
    if said and len(said) <= MOST and all(map(_ALONE.match, said)):
        return [QuotedReply(1, "\n".join(said))]
    return []


def _of_exception(line: str, following: list[str]) -> tuple[str, str] | None:
    """Return the reply in a line of an exception, and the command that it answers, or None."""
    if (told := _DOTNET.search(line.rstrip())) is not None:
        for words, code in _CODE_OF.items():
            if told["words"].lower().endswith(words):
                return f"{code} {told['text']}", ""
    if (answered := _ANSWERED.search(line.rstrip())) is not None:
        return answered["reply"].rstrip("."), _of_client(line)
    if (shown := _ROUNDCUBE.search(line.rstrip())) is not None:
        reply = f"{shown['code']} {shown['reply']}" if shown["reply"] else shown["code"]
        return reply, _of_client(line)
    match = next((found for p in _FAILED if (found := p.search(line.rstrip())) is not None), None)
    if match is None:
        return None
    fields = match.groupdict()
    text = fields["text"].lstrip(": -")
    if fields.get("enhanced"):
        text = f"{fields['enhanced']} {text}"
    reply = _reply(fields["code"], re.sub(rf"\\n{fields['code']}[ -]", r"\\n", text))
    named = next((n[1] for each in following if (n := _NODE_COMMAND.search(each))), "")
    if named:
        return reply, _after(named, "")
    what = line[: match.start("code")].lower()
    return reply, next((command for word, command in _WHAT_FAILED if word in what), "")


def _of_client(line: str) -> str:
    """Return the command that a reply answers, as inferred from the words that introduce it, or "".

    `line` is written by a mail program, and contains both the words and the reply.
    """
    address = _IN_QUOTES.search(line)
    for words, command in _OF_CLIENTS:
        if words.search(line) is not None:
            return command.format(address[1] if address is not None else "")
    return ""


def _unfolded(lines: list[str]) -> list[tuple[int, str]]:
    """Return the number and text of each line, joined with any indented lines that follow it."""
    found: list[tuple[int, str]] = []
    for number, line in enumerate(lines, 1):
        if found and line[:1] in (" ", "\t") and line.strip():
            first, before = found[-1]
            if len(before) < _LINE:
                found[-1] = first, f"{before.rstrip()} {line.strip()}"[:_LINE]
        else:
            found.append((number, line[:_LINE].rstrip()))
    return found


def _reply(code: str, text: str) -> str:
    """Build a reply from its code and its text, in which line feeds are escaped."""
    *before, last = text.replace("\\r", "").split("\\n")
    return "\n".join([*(f"{code}-{line}" for line in before), f"{code} {last}"])


def _after(words: str, line: str) -> str:
    recipient = _RECIPIENT.search(line)
    for name, command in _COMMANDS:
        if name.lower() in words.lower():
            return command.format(recipient[1] if recipient is not None else "")
    return ""
