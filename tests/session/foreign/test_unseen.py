"""What a log does not show is pointed out, and never counted as a mistake."""

from __future__ import annotations

from pathlib import Path

from heloscope.session.events import Note, ReplyReceived, Unasked, Violation
from heloscope.session.foreign.log import read_log
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.protocol.replay import replay
from heloscope.session.record.reader import Recording


def read(log: str) -> Conversation:
    """Return the first conversation in a log."""
    return replay(read_log(log.encode()).conversations[0])


def violations(conversation: Conversation) -> list[str]:
    return [
        event.rule for event in conversation.transcript.events() if isinstance(event, Violation)
    ]


def notes(conversation: Conversation) -> list[str]:
    return [event.text for event in conversation.transcript.events() if isinstance(event, Note)]


DELIVERY = r"""
send: 'mail FROM:<a@b.example>\r\n'
reply: b'250 2.1.0 Ok\r\n'
reply: retcode (250); Msg: b'2.1.0 Ok'
send: 'rcpt TO:<b@b.example>\r\n'
reply: b'550 5.1.1 Unknown\r\n'
reply: retcode (550); Msg: b'5.1.1 Unknown'
send: 'quit\r\n'
reply: b'221 2.0.0 Bye\r\n'
"""
HELLO = r"""
send: 'ehlo [127.0.0.1]\r\n'
reply: b'250-mx.example.org\r\n'
reply: b'250 SIZE 1000\r\n'
"""


def test_smtplib_that_talks_of_its_connection_only_from_ehlo_on_breaks_no_rule():
    conversation = read(HELLO + DELIVERY)
    assert violations(conversation) == []
    assert notes(conversation) == ["the log begins after the greeting"]
    assert conversation.keywords == {"SIZE": ("1000",)}


def test_a_log_may_begin_within_a_session():
    conversation = read(DELIVERY)
    assert violations(conversation) == []
    assert notes(conversation) == ["the log begins after the greeting"]


def test_a_client_that_does_not_wait_for_the_greeting_is_reported_anyway():
    conversation = read(r"""
send: 'ehlo me\r\n'
reply: b'220 mx.example.org ESMTP\r\n'
reply: b'250 mx.example.org\r\n'
""")
    assert violations(conversation) == ["before-greeting"]
    assert notes(conversation) == []


def test_replies_to_commands_that_are_not_shown_are_not_early():
    conversation = read("""CONNECTED(00000003)
New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384
220 mx.example.org ESMTP
250-mx.example.org
250 SIZE 1000
550 5.1.1 No such user
221 2.0.0 Bye
""")
    assert violations(conversation) == []
    assert notes(conversation) == ["the log does not show what the client sent"]
    events = conversation.transcript.events()
    replies = [event.unasked for event in events if isinstance(event, ReplyReceived)]
    assert replies == [Unasked.GREETING, *[Unasked.UNSEEN] * 3]


def test_commands_whose_replies_are_not_shown_are_not_pipelined():
    conversation = read("""2026-11-28 16:04:47 CLIENT -> SERVER: EHLO client.example
2026-11-28 16:04:47 CLIENT -> SERVER: MAIL FROM:<a@b.example>
2026-11-28 16:04:47 CLIENT -> SERVER: RCPT TO:<b@b.example>
2026-11-28 16:04:47 CLIENT -> SERVER: QUIT
""")
    assert violations(conversation) == []
    assert notes(conversation) == ["the log does not show what the server sent"]


def test_dots_that_the_log_shows_before_they_are_doubled_are_not_missed():
    mark = "Net::SMTP=GLOB(0x55d0)"
    conversation = read(f"""{mark}<<< 220 mx ESMTP
{mark}>>> EHLO me
{mark}<<< 250 mx
{mark}>>> MAIL FROM:<a@b.example>
{mark}<<< 250 Ok
{mark}>>> RCPT TO:<b@b.example>
{mark}<<< 250 Ok
{mark}>>> DATA
{mark}<<< 354 Go on
{mark}>>> .hidden
{mark}>>> .
{mark}<<< 250 Ok
""")
    assert violations(conversation) == []
    assert notes(conversation) == ["the log shows the message before its dots were doubled"]


def test_further_lines_of_a_reply_in_phps_error_log_belong_to_it():
    conversation = read(
        "SERVER -> CLIENT: 220 mx ESMTP\r\n\nCLIENT -> SERVER: EHLO me\r\n\n"
        "SERVER -> CLIENT: 250-mx\r\n250-SIZE 1000\r\n250 HELP\r\n\nCLIENT -> SERVER: QUIT\r\n\n"
        "SERVER -> CLIENT: 221 bye\r\n"
    )
    assert conversation.keywords == {"SIZE": ("1000",), "HELP": ()}
    assert violations(conversation) == []


def test_a_recording_made_of_a_log_says_the_same(tmp_path: Path):
    """The notes are kept in the recording, and so are their consequences."""
    file = tmp_path / "talk.jsonl"
    file.write_text(read(HELLO + DELIVERY).transcript.to_jsonl())
    with Recording(file) as recording:
        again = replay(recording)
    assert violations(again) == []
    assert notes(again) == ["the log begins after the greeting"]


def replayed(log: str) -> list[tuple[str, str]]:
    [talk] = read_log(log.encode()).conversations
    rows = replay(talk).transcript
    return [(rows[n].kind.name, rows[n].data.decode().strip()) for n in range(len(rows))]


CUT_BEFORE = """\
S: 250 2.1.5 Ok
C: the plan is secret
C: quit
C: .
S: 250 2.0.0 queued
C: QUIT
S: 221 Bye
"""


def test_a_message_whose_beginning_is_not_in_the_log_is_a_message():
    said = replayed(CUT_BEFORE)
    assert ("BODY", "the plan is secret") in said
    assert ("COMMAND", "DATA") in said


def test_a_message_without_the_reply_to_data_is_a_message():
    said = replayed(
        "S: 220 a\nC: MAIL FROM:<>\nS: 250 ok\nC: RCPT TO:<b@c.example>\nS: 250 ok\n"
        "C: DATA\nC: the plan is secret\nC: .\nS: 250 queued\n"
    )
    assert [text for _, text in said].count("DATA") == 1
    assert ("BODY", "the plan is secret") in said


def test_a_dot_that_the_server_rejects_as_a_command_ends_no_message():
    said = replayed("S: 220 a\nC: FOO\nC: .\nS: 500 what\nS: 500 what\nC: QUIT\nS: 221 b\n")
    assert ("COMMAND", "FOO") in said
    assert ("COMMAND", "DATA") not in said
