"""The users, the mailing list and the mailboxes of the practice server."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import NamedTuple

import msgspec

from . import limits

log = logging.getLogger("heloscope.practice")

DOMAIN = "practice.test"
ELSEWHERE = "mail.elsewhere.example"  # a host of another domain


class Person(NamedTuple):
    """A user with a mailbox."""

    name: str
    full_name: str

    @property
    def address(self) -> str:
        """The user's email address."""
        return f"{self.name}@{DOMAIN}"

    @property
    def shown(self) -> str:
        """The name and address as shown in a reply to VRFY or EXPN (RFC 5321 section 3.5.1)."""
        return f"{self.full_name} <{self.address}>"


PEOPLE = {
    person.name: person
    for person in (
        Person("alice", "Alice Smith"),
        Person("bob", "Bob Smith"),
        Person("carol", "Carol Jones"),
    )
}
PASSWORDS = {"alice": "wonderland"}  # of the users who can log in
LISTS = {"friends": ("alice", "bob", "carol")}
MAILBOX_ALIASES = {"postmaster": "alice"}  # RFC 5321 section 4.5.1: required


class Message(msgspec.Struct, frozen=True):
    """A message as it was received, byte for byte, with its envelope.

    `at` is in seconds since the epoch, and `helo` is the argument of EHLO or HELO. `sender` is the
    reverse-path without its brackets, or "" for <>. `recipients` are those that were accepted, and
    `parameters` are those of MAIL, such as "SIZE=18". `content` is the message without its final
    dot, and with its dots no longer doubled; `trace` holds the fields that delivery adds at the top
    (RFC 5321 section 4.4). `number` counts the server's messages from 1.
    """

    number: int
    at: float
    helo: str
    sender: str
    recipients: tuple[str, ...]
    parameters: tuple[str, ...]
    content: bytes
    trace: bytes = b""

    @property
    def delivered(self) -> bytes:
        """The message as stored in the mailbox, with its trace fields."""
        return self.trace + self.content

    @property
    def cost(self) -> int:
        """The octets counted for the message, its trace fields and its envelope."""
        texts = (self.helo, self.sender, *self.recipients, *self.parameters)
        octets = len(self.trace) + len(self.content)
        return limits.PER_MESSAGE + octets + envelope_cost(texts)


def envelope_cost(texts: Iterable[str]) -> int:
    """Return the octets counted for addresses and parameters."""
    return sum(limits.PER_ADDRESS + len(text) for text in texts)


class Mailboxes:
    """The mailboxes of all users: `of` maps user names to lists of messages, oldest first.

    The users are alice, bob and carol.
    """

    def __init__(self) -> None:
        self.of: dict[str, list[Message]] = {name: [] for name in PEOPLE}
        self._kept = 0
        self._number = 0
        self._subscribers: list[Callable[[Message], object]] = []

    def subscribe(self, callback: Callable[[Message], object]) -> Callable[[], None]:
        """Call `callback` with each message that arrives. Return a function to unsubscribe it."""
        self._subscribers.append(callback)

        def end() -> None:
            if callback in self._subscribers:
                self._subscribers.remove(callback)

        return end

    @property
    def next_number(self) -> int:
        """The number that the next message will have."""
        return self._number + 1

    def take_room(self, octets: int) -> bool:
        """Reserve `octets` for a message that is arriving, and return whether they fit."""
        if self._kept + octets > limits.KEPT:
            return False
        self._kept += octets
        return True

    def give_back(self, octets: int) -> None:
        """Release reserved room, when the message is delivered or its transaction ends."""
        self._kept -= octets

    def deliver(
        self,
        at: float,
        helo: str,
        sender: str,
        recipients: tuple[str, ...],
        parameters: tuple[str, ...],
        content: bytes,
        trace: bytes = b"",
    ) -> Message:
        """Put a message into the mailbox of each recipient who has one, only once per mailbox.

        Return the message as stored. The caller must have checked that there is room for it.
        """
        self._number += 1
        message = Message(self._number, at, helo, sender, recipients, parameters, content, trace)
        names = sorted({name for to in recipients for name in mailboxes_of(to)})
        self._kept += message.cost if names else 0
        for name in names:
            self.of[name].append(message)
        for subscriber in tuple(self._subscribers):
            try:
                subscriber(message)
            except Exception:
                log.exception("exception in a subscriber of the mailboxes")
        return message

    def clear(self) -> None:
        """Delete every message."""
        delivered = {m.number: m for messages in self.of.values() for m in messages}
        for messages in self.of.values():
            messages.clear()
        self._kept -= sum(message.cost for message in delivered.values())


def local_part(address: str) -> str | None:
    """Return the part before the @ in lower case, or None if the address is in another domain."""
    local, at, domain = address.strip().strip("<>").rpartition("@")
    if not at:
        local = domain
    elif domain.lower().rstrip(".") != DOMAIN:
        return None
    return local.strip('"').lower()


def mailboxes_of(address: str) -> tuple[str, ...]:
    """Return the names of the mailboxes that get mail for `address`, or () if it is unknown."""
    local = local_part(address)
    if local is None:
        return ()
    local = MAILBOX_ALIASES.get(local, local)
    if local in PEOPLE:
        return (local,)
    return LISTS.get(local, ())


def has_mailbox(address: str) -> bool:
    """Return whether mail for this address is delivered to any mailbox."""
    return bool(mailboxes_of(address))


def look_up(words: str) -> list[Person]:
    """Return the users that match an argument of VRFY: an address, a name, or part of a name."""
    exact = mailboxes_of(words)
    local = local_part(words)
    if len(exact) == 1 and local not in LISTS:
        return [PEOPLE[exact[0]]]
    asked = words.strip().strip('<>"').lower().split()
    if not asked:
        return []
    return [
        person
        for person in PEOPLE.values()
        if set(asked) <= {person.name, *person.full_name.lower().split()}
    ]
