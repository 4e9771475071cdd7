"""A conversation divided into turns: which replies belong to which command."""

from __future__ import annotations

from heloscope.session.events import Cause, Connected, Disconnected, TlsStarted
from heloscope.session.protocol.dialogue import Turn, dialogue
from support.scripts import observe


def outline(turns: list[Turn]) -> list[tuple[str, bytes, list[int]]]:
    return [(turn.verb, turn.line, [said.code for said in turn.replies]) for turn in turns]


def test_each_command_has_its_replies_even_in_a_group():
    talk = observe("""
    S: 220 mail.example.org ESMTP
    C: MAIL FROM:<a@example.org>
    C: RCPT TO:<b@example.org>
    S: 250 2.1.0 ok
    S: 550 5.1.1 no
    C: QUIT
    S: 221 bye
    """)
    turns = dialogue(talk.transcript)
    assert outline(turns) == [
        ("greeting", b"", [220]),
        ("MAIL", b"MAIL FROM:<a@example.org>", [250]),
        ("RCPT", b"RCPT TO:<b@example.org>", [550]),
        ("QUIT", b"QUIT", [221]),
    ]
    assert turns[2].replies[0].enhanced == "5.1.1"
    assert turns[2].replies[0].text == b"5.1.1 no"


def test_a_message_is_one_turn_with_its_size_and_digest():
    talk = observe("""
    S: 220 ready
    C: DATA
    S: 354 go on
    C: Subject: x
    C:
    C: hi
    C: .
    S: 250 2.0.0 queued
    """)
    turns = dialogue(talk.transcript)
    assert outline(turns)[1:] == [("DATA", b"DATA", [354]), (".", b"", [250])]
    assert turns[2].octets == len(b"Subject: x\r\n\r\nhi\r\n")
    assert turns[2].digest == "16d0aafc65f80ffca30071595ed78b10f6f18d7390599c35ec9ae3f00dd28122"


def test_a_login_is_shown_without_its_secrets():
    talk = observe("""
    S: 220 ready
    C: EHLO me
    S: 250 AUTH PLAIN LOGIN
    C: AUTH LOGIN
    S: 334 VXNlcm5hbWU6
    C: YWxpY2U=
    S: 334 UGFzc3dvcmQ6
    C: d29uZGVybGFuZA==
    S: 235 ok
    """)
    said = b"\n".join(turn.line for turn in dialogue(talk.transcript))
    assert b"d29uZGVybGFuZA==" not in said
    assert [turn.verb for turn in dialogue(talk.transcript)][2:] == ["AUTH", "(auth)", "(auth)"]


def test_what_lay_between_is_a_turn_in_its_place():
    talk = observe("S: 220 ready\nC: STARTTLS\nS: 220 go ahead")
    talk.note(TlsStarted(3.0, "TLSv1.3", "TLS_AES_256_GCM_SHA384"))
    talk.note(Disconnected(4.0, Cause.RESET, "reset"))
    assert [turn.verb for turn in dialogue(talk.transcript)] == [
        "greeting", "STARTTLS", "(tls)", "(end)",
    ]  # fmt: skip


def test_a_connection_comes_first_and_unsolicited_replies_are_included():
    from heloscope.session.protocol.conversation import Conversation

    talk = Conversation()
    talk.note(Connected(0.0, "mail.example.org", "192.0.2.1:25"))
    talk = observe("S: 220 ready\nC: NOOP\nS: 250 ok\nS: 421 4.3.2 closing", talk)
    assert outline(dialogue(talk.transcript)) == [
        ("(connect)", b"", []), ("greeting", b"", [220]), ("NOOP", b"NOOP", [250]),
        ("(unasked)", b"", [421]),
    ]  # fmt: skip


def test_silence_is_not_a_turn():
    assert dialogue(observe("").transcript) == []
