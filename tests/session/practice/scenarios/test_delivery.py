"""What happens to a message: trace fields, reports, the next server, false ends, LMTP."""

from __future__ import annotations

import asyncio
import email
import email.policy
from email.message import EmailMessage
from typing import cast

import pytest
from heloscope.session.practice.mailboxes import Mailboxes, Message
from heloscope.session.practice.scenarios.table import named, with_fields
from heloscope.session.practice.server import PracticeServer
from support.practice_server import practising, talking
from support.practice_talk import QUICK, play, play_on

FROM_ALICE = """
S: 220
C: EHLO me.example
S: 250
C: MAIL FROM:<alice@practice.test>{}
S: 250
"""
LETTER = "C: DATA\nS: 354\nC: Subject: hi\\r\\n\\r\\nhello\\r\\n.\nS: 250\n"


def to(name: str, parameters: str = "") -> str:
    return f"C: RCPT TO:<{name}@practice.test>{parameters}\nS: 250\n"


def parsed(message: Message) -> EmailMessage:
    return cast(EmailMessage, email.message_from_bytes(message.delivered, policy=email.policy.SMTP))


def only(server: PracticeServer, name: str = "alice") -> Message:
    [message] = server.mailboxes.of[name]
    return message


async def test_delivery_puts_return_path_and_received_on_top():
    server = await play("friendly", FROM_ALICE.format("") + to("bob") + LETTER)
    message = only(server, "bob")
    assert message.content == b"Subject: hi\r\n\r\nhello\r\n"
    assert message.delivered == (
        b"Return-Path: <alice@practice.test>\r\n"
        b"Received: from me.example ([127.0.0.1])\r\n"
        b" by practice.test with ESMTP id 1\r\n"
        b" for <bob@practice.test>;\r\n"
        b" Mon, 21 Sep 2026 14:13:20 +0000\r\n" + message.content
    )


@pytest.mark.parametrize(
    ("greeting", "protocol"), [("HELO x.example", "SMTP"), ("EHLO x.example", "ESMTP")]
)
async def test_received_names_the_protocol_but_not_several_recipients(greeting: str, protocol: str):
    script = f"S: 220\nC: {greeting}\nS: 250\nC: MAIL FROM:<>\nS: 250\n"
    server = await play("friendly", script + to("bob") + to("alice") + LETTER)
    trace = only(server).trace.decode()
    assert trace.startswith("Return-Path: <>\r\n")
    assert f" with {protocol} id 1;" in trace and " for <" not in trace


async def test_subscribers_learn_of_a_message_and_one_that_raises_does_no_harm(
    caplog: pytest.LogCaptureFixture,
):
    mailboxes, told = Mailboxes(), list[Message]()
    mailboxes.subscribe(lambda _: 1 / 0)
    end = mailboxes.subscribe(told.append)
    message = mailboxes.deliver(0.0, "me", "a@b.example", ("bob@practice.test",), (), b"x")
    end()
    mailboxes.deliver(0.0, "me", "a@b.example", ("bob@practice.test",), (), b"y")
    assert told == [message]
    assert "exception in a subscriber of the mailboxes" in caplog.text


async def test_the_result_of_spf_is_a_header():
    script = "S: 220\nC: EHLO me.example\nS: 250\nC: MAIL FROM:<you@post.example>\nS: 250\n"
    server = await play("spf", script + to("bob") + LETTER)
    assert parsed(only(server, "bob"))["Received-SPF"].startswith("pass (")
    server = await play("spf", script.replace("post", "else") + to("bob") + LETTER)
    assert parsed(only(server, "bob"))["Received-SPF"].startswith("none (")


# Reports


async def test_mail_to_late_is_accepted_and_a_report_comes_back():
    server = await play("bouncer", FROM_ALICE.format(" ENVID=q+2B1") + to("late") + LETTER)
    message = only(server)
    report = parsed(message)
    assert message.sender == "" and report["Return-Path"] == "<>"
    assert report["Auto-Submitted"] == "auto-replied"
    assert report.get_content_type() == "multipart/report"
    assert report.get_param("report-type") == "delivery-status"
    words, status, returned = list(report.iter_parts())
    assert "could not be delivered to <late@practice.test>" in words.get_content()
    whole, recipient = cast("list[EmailMessage]", status.get_payload())
    assert whole["Reporting-MTA"] == "dns; practice.test"
    assert whole["Original-Envelope-Id"] == "q+1"
    assert recipient["Final-Recipient"] == "rfc822; late@practice.test"
    assert (recipient["Action"], recipient["Status"]) == ("failed", "5.4.7")
    assert recipient["Diagnostic-Code"].startswith("smtp; 450 4.4.1")
    [original] = cast("list[EmailMessage]", returned.get_payload())
    assert (original["Subject"], original.get_payload()) == ("hi", "hello\r\n")


@pytest.mark.parametrize(
    ("mail", "rcpt", "name", "action"),
    [
        ("", "", "bob", ""),
        ("", " NOTIFY=NEVER", "late", ""),
        ("", " NOTIFY=SUCCESS", "late", ""),
        ("", " NOTIFY=FAILURE,DELAY", "late", "failed"),
        ("", " NOTIFY=SUCCESS ORCPT=rfc822;b+2Bx@a.example", "bob", "delivered"),
        (" RET=HDRS", "", "late", "failed"),
    ],
)
async def test_a_report_is_sent_as_it_was_asked_for(mail: str, rcpt: str, name: str, action: str):
    server = await play("bouncer", FROM_ALICE.format(mail) + to(name, rcpt) + LETTER)
    messages = [m for m in server.mailboxes.of["alice"] if m.sender == ""]
    assert len(messages) == bool(action)
    if action:
        _, status, returned = list(parsed(messages[0]).iter_parts())
        assert f"\nAction: {action}\n" in str(status).replace("\r", "")
        whole = action == "failed" and not mail
        wanted = "message/rfc822" if whole else "text/rfc822-headers"
        assert returned.get_content_type() == wanted
        assert ("hello" in str(returned)) == whole
        assert ("Original-Recipient: rfc822;b+x@a.example" in str(status)) == ("ORCPT" in rcpt)


async def test_no_report_is_sent_for_a_report_and_none_to_strangers():
    for sender in ("", "you@client.example"):
        script = f"S: 220\nC: EHLO me.example\nS: 250\nC: MAIL FROM:<{sender}>\nS: 250\n"
        server = await play("bouncer", script + to("late") + LETTER)
        assert not any(server.mailboxes.of.values())
        assert server.mailboxes._kept == 0


async def test_one_recipient_of_several_bounces_and_yes_man_regrets_later():
    server = await play("partial", FROM_ALICE.format("") + to("bob") + to("carol") + LETTER)
    assert only(server, "bob").sender == "alice@practice.test"
    assert server.mailboxes.of["carol"] == []
    assert "Final-Recipient: rfc822; carol@" in only(server).content.decode()
    server = await play("yes-man", FROM_ALICE.format("") + to("zzz9") + LETTER)
    assert "Status: 5.1.1" in only(server).content.decode()


# Octets


async def test_seven_bit_clears_the_high_bit_of_each_octet():
    text = "C: DATA\nS: 354\nC: Gr\\xc3\\xbc\\xc3\\x9fe\\r\\n.\nS: 250\n"
    server = await play("seven-bit", FROM_ALICE.format("") + to("bob") + text)
    assert only(server, "bob").content == b"GrC<C\x1fe\r\n"


SMUGGLED = (
    "C: DATA\nS: 354\nC: first{}MAIL FROM:<admin@practice.test>\\r\\nRCPT TO:<carol@practice.test>"
    "\\r\\nDATA\\r\\nsecond\\r\\n.\nS: 250\n"
)
ENDS = {"LF.LF": "\\n.\\n", "LF.CRLF": "\\n.\\r\\n", "CRLF.LF": "\\r\\n.\\n", "CR.CR": "\\r.\\r"}


@pytest.mark.parametrize("end", ENDS)
async def test_a_false_end_ends_the_message_at_a_lax_server_only(end: str):
    text = FROM_ALICE.format("") + to("bob") + SMUGGLED.format(ENDS[end])
    server = await play("exact-dot", text)
    assert server.mailboxes.of["carol"] == []
    assert b"second" in only(server, "bob").content
    server = await play(
        f"lax-dot:{end.lower().replace('.', '-')}", text + "S: 250\n" * 2 + "S: 354\nS: 250"
    )
    assert only(server, "bob").content.startswith(b"first")
    smuggled = only(server, "carol")
    assert (smuggled.sender, smuggled.content) == ("admin@practice.test", b"second\r\n")
    assert b"\r\nReceived-SPF: pass " in smuggled.trace
    others = [e for e in ENDS if e != end]
    server = await play(f"lax-dot:{others[0].lower().replace('.', '-')}", text)
    assert server.mailboxes.of["carol"] == []


async def test_cr_dot_cr_ends_a_message_though_nothing_comes_after_it():
    async with practising() as server:
        server.use("lax-dot:cr-cr")
        async with asyncio.timeout(10), talking(server, "EHLO me.example") as client:
            await client.say("MAIL FROM:<>", "RCPT TO:<bob@practice.test>", "DATA")
            await client.send(b"Hello\r\n\r.\r")
            assert (await client.reply())[0].startswith(b"250 2.0.0")
            assert await client.code("NOOP") == "250 2.0.0"
        assert only(server, "bob").content == b"Hello\r\n\r"


async def test_cr_dot_cr_lf_is_text_even_if_the_lf_comes_later():
    async with practising() as server:
        server.use("lax-dot:cr-cr")
        async with asyncio.timeout(10), talking(server, "EHLO me.example") as client:
            await client.say("MAIL FROM:<>", "RCPT TO:<bob@practice.test>", "DATA")
            await client.send(b"Hello\r.\r")
            await asyncio.sleep(0.02)
            await client.send(b"\nthere\r\n.\r\n")
            assert (await client.reply())[0].startswith(b"250 2.0.0")
        assert only(server, "bob").content == b"Hello\r.\r\nthere\r\n"


async def test_a_long_message_passes_a_lax_server_unchanged():
    async with practising() as server:
        server.use("lax-dot")
        async with talking(server, "EHLO me.example") as client:
            await client.say("MAIL FROM:<>", "RCPT TO:<bob@practice.test>", "DATA")
            body = (b"." + b"x" * 997 + b"\r\n") * 300
            assert await client.code(b"." + body.replace(b"\n.", b"\n..") + b".") == "250 2.0.0"
        assert only(server, "bob").content == body


@pytest.mark.parametrize(
    ("scenario", "carol", "reply"),
    [
        ("outbound", 0, "250 2.0.0 Passed on"),
        ("outbound:lax", 1, "250 2.0.0 Passed on; 4 more replies than expected"),
        ("outbound:mend", 0, "250 2.0.0 Passed on"),
        ("outbound:refuse", 0, "521 5.5.2"),
    ],
)
async def test_a_message_is_passed_on_to_the_second_server(scenario: str, carol: int, reply: str):
    text = SMUGGLED.format("\\n.\\r\\n").replace("S: 250\n", f"S: {reply}\n")
    server = await play(scenario, FROM_ALICE.format("") + to("bob") + text)
    assert len(server.mailboxes.of["carol"]) == carol
    assert len(server.mailboxes.of["bob"]) == (scenario != "outbound:refuse")
    if carol:
        assert only(server, "carol").helo == "out.practice.test"


async def test_what_the_second_server_refuses_is_reported_to_the_sender():
    async with practising() as server:
        server.use(with_fields(named("outbound"), {"next-hop": "no-mail", "clock": QUICK}))
        await play_on(server, FROM_ALICE.format("") + to("bob") + LETTER)
        assert "Diagnostic-Code: smtp; 503 5.5.1" in only(server).content.decode()


async def test_the_port_for_lmtp_speaks_it_whatever_the_scenario():
    async with practising() as server:
        await play_on(server, """
            S: 220 practice.test LMTP
            C: EHLO x.example
            S: 500
            C: LHLO x.example
            S: 250
            C: MAIL FROM:<>
            S: 250
            C: RCPT TO:<alice@practice.test>
            S: 250
            C: RCPT TO:<full@practice.test>
            S: 250
            C: BDAT 3 LAST\\r\\na\\r
            R: \\n
            S: 250
            S: 452 4.2.2
            C: QUIT
            S: 221
        """.replace("C: BDAT 3 LAST\\r\\na\\r\n            R: \\n", "C: BDAT 3 LAST\\r\\na"),
            server.lmtp_port)  # fmt: skip
        assert only(server).trace.decode().count(" with LMTP id 1") == 1


async def test_a_rule_on_the_end_is_answered_for_each_recipient_in_lmtp():
    script = "S: 220\nC: LHLO x.example\nS: 250\nC: MAIL FROM:<{}>\nS: 250\n" + to("bob") * 2
    refused = "C: DATA\nS: 354\nC: x\\r\\n.\nS: 550 5.7.1\nS: 550 5.7.1\nC: NOOP\nS: 250 2.0.0 OK"
    await play("spam", script.format("") + refused, lmtp=True)
    await play("friendly", script.format("dot550_5.7.1@x.example") + refused, lmtp=True)
