"""The events of the practice server, for a log.

There are events for connections, the lines of both sides, messages, and diagnoses of clients
(diagnosis.py). AUTH responses are omitted, because they contain passwords. A message is represented
by its size.
"""

from __future__ import annotations

import msgspec

from .diagnosis import Diagnosis
from .mailboxes import Message


class ClientConnected(msgspec.Struct, frozen=True, tag="connected"):
    """A client has connected.

    `at` is in seconds since the epoch. `connection` is the number of the connection, counted from
    1, `peer` is the client's address, and `port` is the server's port. `scenario` is the name of
    the scenario in use.
    """

    at: float
    connection: int
    peer: str
    port: int
    scenario: str


class ClientSaid(msgspec.Struct, frozen=True, tag="client"):
    """A command from a client, or a placeholder for an AUTH response or for a message.

    `at` is in seconds since the epoch, and `connection` is the number of the client's connection.
    """

    at: float
    connection: int
    text: str


class ServerSaid(msgspec.Struct, frozen=True, tag="server"):
    """A reply, as it was sent.

    `at` is in seconds since the epoch, and `connection` is the number of the connection. `lines`
    have no line endings.
    """

    at: float
    connection: int
    lines: tuple[str, ...]


class MessageArrived(msgspec.Struct, frozen=True, tag="message"):
    """A message was accepted for `recipients`; it could not be delivered to those in `failed`.

    `at` is in seconds since the epoch, and `connection` is the number of the connection over which
    the `message` arrived.
    """

    at: float
    connection: int
    message: Message
    recipients: tuple[str, ...]
    failed: tuple[str, ...] = ()


class ReportDelivered(msgspec.Struct, frozen=True, tag="report"):
    """A report (RFC 3464) about a message was delivered to the message's sender.

    `at` is in seconds since the epoch, and `connection` is the number of the connection over which
    the message arrived. `message` is the report itself. `about` is the number of the message, or 0
    if it was passed to the second server.
    """

    at: float
    connection: int
    message: Message
    about: int


class ClientGone(msgspec.Struct, frozen=True, tag="gone"):
    """A connection has ended.

    `at` is in seconds since the epoch, and `connection` is the number of the connection.
    """

    at: float
    connection: int


PracticeEvent = (
    ClientConnected
    | ClientSaid
    | ServerSaid
    | MessageArrived
    | ReportDelivered
    | Diagnosis
    | ClientGone
)
