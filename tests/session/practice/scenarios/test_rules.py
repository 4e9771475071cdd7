"""The rules of a scenario: when they apply, and what the server does then, over a real socket."""

from __future__ import annotations

import asyncio

import pytest
from heloscope.session.practice.scenarios.rules import MOST_COUNTS, RuleBook, Situation
from heloscope.session.practice.scenarios.table import read_text
from support.practice_server import Client, practising
from support.practice_talk import play_on

TO = "C: RCPT TO:<{}@practice.test>\n"
OPENED = """
S: 220
C: EHLO me.example
S: 250
C: MAIL FROM:<a@client.example>
S: 250
"""


async def played(rules: str, script: str) -> None:
    """Play a conversation with a server that follows these rules, at a thousandfold speed."""
    async with practising() as server:
        server.use(read_text("clock = 1000\n" + rules))
        await play_on(server, script)


async def test_a_rule_applies_to_one_address_and_not_to_others():
    await played(
        '[[rule]]\non = "RCPT"\naddress = "bob@*"\nreply = "450 4.2.1 {address} is busy"',
        OPENED + TO.format("bob") + "S: 450 4.2.1 bob@practice.test is busy\n"
        + TO.format("alice") + "S: 250",
    )  # fmt: skip


async def test_the_order_of_commands_is_examined_before_a_rule_unless_it_comes_first():
    rule = '[[rule]]\non = "RCPT"\nreply = "450 4.2.1 later"\n'
    await played(rule, "S: 220\n" + TO.format("bob") + "S: 503")
    await played(rule + "first = true", "S: 220\n" + TO.format("bob") + "S: 450")


@pytest.mark.parametrize(
    ("when", "codes"),
    [
        ("nth = 2", "250 450 250 250"),
        ("times = 2", "450 450 250 250"),
        ("after = 1", "250 450 450 450"),
        ("after = 1\ntimes = 1", "250 450 250 250"),
        ("share = 0.0", "250 250 250 250"),
        ("more-than = 3\nwithin = 3600", "250 250 250 450"),
        ("more-than = 3\nwithin = 0.01", "250 250 250 250"),
    ],
)
async def test_a_rule_applies_at_certain_times(when: str, codes: str):
    script = "S: 220\n" + "\n".join(f"C: NOOP\nS: {code}" for code in codes.split())
    await played(f'[[rule]]\non = "NOOP"\nreply = "450 4.0.0 no"\n{when}', script)


async def test_times_are_counted_for_each_address_or_connection():
    each = '[[rule]]\non = "RCPT"\nreply = "451 4.7.1 no"\ntimes = 1\neach = "{}"'
    first = TO.format("bob") + "S: 451\n" + TO.format("bob") + "S: 250\n"
    async with practising() as server:
        server.use(read_text(each.format("address")))
        await play_on(server, OPENED + first + TO.format("alice") + "S: 451\n")
        await play_on(server, OPENED + TO.format("bob") + "S: 250\n")
        server.use(read_text(each.format("connection")))
        for _ in range(2):
            await play_on(server, OPENED + first + TO.format("alice") + "S: 250\n")


async def test_a_share_of_the_times_is_the_same_for_the_same_seed():
    def chosen(seed: int) -> list[bool]:
        text = f'seed = {seed}\n[[rule]]\non = "NOOP"\nreply = "450"\nshare = 0.5'
        book = RuleBook(read_text(text), clock=lambda: 0.0)
        return [book.find(Situation("NOOP")) is not None for _ in range(100)]

    assert chosen(1) == chosen(1) != chosen(2)
    assert 30 < sum(chosen(1)) < 70


def test_the_counts_of_single_addresses_are_bounded():
    book = RuleBook(
        read_text('[[rule]]\non = "RCPT"\nreply = "450"\neach = "address"\ntimes = 1'), lambda: 0.0
    )
    for number in range(MOST_COUNTS + 5):
        assert book.find(Situation("RCPT", address=f"{number}@x"), checked=True) is not None
    assert len(book._counts) == MOST_COUNTS


async def test_what_a_rule_does_apart_from_a_reply():
    await played(
        '[[rule]]\non = "NOOP"\nsilent = true', "S: 220\nC: NOOP\nC: RSET\nS: 250 2.0.0 Tr"
    )
    await played('[[rule]]\non = "NOOP"\nclose = true', "S: 220\nC: NOOP\nEND")
    await played(
        '[[rule]]\non = "NOOP"\nreply = "421 4.3.2 bye"\nclose = true',
        "S: 220\nC: NOOP\nS: 421\nEND",
    )
    await played(
        '[[rule]]\non = "*"\nbut = ["NOOP"]\nreply = "550 {verb}"',
        "S: 220\nC: FROB\nS: 550 FROB\nC: NOOP\nS: 250",
    )


async def test_a_reset_is_seen_by_the_client():
    async with practising() as server:
        server.use(read_text('[[rule]]\non = "NOOP"\nreset = true'))
        reader, writer = await asyncio.open_connection(server.host, server.port)
        await reader.readline()
        writer.write(b"NOOP\r\n")
        with pytest.raises(ConnectionResetError):
            await reader.readline()
        writer.close()


async def test_a_reply_is_cut_in_pieces():
    async with practising() as server:
        server.use(
            read_text('[[rule]]\non = "NOOP"\npieces = [1, 4]\ngap = 0.02\ncarry-out = true')
        )
        reader, writer = await asyncio.open_connection(server.host, server.port)
        client = Client(reader, writer)
        await client.reply()
        await client.send(b"NOOP\r\n")
        pieces = [await reader.read(100) for _ in range(3)]
        assert pieces == [b"2", b"50 2", b".0.0 OK\r\n"]
        await client.close()


async def test_what_a_client_said_is_repeated_without_control_characters():
    async with practising() as server:
        server.use(read_text('[[rule]]\non = "VRFY"\nreply = "550 <{hello}>"'))
        reader, writer = await asyncio.open_connection(server.host, server.port)
        client = Client(reader, writer)
        await client.reply()
        await client.say(b"EHLO a\x1b[2Jb")
        assert await client.say("VRFY x") == [b"550 <a\\x1b[2Jb>"]
        await client.close()
