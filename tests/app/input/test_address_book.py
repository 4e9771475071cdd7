"""The addresses offered as completions: most recent first, the practice server's last."""

from __future__ import annotations

from heloscope.app.input.address_book import AddressBook
from heloscope.app.input.history import History

PRACTICE = [
    "alice@practice.test",
    "bob@practice.test",
    "carol@practice.test",
    "friends@practice.test",
    "you@example.org",
]


def book(*lines: str, practising: bool = False) -> AddressBook:
    history = History()
    history.lines += lines
    return AddressBook(history, lambda: practising)


def test_the_addresses_of_the_history_are_offered_the_latest_first():
    found = book("MAIL FROM:<a@a.example>", "RCPT TO:<b@b.example>").addresses()
    assert found == ["b@b.example", "a@a.example"]


def test_those_used_in_a_form_come_before_the_history_and_each_once():
    addresses = book("MAIL FROM:<a@a.example>", "RCPT TO:<b@b.example>")
    addresses.remember(["a@a.example", "c@c.example"])
    assert addresses.addresses() == ["a@a.example", "c@c.example", "b@b.example"]


def test_on_the_practice_server_its_mailboxes_are_offered_too():
    assert book(practising=True).addresses() == PRACTICE


def test_what_cannot_be_shown_is_not_remembered():
    addresses = book()
    addresses.remember(["", "x\x1b[2J@evil.example", "good@good.example"])
    assert addresses.addresses() == ["good@good.example"]


def test_two_hundred_are_remembered():
    addresses = book()
    addresses.remember([f"{number}@many.example" for number in range(300)])
    assert len(addresses.addresses()) == 200
