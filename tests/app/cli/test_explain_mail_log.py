"""`heloscope explain FILE` explains files without a conversation: mail logs, bounces and errors."""

from __future__ import annotations

import json

from click.testing import CliRunner
from heloscope.app.cli.main import cli


def explained(log: str, *options: str) -> str:
    done = CliRunner().invoke(cli, ["explain", "-", *options], log.encode())
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout


MAIL_LOG = (
    "Nov 30 09:12:03 mx1 postfix/smtp[20]: 4F1A2C0D: to=<otto@b.example>, "
    "relay=mx.b.example[192.0.2.9]:25, delay=1, dsn=5.1.1, status=bounced (host "
    "mx.b.example[192.0.2.9] said: 550 5.1.1 No such user (in reply to RCPT TO command))\n"
    "Nov 30 09:12:03 mx1 postfix/smtp[21]: 4F1A2C0D: to=<lisa@c.example>, relay=none, delay=2, "
    "dsn=4.4.1, status=deferred (connect to mail.c.example[192.0.2.55]:25: Connection timed out)\n"
    "Nov 30 09:13:09 mx1 postfix/smtpd[22]: warning: unknown[203.0.113.9]: SASL LOGIN "
    "authentication failed: UGFzc3dvcmQ6\n"
    "Nov 30 09:13:10 mx1 postfix/smtpd[22]: warning: unknown[203.0.113.9]: SASL LOGIN "
    "authentication failed: UGFzc3dvcmQ6\n"
)


def test_a_mail_log_is_explained_with_all_that_went_wrong_in_it():
    said = explained(MAIL_LOG)
    assert said.startswith(
        "The text is a mail log, not a conversation. It reports 3 problems, 4 times in "
        "all.\n\nLine 1, after RCPT TO:<otto@b.example>\n"
        "  Bounced: <otto@b.example>, relay mx.b.example[192.0.2.9]:25, queue ID 4F1A2C0D\n"
        "  S: 550 5.1.1 No such user\n  Refused permanently: no such user.\n"
    )
    assert (
        "\nLine 2\n  Deferred: <lisa@c.example>, queue ID 4F1A2C0D\n"
        "  Log: connect to mail.c.example[192.0.2.55]:25: Connection timed out\n"
        "  No answer in time.\n"
    ) in said
    assert (
        "\nLine 3\n  Refused by this server, client unknown[203.0.113.9]; 2 times, last in line 4\n"
    ) in said
    found = json.loads(explained(MAIL_LOG, "--json"))
    assert found["format"] == "mail log"
    assert found["conversations"][0]["failures"][2]["times"] == 2
    assert "otto" not in explained(MAIL_LOG, "--mask", "addresses")


def test_what_a_mail_log_reports_alike_is_explained_once():
    line = (
        "2026-11-30 09:00:04 H=(s) [203.0.113.{0}] F=<a@b.example> rejected RCPT "
        "<x{0}@c.example>: relay not permitted\n"
    )
    log = "".join(line.format(number) for number in (7, 8, 9))
    said = explained(log)
    assert said.count("Refused permanently: no relaying to that domain.") == 1
    assert (
        "  2 more like it:\n    line 2: rejected by this server, client (s) [203.0.113.8], from "
        "<a@b.example>, to <x8@c.example>"
    ) in said


def test_a_mail_log_beside_a_conversation_is_explained_too():
    talk = (
        "<-  220 mx.example.org ESMTP\n -> EHLO me\n<-  250 mx.example.org\n -> MAIL FROM:<a@b.c>\n"
        "<** 550 5.7.1 Not you\n -> QUIT\n<-  221 bye\n\n"
    )
    said = explained(talk + MAIL_LOG)
    assert "S: 550 5.7.1 Not you" in said
    assert "The text also reports 3 more failures:\n\nLine 9, after RCPT" in said


def test_a_connection_error_beside_a_quoted_reply_is_explained_too():
    text = (
        "smtplib.SMTPRecipientsRefused: {'x@y.example': (550, b'5.1.1 No such user')}\n"
        "ConnectionRefusedError: [Errno 111] Connection refused\n"
    )
    said = explained(text)
    assert said.startswith("The text contains no conversation, only 1 quoted reply and 1 error.")
    assert "No connection: the port is closed." in said


S_CLIENT = """\
$ openssl s_client -connect mail.verein.example:587 -starttls smtp
CONNECTED(00000003)
depth=0 CN = mail.verein.example
verify error:num=10:certificate has expired
verify return:1
---
Verification error: certificate has expired
---
New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384
Verify return code: 10 (certificate has expired)
---
250 SMTPUTF8
RCPT TO:<x@y.example>
RENEGOTIATING
"""


def test_a_certificate_that_s_client_does_not_accept_is_reported_once():
    said = explained(S_CLIENT)
    assert said.startswith("The conversation with mail.verein.example:587: 2 things went wrong")
    assert said.count("certificate has expired") == 1
    assert (
        "Before the first line\n  Log: verify error:num=10:certificate has expired\n"
        "  The server's certificate failed verification (expired).\n"
    ) in said
    assert "openssl s_client reports this and continues" in said
    assert "A line was not sent: openssl s_client took it for a command of its own." in said
    assert "No reply." not in said


def test_the_times_of_a_prefix_are_those_of_the_lines():
    log = (
        "app-1  | 2026-11-30T09:00:00.100Z DEBUG lettre: Got: 220 mx.example ESMTP\n"
        "app-1  | 2026-11-30T09:00:00.200Z DEBUG lettre: Wrote: EHLO app\n"
        "app-1  | 2026-11-30T09:00:00.300Z DEBUG lettre: Got: 250 mx.example\n"
        "app-1  | 2026-11-30T09:00:01.300Z DEBUG lettre: Wrote: MAIL FROM:<a@b.example>\n"
        "app-1  | 2026-11-30T09:00:02.300Z DEBUG lettre: Got: 451 4.3.0 Later\n"
    )
    said = explained(log)
    assert "It does not show line endings." in said
    exported = CliRunner().invoke(cli, ["export", "-", "--to", "text"], log.encode()).stdout
    assert "2026-11-30T09:00:02.300Z S: 451 4.3.0 Later\n" in exported


def test_the_text_in_json_keeps_its_lines():
    assert json.loads(explained(MAIL_LOG, "--json"))["text"] == explained(MAIL_LOG).rstrip("\n")
