"""What a conversation learns: secrets in AUTH, keywords in EHLO, and what TLS makes it discard."""

from __future__ import annotations

from heloscope.session.events import (
    ExtensionsChanged,
    TlsStarted,
)
from heloscope.session.protocol.states import State
from support.scripts import OPENED, kinds, observe, replies, violations


def test_auth_takes_a_response_after_each_334_and_all_of_it_is_secret():
    talk = observe(
        OPENED
        + """
        C: AUTH LOGIN
        S: 334 VXNlcm5hbWU6
        C: YWxpY2U=
        S: 334 UGFzc3dvcmQ6
        C: d29uZGVybGFuZA==
        S: 235 2.7.0 welcome
        C: NOOP wonderland
        S: 250 wonderland it was
    """
    )
    assert talk.authenticated
    assert kinds(talk)[-8:] == "CRARARCR"
    shown = b"".join(talk.transcript.masked(row) for row in range(len(talk.transcript)))
    assert b"d29uZGVybGFuZA" not in shown
    assert b"wonderland" not in shown
    assert b"AUTH LOGIN\r\n" in shown


def test_an_initial_response_is_masked_and_its_verb_and_mechanism_are_not():
    talk = observe(OPENED + "    C: AUTH PLAIN AGFsaWNlAHdvbmRlcmxhbmQ=")
    assert talk.transcript.masked(4) == b"AUTH PLAIN ********************************\r\n"
    assert "AGFsaWNl" not in repr(talk.transcript[4])
    assert talk.transcript[4].data == b"AUTH PLAIN AGFsaWNlAHdvbmRlcmxhbmQ=\r\n"


def test_what_follows_auth_is_a_command_again_when_auth_is_refused():
    talk = observe(
        OPENED
        + """
        C: AUTH PLAIN AGFsaWNlAHdvbmRlcmxhbmQ=
        C: NOOP
        S: 535 5.7.8 no
        S: 250 ok
    """
    )
    assert [r.verb for r in replies(talk)][-2:] == ["AUTH", "NOOP"]
    assert talk.state is State.READY


def test_a_password_that_is_sent_as_a_command_after_auth_was_refused_is_secret():
    talk = observe(
        OPENED
        + """
        C: AUTH LOGIN
        S: 504 5.5.4 not here
        C: alice
        S: 500 what is ALICE?
        C: looking!glass
        S: 500 what is LOOKING!GLASS?
        C: VRFY alice
        S: 252 alice
        C: HLEP
        S: 500 what is HLEP?
    """
    )
    shown = b"".join(talk.transcript.masked(row) for row in range(5, len(talk.transcript)))
    assert shown.split(b"\r\n")[:-1] == [
        b"504 5.5.4 not here", b"********", b"500 what is ALICE?", b"****************",
        b"500 what is ********?", b"VRFY alice", b"252 alice", b"HLEP", b"500 what is HLEP?",
    ]  # fmt: skip


def test_a_word_after_a_login_is_a_command():
    talk = observe(
        OPENED + "    C: AUTH PLAIN AGFsaWNlAHdvbmRlcmxhbmQ=\n    S: 235 ok\n    C: HLEP"
    )
    assert talk.transcript.masked(len(talk.transcript) - 1) == b"HLEP\r\n"


def test_ehlo_keywords_are_learnt_and_what_changed_is_reported():
    talk = observe(
        """
        S: 220 x
        C: EHLO me
        S: 250-server
        S: 250-size 1000
        S: 250-AUTH=LOGIN PLAIN
        S: 250 DSN
        C: EHLO me
        S: 250-server
        S: 250-SIZE 2000
        S: 250 CHUNKING
        """
    )
    learnt = [e for e in talk.transcript.events() if isinstance(e, ExtensionsChanged)]
    assert learnt[0].keywords is not None
    assert learnt[0].keywords["SIZE"] == ("1000",)
    assert learnt[0].keywords["AUTH"] == ("LOGIN", "PLAIN")
    assert learnt[1].added == ("CHUNKING",)
    assert set(learnt[1].removed) == {"AUTH=LOGIN", "AUTH", "DSN"}
    assert learnt[1].changed == ("SIZE",)
    assert talk.has_extn("chunking")
    assert not talk.has_extn("dsn")


def test_helo_leaves_no_extensions():
    talk = observe(OPENED + "    C: HELO me\n    S: 250 server")
    assert talk.keywords is None
    assert talk.greeted_with == "HELO"


def test_after_tls_began_everything_is_forgotten():
    talk = observe(OPENED + "    C: STARTTLS\n    S: 220 go\n    S: 250 PIPELINING")
    assert talk.transcript[6].injected
    assert violations(talk)[-1] == "injected"
    talk.note(TlsStarted(9.0, "TLSv1.3", "AES"))
    assert talk.state is State.GREETED
    assert talk.keywords is None
    observe("C: EHLO me\nS: 250 server", talk)
    assert talk.state is State.READY
    assert talk.transcript[7].tls
