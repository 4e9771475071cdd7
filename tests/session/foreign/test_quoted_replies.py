"""Replies quoted in mail logs and bounces are found, with the commands that they answer."""

from __future__ import annotations

import time

import pytest
from heloscope.session.foreign.quoted_replies import MOST, QuotedReply, quoted_replies
from support.rows import for_each

POSTFIX = (
    "Nov 29 10:11:12 mx1 postfix/smtp[2211]: 4F2A11: to=<bob@customer.example>, "
    "relay=mx.customer.example[192.0.2.7]:25, delay=1.2, dsn=5.1.1, status=bounced "
    "(host mx.customer.example[192.0.2.7] said: 550 5.1.1 <bob@customer.example>: Recipient "
    "address rejected: User unknown (in reply to RCPT TO command))\n"
)
BOUNCE = """\
I'm sorry to have to inform you that your message could not be delivered.

<bob@customer.example>: host mx.customer.example[192.0.2.7] said: 554 5.7.1
    <bob@customer.example>: Relay access denied (in reply to RCPT TO command)

Final-Recipient: rfc822; bob@customer.example
Diagnostic-Code: smtp; 554 5.7.1 <bob@customer.example>: Relay access denied
"""
EXIM = (
    "2026-11-29 10:00:00 1abc ** bob@customer.example R=dnslookup T=remote_smtp "
    "H=mx.customer.example [192.0.2.7]: SMTP error from remote mail server after "
    "RCPT TO:<bob@customer.example>: 550 No such user here\n"
)


@for_each([
        (POSTFIX, QuotedReply(1, "550 5.1.1 <bob@customer.example>: Recipient address rejected: "
                              "User unknown", "RCPT TO:<bob@customer.example>")),
        (BOUNCE, QuotedReply(3, "554 5.7.1 <bob@customer.example>: Relay access denied",
                             "RCPT TO:<bob@customer.example>")),
        (EXIM, QuotedReply(1, "550 No such user here", "RCPT TO:<bob@customer.example>")),
        (POSTFIX.replace("RCPT TO command", "end of DATA command"),
         QuotedReply(1, "550 5.1.1 <bob@customer.example>: Recipient address rejected: "
                     "User unknown", ".")),
        ("Diagnostic-Code: smtp; 452 4.2.2 Mailbox full\n",
         QuotedReply(1, "452 4.2.2 Mailbox full")),
        ("Remote Server returned '550 5.7.1 Not allowed'\n",
         QuotedReply(1, "550 5.7.1 Not allowed")),
        ("      'x@y.example' on 11/30/2026\n            Server error: '550 5.1.1 User unknown'\n",
         QuotedReply(1, "550 5.1.1 User unknown")),
        ('{"event":"bounce","reason":"550 5.1.1 No such account.","status":"5.1.1"}\n',
         QuotedReply(1, "550 5.1.1 No such account.")),
        ("Mailbox unavailable. The server response was: 5.7.60 SMTP; Not as this sender\n",
         QuotedReply(1, "550 5.7.60 SMTP; Not as this sender")),
        ("SmtpException: Transaction failed. The server response was: 554 5.7.1 Denied\n",
         QuotedReply(1, "554 5.7.1 Denied")),
        ("2026/11/30 03:29:44 failed to send mail: 554 5.7.1 Relay access denied\n",
         QuotedReply(1, "554 5.7.1 Relay access denied")),
        ('code "530", with message "530 5.7.1 Authentication required\n" in /var/x.php:457\n',
         QuotedReply(1, "530 5.7.1 Authentication required")),
        ("\n550-5.7.26 Blocked,\n550 5.7.26 unauthenticated.\n",
         QuotedReply(1, "550-5.7.26 Blocked,\n550 5.7.26 unauthenticated.")),
    ])  # fmt: skip
def test_a_reply_is_found_with_its_command(text: str, wanted: QuotedReply):
    assert quoted_replies(text.encode()) == [wanted]


def test_a_text_without_a_reply_has_none():
    assert quoted_replies(b"Dear Bob,\n\n550 people came.\n") == []
    assert quoted_replies(b"") == []


def test_each_reply_is_found_once_up_to_a_limit():
    assert len(quoted_replies(POSTFIX.encode() * 5)) == 1
    many = "".join(POSTFIX.replace("unknown", f"unknown {n}") for n in range(MOST + 5))
    assert len(quoted_replies(many.encode())) == MOST


@pytest.mark.parametrize("piece", [b"said: 550 ", b"(", b"<a@b> ", b"Diagnostic-Code: smtp; 550 "])
def test_a_hostile_text_takes_linear_time(piece: bytes):
    def taken(size: int) -> float:
        began = time.process_time()
        quoted_replies(
            piece * (size // len(piece)) + b"\n" + (piece * 200 + b"\n") * (size // 4000)
        )
        return time.process_time() - began

    taken(1000)
    assert taken(200_000) < 12 * max(0.01, taken(40_000))


@for_each([
        ("smtplib.SMTPAuthenticationError: (535, b'5.7.8 Wrong')", "535 5.7.8 Wrong", "(auth)"),
        ("SMTPAuthenticationError(535, b'5.7.8 Wrong')", "535 5.7.8 Wrong", "(auth)"),
        ("smtplib.SMTPSenderRefused: (530, b'5.7.0 a\\n5.7.0 b', 'a@b.example')",
         "530-5.7.0 a\n530 5.7.0 b", "MAIL FROM:<>"),
        ("smtplib.SMTPRecipientsRefused: {'x@y.example': (550, b'5.1.1 No such user')}",
         "550 5.1.1 No such user", "RCPT TO:<x@y.example>"),
        ("com.sun.mail.smtp.SMTPAddressFailedException: 550 5.1.1 <x@y.example>: Unknown",
         "550 5.1.1 <x@y.example>: Unknown", ""),
        ("Error: Invalid login: 535 5.7.8 Wrong", "535 5.7.8 Wrong", "(auth)"),
        ("Error: Can't send mail - all recipients were rejected: 550 5.1.1 Unknown",
         "550 5.1.1 Unknown", "RCPT TO:<>"),
        ("  response: '550 5.1.1 Unknown',\n  responseCode: 550,\n  command: 'RCPT TO',",
         "550 5.1.1 Unknown", "RCPT TO:<>"),
        ("  response: '535-5.7.8 Wrong\\n535 5.7.8 again',\n  command: 'AUTH PLAIN'",
         "535-5.7.8 Wrong\n535 5.7.8 again", "(auth)"),
        ('Expected response code "250/251/252" but got code "550", with message "550 5.1.1 No".',
         "550 5.1.1 No", ""),
        ("Net::SMTPAuthenticationError: 535 5.7.8 Wrong", "535 5.7.8 Wrong", "(auth)"),
        (("The mail server responded:  5.7.1 <x@y.example>: Relay access denied. Please check "
          "the message recipient."),
         "5.7.1 <x@y.example>: Relay access denied", "RCPT TO:<x@y.example>"),
        ("Der Mail-Server antwortete: 550 5.7.1 <x@y.example>: Nein. Bitte prüfen",
         "550 5.7.1 <x@y.example>: Nein", ""),
        ('SMTP Error (550): Failed to add recipient "x@y.example" (5.1.1 <x@y.example>: No).',
         "550 5.1.1 <x@y.example>: No", "RCPT TO:<x@y.example>"),
        ("SMTP-Fehler (535): Authentifizierung fehlgeschlagen.", "535", "(auth)"),
        ("Protocol: SMTP, Server Response: '550 relay not permitted', Port: 25, Error: 0x800CCC79",
         "550 relay not permitted", ""),
        ("permanent error (550): 5.1.1 No such user", "550 5.1.1 No such user", ""),
        ("msmtp: server message: 550 5.1.1 No such user", "550 5.1.1 No such user", ""),
        ("SMTP server error: DATA END command failed Detail: Spam SMTP code: 554", "554 Spam", "."),
        ("SMTP server error: RCPT TO failed Detail: No SMTP code: 550 Additional SMTP info: 5.1.1",
         "550 5.1.1 No", "RCPT TO:<>"),
    ])  # fmt: skip
def test_an_exception_contains_the_reply_that_caused_it(line: str, reply: str, after: str):
    (found,) = quoted_replies(f"Traceback:\n{line}\n".encode())
    assert (found.line, found.reply, found.after) == (2, reply, after)


@pytest.mark.parametrize("line", ["Error: 404 Not Found", "HTTP error: 503 Service Unavailable"])
def test_a_status_of_http_is_not_a_reply(line: str):
    assert quoted_replies(f"Traceback:\n{line}\n".encode()) == []


def test_the_stack_trace_after_an_exception_does_not_belong_to_the_reply():
    text = (
        "Error: Invalid login: 535 5.7.8 Wrong\n    at SMTPConnection._formatError (index.js:972)\n"
    )
    (found,) = quoted_replies(text.encode())
    assert (found.reply, found.after) == ("535 5.7.8 Wrong", "(auth)")
