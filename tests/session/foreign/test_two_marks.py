"""Logs of unknown programs are read by the marks that distinguish the two sides."""

from __future__ import annotations

from heloscope.session.foreign.log import read_log
from heloscope.session.protocol.replay import replay
from support.rows import for_each

SAID = [
    ("S", "220 mx.example.org ESMTP"), ("C", "EHLO me.example"), ("S", "250-mx.example.org"),
    ("S", "250 AUTH LOGIN"), ("C", "AUTH LOGIN"), ("S", "334 VXNlcm5hbWU6"), ("C", "YWxpY2U="),
    ("S", "334 UGFzc3dvcmQ6"), ("C", "d29uZGVybGFuZA=="), ("S", "535 5.7.8 No"), ("C", "QUIT"),
    ("S", "221 Bye"),
]  # fmt: skip
MARKS = {
    "words": ("RECV: {}", "SENT: {}"),
    "times": ("03:29:{n:02} RCV {}", "03:29:{n:02} SND {}"),
    "arrows": ("<= {}", "=> {}"),
    "Blat": ("<<<getline<<< {}", ">>>putline>>> {}"),
    "lettre": ("[2026-11-30T03:29:{n:02}Z DEBUG lettre] << {}<CRLF>",
               "[2026-11-30T03:29:{n:02}Z DEBUG lettre] Wrote: {}<CRLF>"),
    "MailHog": ("[SMTP 192.0.2.1:500] Sent {n} bytes: '{}\\r\\n'",
                "[SMTP 192.0.2.1:500] Received {n} bytes: '{}\\r\\n'"),
    "AsyncOS": ("Mon Nov 30 03:29:{n:02} 2026 Info: 12 Sent to '192.0.2.1': '{}\\015\\012'",
                "Mon Nov 30 03:29:{n:02} 2026 Info: 12 Rcvd from '192.0.2.1': '{}\\015\\012'"),
    "recordio": ("@40000000692bb{n}1e2f3a4b 3412 > {}", "@40000000692bb{n}1e2f3a4b 3412 < {}"),
    "strace": ('read(3, "{}\\r\\n", 4096) = {n}', 'write(3, "{}\\r\\n", {n}) = {n}'),
}  # fmt: skip


@for_each(MARKS)
def test_the_sides_are_recognised_by_their_marks(name: str):
    server, client = MARKS[name]
    lines = [
        (server if side == "S" else client).format(text, n=n)
        for n, (side, text) in enumerate(SAID, 10)
    ]
    log = read_log("\n".join(["Here it is:", *lines, "Yours"]).encode())
    (talk,) = log.conversations
    assert [(entry.what, entry.text) for entry in talk.talk if entry.said] == SAID
    assert (
        "Read as a log from a program that marks both sides; which side sent each line is "
        "inferred from its content." in log.unknown()
    )
    assert "d29uZGVy" not in replay(talk).transcript.to_text()


def test_a_program_with_the_marks_of_sendmail_that_shows_the_greeting_is_another_one():
    log = read_log(b"<<< 220 a\n>>> EHLO b\n<<< 250 a\n>>> QUIT\n<<< 221 bye\n")
    assert log.format == "a program that marks both sides"
    assert [entry.what for entry in log.conversations[0].talk if entry.said] == [*"SCSCS"]


def test_replies_in_one_line_of_a_log_are_several():
    log = 'read(3, "220 a\\r\\n", 9) = 7\nwrite(3, "EHLO b\\r\\n", 8) = 8\n'
    log += 'read(3, "250-a\\r\\n250 SIZE 1\\r\\n", 99) = 21\n'
    (talk,) = read_log(log.encode()).conversations
    assert [entry.text for entry in talk.talk if entry.said] == [
        "220 a", "EHLO b", "250-a", "250 SIZE 1",
    ]  # fmt: skip


def test_one_mark_for_all_lines_does_not_identify_the_sides():
    log = "app: 220 mx.example.org\napp: EHLO me.example\napp: 250 mx.example.org\n"
    (talk,) = read_log(log.encode()).conversations
    assert talk.format == "terminal"
    assert [entry.what for entry in talk.talk if entry.said] == ["S", "C", "S"]
