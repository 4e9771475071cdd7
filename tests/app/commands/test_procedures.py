"""Every procedure, started with an order or from the list, from its first step to its last."""

from __future__ import annotations

from pathlib import Path
from smtplib import SMTPConnectError, SMTPRecipientsRefused

import pytest
from heloscope.app.actions import ACTIONS, BY_LETTER
from heloscope.app.dialogs.connect import ConnectScreen
from heloscope.app.dialogs.login import LoginScreen
from heloscope.app.dialogs.procedures import ProceduresScreen
from heloscope.app.dialogs.send import SendScreen
from heloscope.app.plan.outcome import outcome, words_of_error
from heloscope.session.procedures.probe import Offers
from support.rows import for_each
from support.stage import Stage


async def taken(stage: Stage) -> None:
    await stage.until(lambda: not stage.main.plan.status.busy)
    await stage.settle()


async def begun(stage: Stage, order: str, *keys: str) -> None:
    """Type an order and the keys that answer its dialog, and wait for its plan."""
    await stage.put(order)
    await stage.settle()
    await stage.press(*keys)
    await taken(stage)


async def stepped(stage: Stage) -> list[str]:
    """Step to the end, and return the verbs of the steps."""
    verbs: list[str] = []
    while stage.main.plan.status.next is not None:
        verbs.append(stage.main.plan.status.next.verb)
        before = stage.sent
        assert len(verbs) < 30, verbs
        await stage.press("f10")
        await taken(stage)
        assert stage.sent != before or verbs[-1] == "TLS"
    return verbs


LETTER = b"From: you@example.org\r\nTo: alice@practice.test\r\n\r\n.dot\r\n.\r\nend\r\n"
ALICE = (*"alice", "enter", *"wonderland", "enter")
STEPS = {
    ":hello": ((), ["EHLO"]),
    ":starttls": ((), ["EHLO", "STARTTLS", "TLS"]),
    ":verify alice": ((), ["VRFY"]),
    ":expn friends": ((), ["EXPN"]),
    ":check <> alice@practice.test,x@practice.test": (
        (), ["EHLO", "MAIL", "RCPT", "RCPT", "RSET"],
    ),
    ":probe": (
        (),
        ["EHLO", "STARTTLS", "TLS", "EHLO", "VRFY", "VRFY", "EXPN", "HELP", "RSET", "RSET", "NOOP"],
    ),
}  # fmt: skip
AFTER_EHLO = {
    ":login": (ALICE, ["AUTH", "(auth)", "(auth)"]),
    ":login alice": ((*"wonderland", "enter"), ["AUTH", "(auth)", "(auth)"]),
    ":auth cram-md5": (ALICE, ["AUTH", "(auth)"]),
    ":send": (
        (*"a@b.example", "enter", *"alice@practice.test", "ctrl+d"), ["MAIL", "RCPT", "DATA", "."],
    ),
    ":send FILE": ((), ["MAIL", "RCPT", "DATA", "."]),
}  # fmt: skip


@pytest.mark.parametrize("order", STEPS)
async def test_it_is_stepped_from_its_first_step_to_its_last(order: str):
    keys, verbs = STEPS[order]
    async with Stage().run() as stage:
        await begun(stage, order, *keys)
        assert stage.sent == b""
        assert await stepped(stage) == verbs
        assert stage.main.plan.status.end() and "error" not in stage.main.plan.status.end()


@pytest.mark.parametrize("order", AFTER_EHLO)
async def test_behind_ehlo_it_is_stepped_from_its_first_step_to_its_last(
    order: str, tmp_path: Path
):
    keys, verbs = AFTER_EHLO[order]
    (tmp_path / "a letter.eml").write_bytes(LETTER)
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await begun(stage, order.replace("FILE", f"'{tmp_path}/a letter.eml'"), *keys)
        assert stage.sent == b"EHLO me\r\n"
        assert await stepped(stage) == verbs
        assert stage.main.plan.status.end() == "Done."
        if "FILE" in order:
            assert stage.practice.mailboxes.of["alice"][0].content == LETTER
        assert "wonderland" not in stage.screen


async def test_a_probe_says_what_differs():
    async with Stage().run() as stage:
        await begun(stage, ":probe")
        await stage.press("f5")
        await taken(stage)
        said = " ".join(stage.seen("#facts").replace("│", " ").split())
        assert "with TLS" in said and "Different with TLS: AUTH." in said


# The list


async def test_the_list_has_every_procedure_and_takes_its_letter():
    assert {order.name for order in BY_LETTER.values()} == {
        "dial", "hello", "starttls", "login", "auth", "verify", "expn", "check", "send", "probe",
    }  # fmt: skip
    assert len(BY_LETTER) == sum(bool(order.letter) for order in ACTIONS.values())
    async with Stage().run((80, 24)) as stage:
        await stage.type("EHLO me")
        screens = {"dial": ConnectScreen, "login": LoginScreen, "send": SendScreen,
                   "check": SendScreen}  # fmt: skip
        for number, (letter, order) in enumerate(BY_LETTER.items()):
            await stage.press("f12" if number % 2 else "ctrl+l")
            assert isinstance(stage.app.screen, ProceduresScreen)
            assert f"{letter}  :{order.name}" in stage.screen
            await stage.press(letter)
            if order.name in screens:
                assert isinstance(stage.app.screen, screens[order.name])
                await stage.press("escape")
            elif order.argument and "[" not in order.argument:
                assert stage.composer.text == f":{order.name} "
                await stage.press("escape")
            else:
                await taken(stage)
                assert stage.main.plan.status.active
                await stage.press("ctrl+c")
                await taken(stage)
            assert stage.app.screen is stage.main
        assert stage.sent == b"EHLO me\r\n"


async def test_the_list_is_gone_through_with_the_arrows_and_left_with_esc():
    async with Stage().run() as stage:
        await stage.press("f12", "down", "enter")
        await taken(stage)
        assert stage.main.plan.status.title == "Greeting"
        await stage.press("f12", "escape")
        assert stage.app.screen is stage.main


# What is in the way


async def test_a_mechanism_that_is_not_offered_is_said():
    async with Stage().run() as stage:
        await stage.put(":auth GSSAPI")
        assert stage.notices[-1].startswith("Send EHLO first")
        await stage.type("EHLO me")
        await stage.put(":auth GSSAPI")
        assert stage.notices[-1].startswith("The server does not list GSSAPI. It lists ")
        await stage.put(":check a@b")
        assert (
            stage.notices[-1]
            == "A sender and recipients are needed. The syntax is :check FROM TO ..."
        )


async def test_completion_knows_mechanisms_addresses_and_paths(tmp_path: Path):
    (tmp_path / "letter.eml").write_bytes(LETTER)
    (tmp_path / "a folder").mkdir()
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        complete = stage.main.complete
        assert ":auth SCRAM-SHA-256" in complete(":auth SC")
        assert complete(":expn fr") == [":expn friends@practice.test"]
        assert complete(":check <> bo") == [":check <> bob@practice.test"]
        assert complete(f":send {tmp_path}/l") == [f":send {tmp_path}/letter.eml"]
        assert f":send {tmp_path}/a folder/" not in complete(f":send {tmp_path}/")
        assert complete(":send x.eml <> ca") == [":send x.eml <> carol@practice.test"]
        assert complete(":copy sw") == [":copy swaks", ":copy swaks plan"]


# How it came out, in words


@for_each(
    [
        ("sendmail", {}, "Done."),
        (
            "sendmail",
            {"a@b": (550, b"5.1.1 no\x1b")},
            "Done, but 1 recipient was refused: a@b: 550 5.1.1 no\\x1b.",
        ),
        ("check", {"a@b": (250, b"ok")}, "The recipient would be accepted. No message was sent."),
        ("check", {}, "Done: no recipient to check."),
        ("check", {f"{n}": (450, b"later.") for n in range(9)}, None),
        (
            "probe",
            Offers(),
            "The server does not support EHLO, so it offers no extensions. :findings explains it.",
        ),
        (
            "probe",
            Offers({"size": "1"}),
            ("Without TLS, it offers 1 extension. STARTTLS is not offered. :findings explains it."),
        ),
        (
            "probe",
            Offers({"starttls": ""}, refusal=(454, b"no")),
            (
                "Without TLS, it offers 1 extension. STARTTLS was refused: 454 no. "
                ":findings explains it."
            ),
        ),
        (
            "probe",
            Offers({"starttls": ""}),
            "Without TLS, it offers 1 extension. STARTTLS was skipped. :findings explains it.",
        ),
        (
            "probe",
            Offers(inside={}),
            "With TLS, it offers 0 extensions. TLS was already on. :findings explains it.",
        ),
        (
            "probe",
            Offers({"starttls": "", "size": ""}, {"size": ""}),
            (
                "It offers 2 extensions without TLS, 1 extension with TLS. "
                "Except for STARTTLS, they are the same. :findings explains it."
            ),
        ),
        ("hello", (250, b"x"), "Done."),
        ("expn", (550, b"5.7.1 no\x07"), "Refused: 550 5.7.1 no\\x07"),
    ]
)
def test_the_outcome_in_words(name: str, result: object, words: str | None):
    said = outcome(name, result)
    if words is None:
        assert said.startswith("0 of 9 would be accepted; refused: 0: 450 later. 1: 450 later.")
        assert said.endswith("7: 450 later. And 1 more. No message was sent.")
    else:
        assert said == words


@pytest.mark.parametrize(
    ("replies", "words"),
    [
        ({"a@b": (550, b"no")}, "the recipient was refused."),
        ({"a@b": (550, b"no"), "c@d": (450, b"no")}, "all 2 recipients were refused."),
        (
            {"a@b": (550, b"no"), "c@d": (421, b"too many errors")},
            "the server is closing the connection (421), and no recipient was accepted.",
        ),
    ],
)
def test_why_no_recipient_is_left(replies: dict[str, tuple[int, bytes]], words: str):
    assert words_of_error(SMTPRecipientsRefused(replies)) == words


async def test_an_answer_of_no_octet_is_a_row_of_words_too():
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await begun(stage, ":auth scram-sha-256", *ALICE)
        await stepped(stage)
        assert "✓ the answer to the challenge:" in stage.seen("#facts")


def test_a_line_without_a_reply_code_is_not_told_by_a_number():
    said = words_of_error(SMTPConnectError(-1, b"llo"))
    assert said == "the server answered with a line without a reply code."


async def test_a_recipient_that_is_no_address_is_refused_by_name():
    async with Stage().run() as stage:
        await begun(stage, ":check a@b.test c@d.test,nobody")
        assert stage.main.plan.status.next is None
        assert "nobody has no @" in stage.screen
