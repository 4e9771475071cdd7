"""What each scenario does on the wire, as conversations over a real socket."""

from __future__ import annotations

import asyncio

import pytest
from heloscope.session.practice.scenarios.table import SCENARIOS
from support.practice_talk import play
from support.rows import for_each

OPENED = """
S: 220
C: EHLO me.example
S: 250
C: MAIL FROM:<a@client.example>
S: 250
"""
READY = OPENED + "C: RCPT TO:<alice@practice.test>\nS: 250\n"

CONVERSATIONS = {
    "friendly": READY + "C: DATA\nS: 354\nC: hello\\r\\n.\nS: 250 2.0.0\nC: QUIT\nS: 221\nEND",
    "strict": """
        S: 220
        C: HELO my_host
        S: 501 5.5.2
        C: HELO [127.0.0.1]
        S: 501 5.5.2
        C: HELO a b c
        S: 501 5.5.4
        C: EHLO [127.0.0.1]
        S: 250
        C: EHLO [300.0.0.1]
        S: 501 5.5.2
        C: EHLO client.example
        S: 250
        R: NOOP\\n
        S: 500 5.5.2
        C: MAIL FROM: <a@client.example>
        S: 501 5.5.4
        C: MAIL FROM:a@client.example
        S: 501 5.1.7
        C: MAIL FROM:<a@my_host>
        S: 501 5.1.7
        C: MAIL FROM:<a@client.example> FOO=1
        S: 555 5.5.4
        C: RCPT TO:<alice@practice.test>
        S: 503
        C: MAIL FROM:<>
        S: 250
        C: RCPT TO:<alice>
        S: 501 5.1.3
        C: RCPT TO:<alice@practice.test>, <bob@practice.test>
        S: 501 5.1.3
        C: RCPT TO:<Postmaster>
        S: 250
        C: RSET now
        S: 501 5.5.4
        C: DATA now
        S: 501 5.5.4
        C: QUIT now
        S: 501 5.5.4
    """,
    "slow-greeting": "S: 220-practice.test\nS: 220-Wait\nS: 220 before\nC: NOOP\nS: 250",
    "many-lines": """
        S: 220-practice.test
        S: 220-
        S: 220 and
        C: NOOP
        S: 250-2.0.0 OK
        S: 250 2.0.0
        C: EHLO me.example
        S: 250-practice.test
        S: 250 HELP
    """,
    "busy": "S: 421 practice.test\nEND",
    "no-mail": "S: 554\nC: EHLO me.example\nS: 503 5.5.1\nC: NOOP\nS: 503\nC: QUIT\nS: 221\nEND",
    "never-mail": "S: 521\nC: EHLO me.example\nS: 521 5.3.2\nEND",
    "old": """
        S: 220
        C: ehlo me.example
        S: 502 Command not
        C: HELO me.example
        S: 250 practice.test
        C: MAIL FROM:<a@client.example> SIZE=100
        S: 501 Syntax
        C: MAIL FROM:<a@client.example>
        S: 250 Sender
        C: HELP
        S: 214-Commands
        S: 214 SEND
        C: STARTTLS
        S: 502
        C: BDAT 1
        S: 502
    """,
    "late-name": """
        S: 220
        C: EHLO laptop
        S: 250
        C: MAIL FROM:<a@client.example>
        S: 250 2.1.0
        C: RCPT TO:<alice@practice.test>
        S: 504 5.5.2 <laptop>: Helo
        C: RCPT TO:<bob@practice.test>
        S: 504 5.5.2 <laptop>: Helo
        C: RSET
        S: 250
        C: RCPT TO:<bob@practice.test>
        S: 503 5.5.1
        C: EHLO laptop.example
        S: 250
        C: MAIL FROM:<a@client.example>
        S: 250
        C: RCPT TO:<alice@practice.test>
        S: 250
    """,
    "private": """
        S: 220
        C: VRFY alice
        S: 252 2.0.0
        C: VRFY zzz9
        S: 252 2.0.0
        C: VRFY
        S: 501
        C: EXPN friends
        S: 250-
        S: 250
        C: HELP
        S: 214 2.0.0
    """,
    "private:no-expn": "S: 220\nC: VRFY zzz9\nS: 252\nC: EXPN friends\nS: 502 5.5.1",
    "postfix-like": """
        S: 220
        C: VRFY alice
        S: 252 2.0.0 alice
        C: VRFY <zzz9@practice.test>
        S: 550 5.1.1 <zzz9@practice.test>: Recipient
    """,
    "yes-man": OPENED + "C: RCPT TO:<x@practice.test>\nS: 250\nC: VRFY zzz9\nS: 250 2.1.5 <zzz9>",
    "open-relay": OPENED + "C: RCPT TO:<x@elsewhere.example>\nS: 250\n"
    "C: RCPT TO:<nobody@practice.test>\nS: 550 5.1.1\nC: DATA\nS: 354\nC: x\\r\\n.\n"
    "S: 250 2.0.0 Message 1 accepted",
    "never-greets": "C: NOOP",
    "spf": """
        S: 220
        C: EHLO me.example
        S: 250
        C: MAIL FROM:<boss@bank.example>
        S: 550 5.7.23
        C: MAIL FROM:<you@post.example>
        S: 250
    """,
    "codes": """
        S: 220
        C: EHLO me.example
        S: 250
        C: MAIL FROM:<r451.4.3.0@client.example>
        S: 451 4.3.0
        C: MAIL FROM:<a@client.example>
        S: 250
        C: RCPT TO:<r550.5.1.1@practice.test>
        S: 550 5.1.1
        C: RCPT TO:<r452@practice.test>
        S: 452
        C: RCPT TO:<r259@practice.test>
        S: 259
        C: DATA
        S: 354
        C: x\\r\\n.
        S: 250
        C: MAIL FROM:<a@client.example>
        S: 250
        C: RCPT TO:<r421.4.3.2@practice.test>
        S: 421 4.3.2
        END
    """,
    "codes:misleading": OPENED + "C: RCPT TO:<r550.5.1.1@practice.test>\nS: 550 5.1.1 OK",
    "odd": OPENED + """
        C: RCPT TO:<alice@practice.test>
        S: 259 2.1.5
        C: RCPT TO:<bob@practice.test>
        S: 457
        C: RCPT TO:<nobody@practice.test>
        S: 550
        C: DATA
        S: 354
    """,
    "full": OPENED + "C: RCPT TO:<full@practice.test>\nS: 452 4.2.2",
    "spam": OPENED + """
        C: RCPT TO:<anybody@practice.test>
        S: 250
        C: DATA
        S: 354
        C: x\\r\\n.
        S: 550 5.7.1
        C: RCPT TO:<alice@practice.test>
        S: 503
    """,
    "far": "S: 220\nC: EHLO me.example\nS: 250-SMTPUTF8\nS: 250-CHUNKING\nS: 250 HELP",
    "no-early-bird": """
        S: 220
        C: EHLO me.example
        S: 250
        C- MAIL FROM:<a@client.example>
        C: RCPT TO:<alice@practice.test>
        S: 250
        S: 250
        C: DATA
        S: 503 5.5.0
        C: RSET
        S: 250
        C: MAIL FROM:<a@client.example>
        S: 250
        C: RCPT TO:<alice@practice.test>
        S: 250
        C: DATA
        S: 354
    """,
    "data-anyway": OPENED + """
        C: RCPT TO:<nobody@practice.test>
        S: 550
        C: DATA
        S: 354
        C: .
        S: 250 2.0.0
    """,
    "forgetful": """
        S: 220
        C: EHLO me.example
        S: 250-PIPELINING
        S: 250 HELP
        C- MAIL FROM:<a@client.example>
        C- RCPT TO:<nobody@practice.test>
        C- RCPT TO:<alice@practice.test>
        C: DATA
        S: 250
        S: 550
        C: NOOP
        S: 250 2.0.0 OK
    """,
    "small": """
        S: 220
        C: EHLO me.example
        S: 250-SIZE 2000
        S: 250 HELP
        C: MAIL FROM:<a@client.example> SIZE=5000
        S: 552 5.3.4
        C: MAIL FROM:<a@client.example> SIZE=1500
        S: 250
        C: RCPT TO:<carol@practice.test>
        S: 552 5.2.3
        C: RCPT TO:<alice@practice.test>
        S: 250
        C: DATA
        S: 354
        C: """ + "x" * 900 + "\\r\\n" + "x" * 900 + "\\r\\n" + "x" * 900 + """\\r\\n.
        S: 552 5.3.4
    """,
    "small:tiny": """
        S: 220
        C: EHLO me.example
        S: 250-SIZE 200
        S: 250 HELP
        C: MAIL FROM:<a@client.example> SIZE=201
        S: 552 5.3.4
        C: MAIL FROM:<a@client.example> SIZE=200
        S: 250
        C: RCPT TO:<carol@practice.test>
        S: 552 5.2.3
    """,
    "ascii-only": """
        S: 220
        C: EHLO me.example
        S: 250
        C: MAIL FROM:<j\\xc3\\xb6rg@client.example>
        S: 550 5.6.7
        C: MAIL FROM:<j\\xc3\\xb6rg@client.example> SMTPUTF8
        S: 555 5.5.4
        C: MAIL FROM:<a@client.example>
        S: 250
        C: RCPT TO:<j\\xc3\\xb6rg@practice.test>
        S: 553 5.6.7
    """,
    "tls": "S: 220\nC: EHLO x.example\nS: 250-STARTTLS\nS: 250 HELP\nC: STARTTLS\nS: 220 2.0.0",
    "tls-first": """
        S: 220
        C: NOOP
        S: 250
        C: EHLO me.example
        S: 250-STARTTLS
        S: 250 HELP
        C: MAIL FROM:<a@client.example>
        S: 530 5.7.0
        C: HELO me.example
        S: 530
        C: STARTTLS
        S: 220
    """,
    "tls-later": "S: 220\nC: EHLO x.example\nS: 250\nC: STARTTLS\nS: 454 4.7.0\nC: NOOP\nS: 250",
    "tls-stripped": """
        S: 220
        C: EHLO me.example
        S: 250-DSN
        S: 250-AUTH PLAIN LOGIN
        S: 250 HELP
        C: STARTTLS
        S: 502
        C: AUTH PLAIN AGFsaWNlAHdvbmRlcmxhbmQ=
        S: 235
    """,
    "tls-masked": """
        S: 220 ****
        C: EHLO me.example
        S: 250-XXXXXXXA
        S: 250 HELP
        C: STARTTLS
        S: 500 5.5.1 Command unrecognized: "XXXXXXXX"
    """,
    "bare": "S: 220\nC: NOOP\nS: 250\nC: EHLO x.example\nS: 250-practice.test\nS: 250 HELP",
    "hang-up": OPENED + "C: RCPT TO:<alice@practice.test>\nS: 250\nEND",
    "hang-up:text": READY + "C: DATA\nS: 354\nR: 0123456789012345678901234\nEND",
    "hang-up:dot": READY + "C: DATA\nS: 354\nC: x\\r\\n.\nEND",
    "extra": "S: 220\nC: NOOP\nS: 250 2.0.0 OK\nS: 250 2.0.0 OK again\nC: RSET\nS: 250 2.0.0 Tr",
    "never-ends": "S: 220\nC: EHLO x.example\nC: NOOP\nS: 250-8BITMIME\nS: 250 2.0.0 OK",
    "tarpit": "S: 220\nC: NOOP\nS: 250",
    "dribble": "S: 220\nC: NOOP\nS: 250 2.0.0 OK",
    "bouncer": OPENED + "C: RCPT TO:<late@practice.test>\nS: 250\nC: DATA\nS: 354\n"
    "C: a\\r\\n.\nS: 250 2.0.0 Message 1 accepted",
    "partial": OPENED + "C: RCPT TO:<carol@practice.test>\nS: 250",
    "exact-dot:refuse": READY + "C: DATA\nS: 354\nC: a\\nb\\r\\n.\nS: 521 5.5.2\nEND",
    "lmtp": """
        S: 220 practice.test LMTP
        C: EHLO me.example
        S: 500 5.5.1
        C: HELO me.example
        S: 500 5.5.1
        C: LHLO me.example
        S: 250-PIPELINING
        S: 250 HELP
        C: MAIL FROM:<a@client.example>
        S: 250
        C: DATA
        S: 503
        C: RCPT TO:<alice@practice.test>
        S: 250
        C: RCPT TO:<nobody@practice.test>
        S: 550
        C: RCPT TO:<full@practice.test>
        S: 250
        C: RCPT TO:<alice@practice.test>
        S: 250
        C: DATA
        S: 354
        C: x\\r\\n.
        S: 250
        S: 452 4.2.2
        S: 250
        C: NOOP
        S: 250 2.0.0 OK
    """,
}  # fmt: skip


@for_each(CONVERSATIONS)
async def test_a_scenario_does_what_its_name_says(name: str):
    await play(name, CONVERSATIONS[name])


ELSEWHERE = {
    "greylist", "greylist-two", "too-many", "far-pipelining", "seven-bit", "two-faced",
    "tls-expired", "tls-other-name", "tls-self-signed", "tls-no-intermediate", "tls-inject",
    "tls-glued", "auth", "auth-fails", "exact-dot", "lax-dot", "outbound",
}  # fmt: skip
"""Scenarios that are tested in the files next to this one."""
PUZZLES = {
    "broken-a": "late-name",
    "broken-b": "tls-masked",
    "broken-c": "forgetful",
    "broken-d": "seven-bit",
    "broken-e": "tls-no-intermediate",
}


def test_every_scenario_is_tested_and_described_in_a_sentence():
    whole = {name for name in SCENARIOS if ":" not in name}
    assert whole == {*(name for name in CONVERSATIONS if ":" not in name), *ELSEWHERE, *PUZZLES}
    for name, scenario in SCENARIOS.items():
        assert scenario.name == name
        assert scenario.about.endswith("."), name
        assert 20 < len(scenario.about) <= 120, name


@for_each(PUZZLES)
def test_a_puzzle_is_a_scenario_whose_name_reveals_nothing(name: str):
    puzzle, solution = SCENARIOS[name], SCENARIOS[PUZZLES[name]]
    told = {"name", "about", "puzzle"}
    for field in puzzle.__struct_fields__:
        same = getattr(puzzle, field) == getattr(solution, field)
        assert same != (field in told), field
    assert puzzle.about.startswith("A puzzle: ")


async def test_the_catalogue_of_another_scenario_is_used_from_the_next_connection_on():
    from support.practice_server import practising, talking

    async with practising() as server, talking(server) as before:
        server.use("private")
        assert server.scenario.name == "private"
        assert await before.code("VRFY alice") == "250 2.1.5"
        async with talking(server) as after:
            assert await after.code("VRFY alice") == "252 2.0.0"
        with pytest.raises(LookupError, match=r"Unknown scenario privat\. Did you mean private"):
            server.use("privat")
        assert server.scenario.name == "private"


async def test_a_server_that_never_greets_answers_nothing():
    from support.practice_server import practising

    async with practising() as server:
        server.use("never-greets")
        reader, writer = await asyncio.open_connection(server.host, server.port)
        writer.write(b"EHLO me.example\r\nQUIT\r\n")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 0.05)
        writer.close()
