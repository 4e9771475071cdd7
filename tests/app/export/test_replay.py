"""The steps of a client are read from the transcript."""

from __future__ import annotations

import os

import pytest
from heloscope.app.export.login import AuthLine, AuthPart, AuthPartKind
from heloscope.app.export.replay import ReplayStep, StepKind, replay_of
from heloscope.session.events import CLIENT, SERVER
from heloscope.session.procedures.content import Content
from heloscope.session.stepping.stepper import Planned
from heloscope.session.tls.settings import TlsSettings
from support.replays import LOGIN, OPENED, READY_FOR_DATA, replay, sending
from support.scripts import observe


def steps(script: str) -> list[ReplayStep]:
    return replay(script).steps


def test_commands_have_the_codes_of_their_replies():
    found = replay(OPENED + "C: VRFY x\nS: 252-a\nS: 252 b\nC: FROB\nS: 500 no\nC: NOOP")
    assert found.greeting == 220
    assert found.steps == [
        ReplayStep(StepKind.COMMAND, b"EHLO me", (250,)),
        ReplayStep(StepKind.COMMAND, b"VRFY x", (252,)),
        ReplayStep(StepKind.COMMAND, b"FROB", (500,)),
        ReplayStep(StepKind.COMMAND, b"NOOP", ()),
    ]


def test_a_message_is_one_deed_without_its_doubled_dots():
    message = b"Subject: x\r\n\r\n.dot\r\n..\r\n"
    assert replay(sending(message)).steps[-1] == ReplayStep(StepKind.MESSAGE, message, (250,))
    assert replay(sending(b"")).steps[-1] == ReplayStep(StepKind.MESSAGE, b"", (250,))


def test_a_long_message_is_kept_in_blocks_and_read_whole():
    message = b"".join(b"%06d .\r\n.\r\n" % number for number in range(60_000))
    assert replay(sending(message)).steps[-1] == ReplayStep(StepKind.MESSAGE, message, (250,))


def test_dots_that_were_sent_alone_by_hand_stay_as_they_were():
    talk = observe(READY_FOR_DATA + "C: DATA\nS: 354 go")
    talk.feed(CLIENT, b".x\r\n.\r\n", 80.0)
    talk.feed(SERVER, b"250 ok\r\n", 81.0)
    assert replay(talk).steps[-2:] == [
        ReplayStep(StepKind.COMMAND, b"DATA", (354,)),
        ReplayStep(StepKind.RAW, b".x\r\n.\r\n", (250,), of_message=True),
    ]


def test_a_message_that_never_ended_is_raw():
    found = steps(READY_FOR_DATA + "C: DATA\nS: 354 go\nC: Subject: x\nC:")
    assert found[-1] == ReplayStep(StepKind.RAW, b"Subject: x\r\n\r\n", (), of_message=True)


def test_a_refused_data_is_a_command():
    assert steps(READY_FOR_DATA + "C: DATA\nS: 554 no")[-1] == ReplayStep(
        StepKind.COMMAND, b"DATA", (554,)
    )


def test_a_size_of_thousands_of_digits_is_no_size():
    found = steps(READY_FOR_DATA + f"C: BDAT {'9' * 5000}\nS: 501 no")
    assert found[-1].data == b"BDAT " + b"9" * 5000


def test_chunks_are_their_octets():
    found = steps(READY_FOR_DATA + "C: BDAT 5\nC: abc\nS: 250 ok\nC: BDAT 3 LAST\nC: x\nS: 250 ok")
    assert found[-2:] == [
        ReplayStep(StepKind.CHUNK, b"abc\r\n", (250,)),
        ReplayStep(StepKind.CHUNK, b"x\r\n", (250,), last=True),
    ]


def test_lmtp_has_a_code_for_each_recipient():
    opened = READY_FOR_DATA.replace("EHLO", "LHLO") + "C: RCPT TO:<c@example.org>\nS: 250 ok"
    found = replay(opened + "\nC: DATA\nS: 354 go\nC: x\nC: .\nS: 250 b\nS: 452 c", "lmtp://x:24")
    assert found.steps[-1].codes == (250, 452)


def test_of_a_login_only_mechanism_and_user_are_kept():
    [*_, login] = steps(OPENED + LOGIN)
    assert login[:5] == (StepKind.LOGIN, b"LOGIN", (235,), "alice", 2)
    assert login.secret == "PASSWORD"
    assert login.lines == (
        AuthLine(b"AUTH LOGIN", None, (334,)),
        AuthLine(b"", (AuthPart(AuthPartKind.TEXT, b"alice"),), (334,)),
        AuthLine(b"", (AuthPart(AuthPartKind.PASSWORD),), (235,)),
    )
    plain = "C: AUTH PLAIN AGFsaWNlAHdvbmRlcmxhbmQ=\nS: 535 no"
    [*_, login] = steps(OPENED + plain)
    assert login[:5] == (StepKind.LOGIN, b"PLAIN", (535,), "alice", 1)
    parts = (AuthPart(AuthPartKind.TEXT, b"\0alice\0"), AuthPart(AuthPartKind.PASSWORD))
    assert login.lines == (AuthLine(b"AUTH PLAIN", parts, (535,)),)


def test_a_password_typed_as_the_user_name_is_left_out_once_it_is_known():
    twice = "C: AUTH LOGIN d29uZGVybGFuZA==\nS: 334 UGFzc3dvcmQ6\nC: eA==\nS: 535 no"
    logins = steps(OPENED + LOGIN.replace("235 ok", "535 no") + twice)[1:]
    assert logins[1].lines[0].parts == (AuthPart(AuthPartKind.LEFT_OUT),)
    assert logins[1].user == ""
    assert "wonderland" not in repr(logins)


def test_two_logins_share_a_secret_only_if_both_or_neither_found_it_wrong():
    login = "C: AUTH PLAIN AGFsaWNlAHdvbmRlcmxhbmQ=\nS: {} x\n"
    found = steps(OPENED + "".join(login.format(code) for code in (535, 454, 535, 235)))[1:]
    assert [step.secret for step in found] == ["PASSWORD", "PASSWORD_2", "PASSWORD", "PASSWORD_2"]


def test_a_step_knows_whether_the_next_one_waited_for_its_reply():
    found = steps(
        OPENED + "C: RSET\nC: NOOP\nC: VRFY x\nS: 250 a\nS: 250 b\nC: QUIT\nS: 252 c\nS: 221 d"
    )
    assert [(step.verb, step.together) for step in found] == [
        ("EHLO", False), ("RSET", True), ("NOOP", True), ("VRFY", True), ("QUIT", False),
    ]  # fmt: skip


def test_starttls_knows_whether_it_was_offered():
    listed = "S: 220 x\nC: EHLO me\nS: 250-x\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go"
    assert steps(listed)[-1].offered
    assert not steps(OPENED + "C: STARTTLS\nS: 220 go")[-1].offered


def test_a_client_that_spoke_before_the_greeting_is_known():
    assert replay("C: EHLO me\nS: 220 x\nS: 250 x").early
    assert not replay(OPENED).early


def test_a_mechanism_that_was_refused_at_once_is_a_command_like_any_other():
    [*_, login] = steps(OPENED + "C: auth FROB\nS: 504 no")
    assert login == ReplayStep(StepKind.COMMAND, b"auth FROB", (504,))
    [*_, alone] = steps(OPENED + "C: AUTH\nS: 501 no")
    assert alone == ReplayStep(StepKind.COMMAND, b"AUTH", (501,))


def test_a_secret_that_turns_up_elsewhere_is_masked():
    found = replay(OPENED + LOGIN + "C: VRFY wonderland\nS: 252 no")
    assert found.masked
    assert found.steps[-1].data == b"VRFY ********"
    assert not replay(OPENED + LOGIN).masked


def test_what_is_no_line_is_raw():
    talk = observe(OPENED)
    talk.feed(CLIENT, b"NOOP\n", 50.0)
    talk.feed(SERVER, b"250 ok\r\n", 51.0)
    talk.feed(CLIENT, b"VRFY a\rb\r\nhalf", 52.0)
    talk.flush(CLIENT, 53.0)
    assert replay(talk).steps[1:] == [
        ReplayStep(StepKind.RAW, b"NOOP\n", (250,)),
        ReplayStep(StepKind.RAW, b"VRFY a\rb\r\nhalf", ()),
    ]


@pytest.mark.parametrize(
    ("settings", "verified"),
    [
        (None, True),
        (TlsSettings(ca_file="ca.pem"), True),
        (TlsSettings(verify=False), False),
        (TlsSettings(pinned="00" * 32), False),
    ],
)
def test_whether_a_ca_vouches_for_the_certificate(settings: TlsSettings | None, verified: bool):
    assert replay(OPENED).with_tls(settings).verified is verified


def test_the_files_of_tls_are_found_from_any_folder(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HOME", "/home/alice")
    tls = replay(OPENED).with_tls(TlsSettings(ca_file="~/ca.pem", certfile="own.pem")).tls
    assert tls.ca_file == "/home/alice/ca.pem"
    assert tls.certfile == tls.keyfile == os.path.abspath("own.pem")


# What is planned


def planned(*lines: bytes) -> list[Planned]:
    return [Planned(line.split(None, 1)[0].decode(), "", line + b"\r\n") for line in lines]


def test_a_plan_goes_on_from_where_the_conversation_is():
    talk = observe(OPENED)
    steps = planned(b"MAIL FROM:<a@b>", b"RCPT TO:<c@d>", b"DATA")
    steps.append(Planned(".", "", b".x\r\n.\r\n"))
    found = replay_of(talk.transcript, None, "x", planned=steps, content=Content(b".x\n" * 3))
    assert found.steps[1:] == [
        ReplayStep(StepKind.COMMAND, b"MAIL FROM:<a@b>", (250,)),
        ReplayStep(StepKind.COMMAND, b"RCPT TO:<c@d>", (250,)),
        ReplayStep(StepKind.MESSAGE, b".x\r\n.x\r\n.x\r\n", (250,)),
    ]


def test_a_planned_login_and_handshake_are_one_deed_each():
    steps = [
        *planned(b"STARTTLS"),
        Planned("TLS", "the TLS handshake"),
        *planned(b"EHLO me", b"AUTH SCRAM-SHA-256 biws"),
        Planned("(auth)", "", b"xyz\r\n"),
    ]
    found = replay_of(observe(OPENED).transcript, None, "x", planned=steps, user="alice")
    assert found.steps[1:-1] == [
        ReplayStep(StepKind.COMMAND, b"STARTTLS", (220,)),
        ReplayStep(StepKind.COMMAND, b"EHLO me", (250,)),
    ]
    login = found.steps[-1]
    assert login[:5] == (StepKind.LOGIN, b"SCRAM-SHA-256", (235,), "alice", 3)
    assert [line.codes for line in login.lines] == [(334,), (334,), (235,)]
    assert login.secret == "PASSWORD"


def test_planned_chunks_are_the_whole_message():
    head = b"BDAT 3 LAST\r\nx\r\n"
    steps = [Planned("BDAT LAST", "", head), Planned("BDAT LAST", "", head)]
    found = replay_of(
        observe(OPENED).transcript, None, "x", planned=steps, content=Content(b"y\n" * 9)
    )
    assert found.steps[1:] == [ReplayStep(StepKind.CHUNK, b"y\r\n" * 9, (250,), last=True)]
