"""Whether a server relays for strangers, as far as a conversation shows."""

from __future__ import annotations

from heloscope.session.facts.open_relay import other_domain
from support.findings import ehlo, found
from support.rows import for_each

OPENED = ehlo("DSN") + "C: MAIL FROM:<a@client.example>\nS: 250 ok\n"


@for_each(
    [
        ("", "bob@elsewhere.example", "250 ok", True),
        ("", "bob@elsewhere.example", "554 5.7.1 no", False),
        ("", "bob@example.org", "250 ok", False),
        ("", "bob@lists.example.org", "250 ok", False),
        ("", "postmaster", "250 ok", False),
        ("C: AUTH PLAIN AGEAYg==\nS: 235 ok\n", "bob@elsewhere.example", "250 ok", False),
    ]
)
def test_a_recipient_of_another_domain_without_a_login_is_a_notice(
    login: str, to: str, reply: str, told: bool
):
    said = found(f"{ehlo('AUTH PLAIN')}{login}{OPENED}C: RCPT TO:<{to}>\nS: {reply}\n")
    assert ("relays" in said) is told
    if told:
        assert "another domain (elsewhere.example)" in said["relays"].text
        assert said["relays"].grade == "notice"


def test_lmtp_does_not_relay():
    talk = ehlo("PIPELINING", verb="LHLO") + "C: MAIL FROM:<a@b.example>\nS: 250 ok\n"
    assert "relays" not in found(f"{talk}C: RCPT TO:<x@elsewhere.example>\nS: 250 ok\n")


@for_each(
    [
        ("<bob@example.co.uk>", "mail.example.co.uk", ""),
        ("<bob@other.co.uk>", "mail.example.co.uk", "other.co.uk"),
        ("<bob@mx.other.org.au>", "mail.example.org.au", "mx.other.org.au"),
        ("<bob@a.example.de>", "b.example.de", ""),
        ("<bob@example.co>", "mail.example.co", ""),
    ]
)
def test_names_under_a_national_registry_do_not_belong_together(path: str, server: str, other: str):
    assert other_domain(path, [server]) == other
