"""A log yields the same conversation however it was pasted into a ticket."""

from __future__ import annotations

import html
import json
import quopri
import textwrap
from collections.abc import Callable
from email.message import EmailMessage

import pytest
from heloscope.session.foreign.log import read_log
from heloscope.session.foreign.pasted import readings
from support.foreign_samples import SAMPLES
from support.rows import for_each

SWAKS = """\
=== Trying mx.example.org:25...
=== Connected to mx.example.org.
<-  220 mx.example.org ESMTP
 -> EHLO me.example
<-  250-mx.example.org
<-  250 STARTTLS
 -> STARTTLS
<-  220 Go ahead
=== TLS started with cipher TLSv1.3:TLS_AES_256_GCM_SHA384:256
 ~> MAIL FROM:<a@me.example>
<~* 550 5.7.1 Not you
*** MAIL FROM failed
 ~> QUIT
<~  221 Bye
=== Connection closed with remote host.
"""
SMTPLIB = """\
connect: to ('mx.example.org', 25) None
reply: b'220 mx.example.org ESMTP\\r\\n'
send: 'ehlo me.example\\r\\n'
reply: b'250-mx.example.org\\r\\n'
reply: b'250 STARTTLS\\r\\n'
send: 'STARTTLS\\r\\n'
reply: b'220 Go ahead\\r\\n'
Traceback (most recent call last):
  File "try.py", line 4, in <module>
    smtp.starttls()
ssl.SSLCertVerificationError: certificate has expired
"""
MSMTP = """\
host = mx.example.org
port = 25
<-- 220 mx.example.org ESMTP
--> EHLO me.example
<-- 250 mx.example.org
--> MAIL FROM:<a@me.example>
<-- 550 5.7.1 Not you
msmtp: server message: 550 5.7.1 Not you
"""
_STAMP = "2026-11-29T21:25:15.123456789Z "


def each_line(change: Callable[[int, str], str]) -> Callable[[str], str]:
    return lambda log: "\n".join(change(n, line) for n, line in enumerate(log.splitlines(), 1))


WAYS: dict[str, Callable[[str], str]] = {
    "quoted": each_line(lambda _, line: f"> {line}"),
    "quoted twice, with an introduction": lambda log: (
        "Bob wrote:\n" + each_line(lambda _, line: f">> {line}")(log)
    ),
    "fence": lambda log: f"Hello,\n\n```text\n{log}```\n\nRegards\n",
    "indented by six": each_line(lambda _, line: f"      {line}"),
    "docker compose": each_line(lambda _, line: f"mailer-1  | {line}"),
    "docker compose with times": each_line(lambda _, line: f"mailer-1  | {_STAMP}{line}"),
    "pm2": each_line(lambda _, line: f"0|mailer  | {line}"),
    "Kubernetes": each_line(lambda _, line: f"{_STAMP}stderr F {line}"),
    "Docker's file": each_line(
        lambda _, line: json.dumps({"log": f"{line}\n", "stream": "stderr", "time": _STAMP})
    ),
    "journald": each_line(lambda _, line: f"Nov 29 21:25:15 host mailer[12]: {line}"),
    "journald, precise": each_line(
        lambda _, line: f"Nov 29 21:25:15.123456 host.example.org mailer[12]: {line}"
    ),
    "Heroku": each_line(lambda _, line: f"2026-11-29T21:25:15.123456+00:00 app[web.1]: {line}"),
    "ts": each_line(lambda _, line: f"Nov 29 21:25:15 {line}"),
    "times of day": each_line(lambda n, line: f"21:25:{n:02}.123 {line}"),
    "times of Windows": each_line(lambda n, line: f"11/29/2026 9:25:{n:02} PM: {line}"),
    "a pod": each_line(lambda _, line: f"[pod/mailer-7d/mailer] {line}"),
    "a folded part of an issue": lambda log: (
        f"<details><summary>log</summary>\n\n```console\n{log}```\n</details>\n"
    ),
    "cat -n": each_line(lambda n, line: f"{n:6}\t{line}"),
    "grep -n": each_line(lambda n, line: f"{n}:{line}"),
    "an editor": each_line(lambda n, line: f"{n:3}  {line}"),
    "Windows": lambda log: log.replace("\n", "\r\n"),
    "quoted on Windows": each_line(lambda _, line: f"> {line}\r"),
    "entities": html.escape,
    "a web page": lambda log: f"<p>Log:</p>\n<pre><code>{html.escape(log)}</code></pre>\n",
    "entities in a quotation": each_line(lambda _, line: f"&gt; {html.escape(line)}"),
    "non-breaking blanks": lambda log: log.replace(" ", "\u00a0"),
    "leading blanks lost": each_line(lambda _, line: line.strip()),
    "empty lines between": lambda log: log.replace("\n", "\n\n"),
    "grep of several files": each_line(lambda n, line: f"./log/mail.log:{n}:{line}"),
    "Spring": each_line(
        lambda n, line: f"2026-11-29 21:25:{n:02}.123 DEBUG 47 --- [exec-{n}] o.e.Mailer  : {line}"
    ),
    "Python's logging": each_line(
        lambda n, line: f"2026-11-29 21:25:{n:02},123 - mail - {('INFO', 'DEBUG')[n % 2]} - {line}"
    ),
    "Apache's error log": each_line(
        lambda n, line: (
            f"[Sun Nov 29 21:25:{n:02}.1 2026] [php:notice] [pid {n}] [client ::1] {line}"
        )
    ),
    "syslog of RFC 5424": each_line(lambda n, line: f"<22>1 {_STAMP}host app {n} - - {line}"),
    "GitHub": each_line(lambda _, line: f"check\tRun it\t{_STAMP}{line}"),
    "CloudWatch": each_line(lambda n, line: f"{_STAMP[:-1]}\t8f5e1c2a-{n:04}\tINFO\t{line}"),
    "initials": each_line(lambda _, line: f"JD> {line}"),
    "objects": each_line(lambda n, line: json.dumps({"level": "debug", "at": n, "msg": line})),
    "logfmt": each_line(lambda n, line: f"at={n} level=debug msg={json.dumps(line)} user=1"),
    "an exported ticket": lambda log: json.dumps({"id": 17, "body": f"Hello,\n{log}"}),
    "a list in JSON": lambda log: json.dumps({"stdout_lines": log.splitlines()}, indent=2),
    "a saved mail": lambda log: saved(f"Hello,\n\n{log}", "base64"),
    "a saved mail, quoted-printable": lambda log: saved(f"Grüße\n\n{log}", "quoted-printable"),
    "quoted-printable alone": lambda log: quopri.encodestring(log.encode()).decode(),
    "a line of HTML": lambda log: "<p>" + "<br>".join(html.escape(log).splitlines()) + "</p>",
    "Outlook": each_line(
        lambda _, line: f"<p class=MsoNormal><span>{html.escape(line)}<o:p></o:p></span></p>"
    ),
    "a table of lines": each_line(
        lambda n, line: f"<tr><td id=L{n}>{n}</td><td><b>{html.escape(line)}</b></td></tr>"
    ),
    "the newest first": lambda log: "\n".join(
        f"2026-11-29 21:25:{n:02} {line}" for n, line in list(enumerate(log.splitlines()))[::-1]
    ),
    "colours of cat -v": each_line(lambda _, line: f"^[[90m{line}^[[0m"),
    "blanks up to the edge": each_line(lambda _, line: f"{line:80}"),
    "typography": lambda log: (
        log.replace("->", "\u2192").replace("--", "\u2013").replace("'", "\u2019")
    ),
}


def saved(log: str, encoding: str) -> str:
    """Return an email that contains this log, as a mail program saves it."""
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "ann@me.example", "no mail"
    mail.set_content(log, cte=encoding)
    mail.add_alternative(f"<pre>{html.escape(log)}</pre>", subtype="html")
    return mail.as_string()


def told(data: str) -> list[tuple[str, str]]:
    """Return the lines of both sides, and the errors."""
    (talk,) = read_log(data.encode()).conversations
    return [
        (e.what if e.said else e.kind, e.text.rstrip("\r\n"))
        for e in talk.talk
        if e.said or e.kind == "error"
    ]


@for_each(
    (way, *row)
    for way in WAYS
    for row in [
        (SWAKS, 11, ("S", "221 Bye")),
        (SMTPLIB, 7, ("error", "ssl.SSLCertVerificationError: certificate has expired")),
        (MSMTP, 6, ("error", "msmtp: server message: 550 5.7.1 Not you")),
    ]
)
def test_the_same_is_read_however_it_was_pasted(
    way: str, log: str, number: int, last: tuple[str, str]
):
    found = told(WAYS[way](log))
    assert len(found) == number
    assert found[0] == ("S", "220 mx.example.org ESMTP")
    assert found[-1] == last


def test_a_message_with_quoted_lines_and_entities_is_left_as_it_is():
    body = "".join(f" -> > {n} &lt;b&gt; \u2019\n" for n in range(30))
    log = f"{SWAKS.split(' ~>')[0]} -> DATA\n<-  354 Go\n{body} -> .\n<-  250 ok\n"
    assert ("C", "> 7 &lt;b&gt; \u2019") in told(log)


def test_the_repair_is_bounded():
    hostile = [f"> {n} | [{n}] a  | &amp;\u2019" for n in range(1, 50)]
    assert len(list(readings(hostile))) <= 32


def test_a_greeting_begins_a_conversation():
    again = read_log((MSMTP + MSMTP).encode()).conversations
    assert [sum(entry.said for entry in talk.talk) for talk in again] == [5, 5]


@pytest.mark.parametrize(
    "end", ["smtplib.SMTPDataError: (554, b'5.7.1 No')\n", "reply: b'221 Bye\\r\\n'\n"]
)
def test_ehlo_begins_a_conversation_where_the_log_has_no_greeting(end: str):
    log = "send: 'ehlo me.example\\r\\n'\nreply: b'250 mx.example.org\\r\\n'\n" + end
    assert len(read_log((log * 3).encode()).conversations) == 3
    again = log.replace(end, "") * 2  # as smtplib says it once more within TLS
    assert len(read_log(again.encode()).conversations) == 1


def test_a_220_that_answers_a_command_does_not_begin_a_conversation():
    asked = MSMTP.replace("MAIL FROM:<a@me.example>", "XCLIENT ADDR=192.0.2.1").replace(
        "550 5.7.1 Not you", "220 mx.example.org ESMTP"
    )
    assert len(read_log(asked.encode()).conversations) == 1


def test_the_error_that_msmtp_writes_first_comes_last():
    lines = MSMTP.splitlines(keepends=True)
    assert told("".join([lines[-1], *lines[:-1]])) == told(MSMTP)


def test_the_logs_of_two_programs_are_both_read():
    log = read_log(f"With swaks:\n\n{SWAKS}\nFrom our program:\n\n{MSMTP}".encode())
    assert [(talk.format, talk.peer) for talk in log.conversations] == [
        ("swaks", "mx.example.org:25"),
        ("msmtp", "mx.example.org:25"),
    ]
    assert log.format == "swaks and msmtp"
    assert log.unknown(2).startswith("Read as a log from msmtp.")


def test_the_logs_of_both_ends_are_one_conversation():
    server = "".join(
        f"2026-11-29 [{n}] {'<--' if line[:1] == '-' else '-->'} {line[4:]}\n"
        for n, line in enumerate(MSMTP.splitlines())
        if line.startswith(("<--", "-->"))
    )
    (talk,) = read_log(f"{MSMTP}\n{server}".encode()).conversations
    assert talk.format == "msmtp"


TELNET = """\
Connected to mx.example.org.
220 mx.example.org ESMTP
EHLO me.example
250 mx.example.org
FROB
500 What?
"""


def test_the_closing_words_of_a_ticket_are_not_commands():
    said = told(f"Hello,\n\n```\n{TELNET}```\n\nThank you\nBob\n")
    assert said[-2:] == [("C", "FROB"), ("S", "500 What?")]
    (first, second) = read_log(f"{TELNET}Now this\n{TELNET}".encode()).conversations
    assert [entry.text for entry in first.talk] == [entry.text for entry in second.talk]


@pytest.mark.parametrize("name", ["exim-v.txt", "postfix-notice.txt", "swaks.txt"])
def test_blanks_at_the_beginning_of_lines_may_be_lost(name: str):
    log = (SAMPLES / name).read_text(encoding="utf-8")
    said = [text for what, text in told(log) if what in "CS"]
    bare = "\n".join(line.strip() for line in log.splitlines())
    assert [text.strip() for what, text in told(bare) if what in "CS"] == [t.strip() for t in said]


NODEMAILER = """\
[2026-11-29 21:25:14] INFO  [gw87] Connection established to 192.0.2.1:25
[2026-11-29 21:25:14] DEBUG [gw87] S: 220 mx.example.org ESMTP
[2026-11-29 21:25:14] DEBUG [gw87] C: EHLO me.example
[2026-11-29 21:25:14] DEBUG [gw87] S: 250 mx.example.org
[2026-11-29 21:25:14] DEBUG [gw87] C: MAIL FROM:<someone@me.example>
[2026-11-29 21:25:14] DEBUG [gw87] S: 550 5.7.1 Not from you
"""


@pytest.mark.parametrize("width", [64, 72])
def test_what_a_mail_program_has_wrapped_is_joined_without_quoting_too(width: int):
    lines = [part for x in NODEMAILER.splitlines() for part in textwrap.wrap(x, width)]
    assert told("\n".join(["Dear Ann,", "", *lines, "", "Yours"])) == told(NODEMAILER)


def test_a_log_in_columns_is_not_mistaken_for_wrapped():
    log = (
        f"* {'certificate details that fill a line, and more than a line':73}|\n"
        "* Connected to mx.example.org (192.0.2.1) port 25\n< 220 ready\n> EHLO me\n< 250 ok\n"
        "curl: (60) SSL certificate problem: self-signed certificate\n"
        "More details here: https://curl.se/docs/sslcerts.html\n"
    )
    assert told(log)[-1] == ("error", "curl: (60) SSL certificate problem: self-signed certificate")


def test_the_received_fields_of_a_message_do_not_determine_the_order():
    body = "".join(f" -> Received: from a by b; 29 Nov 2026 21:25:{60 - n}\n" for n in range(9))
    log = f"{SWAKS.split(' ~>')[0]} -> DATA\n<-  354 Go\n{body} -> .\n<-  250 ok\n"
    assert told(log)[-1] == ("S", "250 ok")
    assert "order" not in read_log(log.encode()).unknown()


def test_the_marks_of_the_sides_are_not_a_prefix():
    log = '-> "220 mx.example.org"\n<- "EHLO me"\n-> "250-mx"\n-> "250-SIZE"\n-> "250 HELP"\n'
    assert [what for what, _ in told(log)] == ["S", "C", "S", "S", "S"]


def test_what_quoting_has_wrapped_is_joined_again():
    lines = [part for x in NODEMAILER.splitlines() for part in textwrap.wrap(x, 64)]
    assert len(lines) == 8
    log = read_log("".join(f"> {line}\n" for line in lines).encode())
    assert [e.text for e in log.conversations[0].talk] == [
        e.text for e in read_log(NODEMAILER.encode()).conversations[0].talk
    ]
    assert log.unknown().endswith("Wrapped lines have been rejoined.")
