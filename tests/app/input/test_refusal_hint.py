"""After a refusal, the hint explains it in a few words, and says what can be done now."""

from __future__ import annotations

import pytest
from heloscope.app.input.hints import Said, empty_hint
from heloscope.app.input.refusal_hint import Refusal
from heloscope.session.protocol.states import State
from support.rows import for_each
from support.stage import NARROW, Stage

ALL = ("STARTTLS", "AUTH", "HELP")
GREETED, READY, MAIL, RCPT = State.GREETED, State.READY, State.MAIL, State.RCPT


@for_each(
    [
        (502, "EHLO", GREETED, "HELO me greets without extensions"),
        (503, "MAIL", GREETED, "Try EHLO me: it asks what the server can do"),
        (454, "STARTTLS", READY, "Repeat it later; MAIL FROM:<...> begins a message without TLS"),
        (502, "STARTTLS", READY, "MAIL FROM:<...> begins a message without TLS"),
        (530, "MAIL", READY, "STARTTLS comes first, then EHLO again"),
        (550, "MAIL", READY, "MAIL FROM:<...> names another sender; "),
        (501, "MAIL", READY, "The syntax is MAIL FROM:<you@example.org>"),
        (501, "RCPT", MAIL, "The syntax is RCPT TO:<...>; RSET aborts the transaction"),
        (501, "RCPT", RCPT, "The syntax is RCPT TO:<...>; DATA sends to those accepted"),
        (503, "RCPT", READY, "MAIL FROM:<...> begins a message"),
        (503, "DATA", READY, "MAIL FROM:<...> begins a message"),
        (550, "RCPT", MAIL, "RCPT TO:<...> names another; RSET aborts the transaction"),
        (550, "RCPT", RCPT, "RCPT TO:<...> names another; DATA sends to those accepted"),
        (451, "MAIL", READY, "Repeat it later; MAIL FROM:<...> names another sender"),
        (450, "RCPT", MAIL, "Repeat it later; RSET aborts the transaction"),
        (452, "RCPT", RCPT, "Repeat it later; DATA sends to those accepted"),
        (454, "AUTH", READY, ":login tries again later"),
        (451, "DATA", RCPT, "DATA tries again; RSET aborts the transaction"),
        (504, "AUTH", READY, ":login tries the mechanisms that are offered"),
        (500, "XFOO", READY, "HELP lists the commands. STARTTLS switches to TLS; "),
        (550, "VRFY", READY, "STARTTLS switches to TLS; "),
        (552, ".", READY, "STARTTLS switches to TLS; "),
    ]
)
def test_the_hint_leads_on_from_each_command_that_was_refused(
    code: int, verb: str, state: State, wanted: str
) -> None:
    said = Said(
        frozenset({verb}), ALL, refused=Refusal(code, verb, "refused permanently: no reason")
    )
    found = empty_hint(state, connected=True, practice=False, said=said)
    assert found.warning == f"{code}: no reason"
    assert found.summary.startswith(wanted)
    assert found.more == "F3 explains why"


def test_where_another_command_is_at_fault_that_one_is_named() -> None:
    title = "refused permanently: the EHLO name is not a full host name"
    advice = "Send EHLO again with the client's full name, or with its address in brackets."
    said = Said(offered=ALL, refused=Refusal(504, "RCPT", title, advice))
    found = empty_hint(MAIL, connected=True, practice=False, said=said)
    assert found.summary == "Send EHLO again with the client's full name"


def test_inside_tls_530_asks_for_a_login() -> None:
    said = Said(offered=ALL, tls=True, refused=Refusal(530, "MAIL", "refused permanently: log in"))
    found = empty_hint(READY, connected=True, practice=False, said=said)
    assert found.summary == ":login comes first"


def test_an_lmtp_server_that_refuses_ehlo_wants_lhlo() -> None:
    said = Said(refused=Refusal(500, "EHLO", "refused permanently: no such command"))
    found = empty_hint(GREETED, connected=True, practice=False, lmtp=True, said=said)
    assert found.summary == "Try LHLO me: it asks what the server can do"


@pytest.mark.parametrize("state", [State.DATA, State.CLOSING, State.AUTH])
def test_where_the_server_waits_for_something_the_hint_says_for_what(state: State) -> None:
    said = Said(offered=ALL, refused=Refusal(500, "X", "refused permanently: no such command"))
    found = empty_hint(state, connected=True, practice=False, said=said)
    assert found == empty_hint(state, connected=True, practice=False)


async def test_a_refusal_is_told_until_the_next_reply() -> None:
    async with Stage().run() as stage:
        await stage.type("EHLO me", "DATA")
        assert stage.hint == (
            "503: MAIL must come first   MAIL FROM:<...> begins a message   F3 explains why"
        )
        await stage.type("NOOP")
        assert stage.hint.startswith("Try VRFY alice")
        await stage.type("VRFY nobody")
        assert "550: no such user" in stage.hint
        assert "MAIL FROM:<you@example.org> begins a message" in stage.hint
        await stage.type("MAIL FROM:<you@example.org>", "RCPT TO:<nobody@practice.test>")
        assert "RCPT TO:<alice@practice.test> names another" in stage.hint


async def test_on_a_narrow_screen_the_next_step_is_seen_beside_what_the_refusal_means() -> None:
    async with Stage().run(NARROW) as stage:
        await stage.type("EHLO me", "MAIL FROM:<you@example.org>", "MAIL FROM bob")
        assert stage.hint == (
            "501: the command is not w…   RCPT TO:<alice@practice.test> names a recipient"
        )
        await stage.type("RSET", "XYZ")
        assert stage.hint == "500: no such command   HELP lists the commands   F3 explains why"
