"""The users, addresses and mailboxes of the practice server."""

from __future__ import annotations

import pytest
from heloscope.session.practice import limits
from heloscope.session.practice.mailboxes import (
    LISTS,
    MAILBOX_ALIASES,
    PEOPLE,
    Mailboxes,
    local_part,
    look_up,
    mailboxes_of,
)
from hypothesis import given
from hypothesis import strategies as st
from support.rows import for_each


@for_each(
    [
        ("alice", "alice"),
        ("Alice@Practice.Test", "alice"),
        ("alice@practice.test.", "alice"),
        ("<alice@practice.test>", "alice"),
        ('"alice"@practice.test', "alice"),
        ("alice@example.org", None),
        ("alice@", None),
        ("a@b@practice.test", "a@b"),
    ]
)
def test_only_addresses_of_the_own_domain_have_a_local_part(address: str, local: str | None):
    assert local_part(address) == local


@for_each(
    [
        ("alice@practice.test", ("alice",)),
        ("postmaster@practice.test", ("alice",)),
        ("friends@practice.test", ("alice", "bob", "carol")),
        ("nobody@practice.test", ()),
        ("alice@example.org", ()),
    ]
)
def test_mail_is_delivered_to_a_user_an_alias_or_all_members_of_a_list(
    address: str, names: tuple[str, ...]
):
    assert mailboxes_of(address) == names


def test_every_alias_and_member_exists():
    assert set(MAILBOX_ALIASES.values()) <= set(PEOPLE)
    assert {name for members in LISTS.values() for name in members} <= set(PEOPLE)
    assert not set(LISTS) & set(PEOPLE)


@given(st.text())
def test_any_name_may_be_looked_up(words: str):
    assert set(look_up(words)) <= set(PEOPLE.values())


def test_a_message_to_a_list_and_to_a_member_comes_once():
    mailboxes = Mailboxes()
    to = ("friends@practice.test", "bob@practice.test")
    first = mailboxes.deliver(1.0, "me", "", to, (), b"one")
    second = mailboxes.deliver(2.0, "me", "", to[1:], (), b"two")
    assert mailboxes.of == {"alice": [first], "bob": [first, second], "carol": [first]}
    assert (first.number, second.number) == (1, 2)


def test_mailboxes_are_full_until_they_are_emptied(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "KEPT", 3000)
    mailboxes = Mailboxes()
    mailboxes.deliver(1.0, "me", "a@b", ("alice",), (), b"x" * 1000)
    left = 3000 - 1024 - 1000 - 3 * 128 - len("mea@balice")
    assert mailboxes.take_room(left)
    assert not mailboxes.take_room(1)
    mailboxes.give_back(left)
    mailboxes.clear()
    assert mailboxes.take_room(3000)
    assert mailboxes.of["alice"] == []


def test_emptying_the_mailboxes_leaves_the_room_of_messages_that_are_arriving(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(limits, "KEPT", 3000)
    mailboxes = Mailboxes()
    assert mailboxes.take_room(2000)
    mailboxes.clear()
    assert not mailboxes.take_room(1001)
