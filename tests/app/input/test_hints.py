"""The hint leads the user on: one thing at a time, in the order in which SMTP is learnt."""

from __future__ import annotations

from heloscope.app.input.hints import Said, empty_hint
from heloscope.session.protocol.states import State
from support.stage import Stage


def hint(said: Said, *, practice: bool = False, delivered: bool = False) -> str:
    return empty_hint(
        State.READY, connected=True, practice=practice, delivered=delivered, said=said
    ).summary


MAIL = frozenset({"EHLO", "MAIL"})


def test_a_server_of_ones_own_is_asked_for_tls_and_login_before_mail():
    both = ("STARTTLS", "AUTH", "SIZE")
    begins = "MAIL FROM:<...> begins a message"
    assert hint(Said(offered=both)) == f"STARTTLS switches to TLS; {begins}; also try VRFY and HELP"
    assert hint(Said(offered=both, tls=True)) == f":login logs in; {begins}; also try VRFY and HELP"
    assert hint(Said(offered=("SIZE",))) == f"{begins}; also try VRFY and HELP"
    last = ":send steps through a whole delivery; QUIT ends the session"
    assert hint(Said(MAIL, both, tls=True, authenticated=True)) == last


def test_between_two_messages_the_way_to_the_draft_is_told():
    found = empty_hint(State.READY, connected=True, practice=True, draft=True)
    assert found.summary == (
        "The draft is kept: after MAIL FROM:<...> and RCPT TO:<...>, DATA opens it"
    )


def test_after_a_refused_login_the_hint_says_what_goes_on():
    def after(*, practice: bool) -> tuple[str, str]:
        said = Said(MAIL, ("AUTH",), tls=True, login_refused=True)
        found = empty_hint(
            State.READY, connected=True, practice=practice, delivered=True, said=said
        )
        return found.warning, found.summary

    again = "F3 explains why; :login alice tries again (password: wonderland)"
    assert after(practice=True) == ("login refused", again)
    assert after(practice=False) == ("login refused", "F3 explains why; :login tries again")


def test_no_practice_mailbox_is_named_to_a_foreign_server():
    mail = empty_hint(State.MAIL, connected=True, practice=False).summary
    assert mail == "RCPT TO:<...> names a recipient; RSET aborts the transaction"
    mail = empty_hint(State.MAIL, connected=True, practice=True).summary
    assert mail == "RCPT TO:<alice@practice.test> names a recipient; RSET aborts the transaction"


async def test_on_the_practice_server_one_learns_everything_by_typing_what_it_suggests():
    async with Stage().run() as stage:
        seen: list[str] = []
        for line in (
            "EHLO me", "VRFY alice", "MAIL FROM:<you@example.org>", "RCPT TO:<alice@practice.test>",
            "DATA", "", "NOOP", "STARTTLS", "EHLO me", ":login alice",
        ):  # fmt: skip
            await stage.settle()
            seen.append(stage.hint)
            if line == ":login alice":
                break
            if not line:
                await stage.press("h", "i", "enter", ".", "enter")
                await stage.until(lambda: stage.main.sender.delivered)
                continue
            await stage.type(line)
            if line == "STARTTLS":
                await stage.until(lambda: stage.session.tls)
        for text, line in zip(
            seen,
            ["EHLO me", "VRFY alice", "MAIL FROM:<you@example.org>", "RCPT TO:<alice@practice",
             "DATA", "a line with only a dot", "F4", "STARTTLS", "EHLO me", ":login alice"],
            strict=True,
        ):  # fmt: skip
            assert line in text, (line, text)
