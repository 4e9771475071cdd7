"""Replies that a client requests, in an address or in the host name of EHLO."""

from __future__ import annotations

from heloscope.session.practice.faults import AskedFor, asked_in, wishes_of
from support.practice_talk import play
from support.rows import for_each


@for_each(
    [
        ("RCPT", "r550.5.1.1@practice.test", AskedFor("RCPT", "550", "5.1.1")),
        ("RCPT", "R452@anywhere.example", AskedFor("RCPT", "452")),
        ("MAIL", "r451_4.3.0@client.example", AskedFor("MAIL", "451", "4.3.0")),
        ("MAIL", "mail452@client.example", AskedFor("MAIL", "452")),
        ("RCPT", "rcpt550_5.1.1@practice.test", AskedFor("RCPT", "550", "5.1.1")),
        ("MAIL", "rcpt421@client.example", AskedFor("RCPT", "421")),
        ("MAIL", "data552@client.example", AskedFor("DATA", "552")),
        ("MAIL", "dot554_5.7.1@client.example", AskedFor(".", "554", "5.7.1")),
        ("MAIL", "starttls454@client.example", AskedFor("STARTTLS", "454")),
        ("RCPT", "data552@practice.test", None),
        ("RCPT", "r650@practice.test", None),
        ("RCPT", "r55@practice.test", None),
        ("RCPT", "rob550@practice.test", None),
    ]
)
def test_an_address_asks_for_a_reply(verb: str, address: str, wanted: AskedFor | None):
    assert asked_in(address, verb) == wanted


async def test_the_address_of_mail_names_the_command_that_is_refused():
    await play("friendly", """
        S: 220
        C: EHLO me.example
        S: 250
        C: MAIL FROM:<rcpt550_5.1.1@client.example>
        S: 250
        C: RCPT TO:<alice@practice.test>
        S: 550 5.1.1
        C: RSET
        S: 250
        C: MAIL FROM:<noop450@client.example>
        S: 250
        C: NOOP
        S: 450
        C: NOOP
        S: 250
        C: RSET
        S: 250
        C: MAIL FROM:<data552@client.example>
        S: 250
        C: DATA
        S: 503
        C: RCPT TO:<alice@practice.test>
        S: 250
        C: DATA
        S: 552
        C: DATA
        S: 354
        C: x\\r\\n.
        S: 250
        C: MAIL FROM:<dot554_5.7.1@client.example>
        S: 250
        C: RCPT TO:<alice@practice.test>
        S: 250
        C: DATA
        S: 354
        C: x\\r\\n.
        S: 554 5.7.1
        C: MAIL FROM:<quit421@client.example>
        S: 250
        C: QUIT
        S: 421
        END
    """)  # fmt: skip


@for_each(
    [
        ("no8bit.example", "8BITMIME"),
        ("nopipelining-nochunking.example", "PIPELINING"),
        ("nosmtputf8.nodsn.x", "DSN"),
        ("noauth.x", "AUTH"),
        ("nostarttls.x", "STARTTLS"),
        ("nosize.x", "SIZE"),
        ("noenhancedstatuscodes.x", "ENHANCEDSTATUSCODES"),
    ]
)
def test_a_host_name_can_remove_a_keyword(name: str, left_out: str):
    assert left_out in wishes_of(name).without
    assert not wishes_of("mail.example.org").without


async def test_the_host_name_in_ehlo_changes_the_list_and_what_is_accepted():
    await play("friendly", """
        S: 220
        C: EHLO helo500.example.com
        S: 500
        C: EHLO no8bit.size10000.x
        S: 250-SIZE 10000
        S: 250-SMTPUTF8
        S: 250 HELP
        C: MAIL FROM:<a@client.example> BODY=8BITMIME
        S: 555 5.5.4
        C: MAIL FROM:<a@client.example> SIZE=10001
        S: 552 5.3.4
        C: EHLO me.example
        S: 250-8BITMIME
        S: 250 HELP
        C: MAIL FROM:<a@client.example> BODY=8BITMIME SIZE=10001
        S: 250
    """)  # fmt: skip


async def test_authplain_limits_the_mechanisms():
    await play("tls-stripped", """
        S: 220
        C: EHLO authlogin.example
        S: 250-AUTH LOGIN
        S: 250 HELP
        C: AUTH PLAIN
        S: 504
    """)  # fmt: skip
