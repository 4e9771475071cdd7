"""The form for sending a message is filled in with keys only, and keeps its input."""

from __future__ import annotations

from pathlib import Path

import pytest
from heloscope.app.dialogs.send import SendScreen
from heloscope.session.procedures.samples import SAMPLES, Head
from support.stage import NARROW, WIDE, Stage, played
from textual import events
from textual.keys import _character_to_key

PLAIN_SERVER = """
    S: 220 mail.example.org ready
    C: EHLO
    S: 250-mail.example.org
    S: 250 DSN
    C: QUIT
"""


async def taken(stage: Stage) -> None:
    """Wait until the step in progress has been taken."""
    await stage.until(lambda: not stage.main.plan.status.busy)
    await stage.settle()


async def form(stage: Stage, order: str = ":send") -> None:
    await stage.type("EHLO me")
    await stage.put(order)
    await stage.until(lambda: isinstance(stage.app.screen, SendScreen))
    await stage.settle()


async def to_alice(stage: Stage, *then: str) -> None:
    """Type the sender and the recipient, then press these keys."""
    await stage.write("you@example.org")
    await stage.press("enter")
    await stage.write("alice@practice.test")
    await stage.press("enter", *then)


async def sent(stage: Stage) -> bytes:
    """Run the plan to its end, and return the message that arrived."""
    await stage.press("f5")
    await taken(stage)
    [message] = stage.practice.mailboxes.of["alice"]
    return message.content


async def test_a_message_is_typed_and_the_plan_is_shown_before_anything_is_sent():
    async with Stage().run() as stage:
        await form(stage)
        await to_alice(stage, "enter")
        assert stage.app.focused is not None and stage.app.focused.id == "text"
        await stage.press("ctrl+end")
        await stage.write(".dot")
        await stage.press("ctrl+d")
        await taken(stage)
        assert stage.app.screen is stage.main
        assert stage.sent == b"EHLO me\r\n"
        assert "▶ MAIL FROM:<you@example.org> SIZE=33" in stage.seen("#facts")
        assert await sent(stage) == b"Subject: A test\r\n\r\nHello.\r\n.dot\r\n"


async def test_what_was_typed_is_there_again_after_esc():
    async with Stage().run(NARROW) as stage:
        await form(stage)
        await to_alice(stage, "enter", "ctrl+end", *"More.", "escape")
        assert stage.app.screen is stage.main
        await form(stage)
        assert "you@example.org" in stage.screen
        assert "alice@practice.test" in stage.screen
        await stage.press("ctrl+d")
        await taken(stage)
        assert (await sent(stage)).endswith(b"Hello.\r\nMore.\r\n")


async def test_what_is_wrong_is_said_below_its_field():
    async with Stage().run(NARROW) as stage:
        await form(stage)
        await stage.press("ctrl+d")
        assert "Enter a sender address, or <> for none" in stage.screen
        assert "Enter recipients, separated by spaces or commas." in stage.screen
        assert stage.app.focused is not None and stage.app.focused.id == "from"
        await stage.write("<>")
        await stage.press("enter")
        await stage.write("Alice")
        await stage.press("ctrl+d")
        assert "Enter a sender" not in stage.screen
        assert "Alice has no @: an address is name@domain." in stage.screen
        assert stage.app.focused.id == "to"
        assert stage.sent == b"EHLO me\r\n"


async def test_ctrl_d_right_behind_an_address_comes_after_it():
    async with Stage().run() as stage:
        await form(stage)
        for key in [*"<>", "tab", *"alice@practice.test", "ctrl+d", "ctrl+d"]:
            name = _character_to_key(key) if len(key) == 1 else key
            stage.app.post_message(events.Key(name, key if len(key) == 1 else None))
        await stage.until(lambda: stage.app.screen is stage.main)
        await taken(stage)
        plan = [planned.data for planned in stage.main.plan.status.foreseen]
        assert plan[1] == b"RCPT TO:<alice@practice.test>\r\n"


async def test_keys_that_come_in_one_go_each_belong_to_the_field_that_they_lead_to():
    async with Stage().run() as stage:
        await form(stage)
        typed = [*"you@example.org", "tab", *"al", "right", *" bo", "right", "enter", "right",
                 "right", "tab", "right", "right", "right", "right"]  # fmt: skip
        for key in typed:
            name = _character_to_key(key) if len(key) == 1 else key
            stage.app.post_message(events.Key(name, key if len(key) == 1 else None))
        await stage.settle()
        await stage.press("ctrl+d")
        await taken(stage)
        plan = [planned.data for planned in stage.main.plan.status.foreseen]
        assert plan[0].startswith(b"MAIL FROM:<you@example.org> ")
        assert plan[1:3] == [
            b"RCPT TO:<alice@practice.test>\r\n",
            b"RCPT TO:<bob@practice.test>\r\n",
        ]
        assert b"Subject: Lines that begin with a dot" in plan[-1]


async def test_down_goes_round_the_addresses_that_may_be_meant():
    async with Stage(history=["MAIL FROM:<me@example.org>"]).run() as stage:
        await form(stage)
        await stage.press("down", "enter")
        await stage.write("b")
        await stage.press("right")
        await stage.write(" c")
        await stage.press("down", "ctrl+d")
        await taken(stage)
        plan = stage.seen("#facts")
        assert "MAIL FROM:<me@example.org>" in plan
        assert "RCPT TO:<bob@practice.test>" in plan
        assert "RCPT TO:<carol@practice.test>" in plan


@pytest.mark.parametrize("name", ["dots", "utf-8"])
async def test_a_sample_goes_out_with_what_it_needs_and_arrives_byte_for_byte(name: str):
    async with Stage().run() as stage:
        await form(stage)
        await to_alice(stage, "left", "enter", *["right"] * list(SAMPLES).index(name), "ctrl+d")
        await taken(stage)
        arrived = await sent(stage)
        utf8 = " BODY=8BITMIME SMTPUTF8" if name == "utf-8" else ""
        mail = f"C: MAIL FROM:<you@example.org> SIZE={len(arrived)}{utf8}"
        assert mail in stage.wire
        fields = dict(
            line.split(": ", 1) for line in arrived.partition(b"\r\n\r\n")[0].decode().split("\r\n")
        )
        head = Head(
            "you@example.org", ("alice@practice.test",), fields["Date"], fields["Message-ID"]
        )
        assert arrived == SAMPLES[name].build(head)


async def test_a_line_that_is_too_long_is_refused_and_the_plan_says_why():
    async with Stage().run() as stage:
        await form(stage)
        await to_alice(stage, "left", "enter", "left", "left", "ctrl+d")
        await taken(stage)
        await stage.press("f5")
        await taken(stage)
        said = " ".join(stage.seen("#facts").replace("│", " ").split())
        assert "500 5.6.0 A message line exceeds 1000 octets" in said
        assert stage.practice.mailboxes.of["alice"] == []


async def test_a_file_is_named_by_a_path_that_is_completed(tmp_path: Path):
    octets = b"From: <a@example.org>\r\nTo: alice@practice.test\r\n\r\n\xff.\r\n.\r\n"
    (tmp_path / "a letter.eml").write_bytes(octets)
    async with Stage().run() as stage:
        await form(stage)
        await stage.press("enter", "enter", "right", "enter")
        await stage.write(f"{tmp_path}/a")
        await stage.press("right", "ctrl+d")
        await taken(stage)
        assert "▶ MAIL FROM:<a@example.org>" in stage.seen("#facts")
        assert await sent(stage) == octets


REFUSING = """
    S: 220 mail.example.org ready
    C: EHLO
    S: 250-mail.example.org
    S: 250 SIZE 1000000
    C: MAIL
    S: 250 2.1.0 ok
    C: RCPT
    S: 250 2.1.5 ok
    C: DATA
    S: 354 go on
    C: From: a@example.org
    C: To: b@example.org
    C:
    C: win a prize
    C: .
    S: 554 5.7.1 Looks like spam
    C: RSET
    S: 250 2.0.0 ok
    C: QUIT
"""


async def test_why_a_server_refuses_a_file_is_found_by_stepping(tmp_path: Path):
    file = tmp_path / "prize.eml"
    file.write_bytes(b"From: a@example.org\r\nTo: b@example.org\r\n\r\nwin a prize\r\n")
    async with played(REFUSING).run() as stage:
        await form(stage)
        await stage.press("enter", "enter", "right", "enter", *str(file), "ctrl+d")
        await taken(stage)
        for _ in range(3):
            await stage.press("f10")
            await taken(stage)
        assert "554" not in stage.screen
        await stage.press("f10")
        await taken(stage)
        plan = " ".join(stage.seen("#facts").replace("│", " ").split())
        assert "▶ RSET" in plan
        assert "554 5.7.1 Looks like spam Refused permanently: classified as spam" in plan
        await stage.press("f10")
        await taken(stage)
        assert stage.main.plan.status.end() == ("The plan failed: 554 5.7.1 Looks like spam.")


async def test_a_file_that_cannot_be_read_is_said_in_the_form(tmp_path: Path):
    async with Stage().run(NARROW) as stage:
        await form(stage)
        await to_alice(stage, "right", "enter", *f"{tmp_path}/no.eml", "ctrl+d")
        said = " ".join(stage.screen.replace("│", " ").split())
        assert "File not found:" in said
        assert isinstance(stage.app.screen, SendScreen)


async def test_the_options_are_those_that_this_server_offers():
    async with played(PLAIN_SERVER).run(WIDE) as stage:
        await form(stage)
        for name in ("NOTIFY", "RET", "ENVID", "ORCPT"):
            assert stage.app.screen.query(f"#option-{name}")
        for name in ("SIZE", "BODY", "CHUNKING"):
            assert not stage.app.screen.query(f"#option-{name}")
        await stage.press("pagedown")
        assert "Not offered by this server: SIZE, 8BITMIME, SMTPUTF8, REQUIRETLS" in stage.screen


async def test_options_are_chosen_by_keys_and_said():
    async with played(PLAIN_SERVER).run(NARROW) as stage:
        await form(stage)
        await to_alice(stage, "left", "enter", "enter")
        await stage.press("right", "enter", "enter", "right", "enter")
        await stage.write("QQ=1")
        await stage.press("ctrl+d")
        await taken(stage)
        plan = [step.shown.decode().rstrip() for step in stage.main.plan.status.foreseen]
        assert plan[:2] == [
            "MAIL FROM:<you@example.org> RET=FULL ENVID=QQ+3D1",
            "RCPT TO:<alice@practice.test> NOTIFY=NEVER",
        ]


async def test_without_ehlo_it_says_that_options_are_not_known_yet():
    async with Stage().run(NARROW) as stage:
        await stage.put(":send")
        await stage.settle()
        await stage.press("pagedown")
        assert "What this server offers is unknown until EHLO is sent" in stage.screen
        await to_alice(stage, "ctrl+d")
        await taken(stage)
        assert stage.main.plan.status.next is not None
        assert stage.main.plan.status.next.verb == "EHLO"


async def test_check_asks_for_recipients_and_sends_nothing():
    async with Stage().run() as stage:
        await form(stage, ":check")
        assert not stage.app.screen.query("#source")
        await stage.write("<>")
        await stage.press("enter")
        await stage.write("alice@practice.test nobody@practice.test")
        await stage.press("ctrl+d")
        await taken(stage)
        await stage.press("f5")
        await taken(stage)
        said = " ".join(stage.seen("#facts").replace("│", " ").split())
        assert "1 of 2 would be accepted; refused: nobody@practice.test: 550" in said
        assert stage.wire[-2] == "C: RSET"
        assert b"DATA" not in stage.sent
