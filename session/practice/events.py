"""The events of the practice server, for a log.

They are connections, lines of both sides, messages, and diagnoses of clients (diagnosis.py).
Responses to AUTH are omitted, as they contain passwords. A message is represented by its size.
"""

from __future__ import annotations

import msgspec

from .diagnosis import Diagnosis
from .mailboxes import Message


class ClientConnected(msgspec.Struct, frozen=True, tag="connected"):
    """A client has connected; `at` is in seconds since 1970, `port` the server's.

    `connection` is its number, from 1, `peer` its address, and `scenario` the name of the scenario
    that the server plays.
    """

    at: float
    connection: int
    peer: str
    port: int
    scenario: str


class ClientSaid(msgspec.Struct, frozen=True, tag="client"):
    """A command of a client, or a placeholder for an answer to AUTH or a message.

    `at` is in seconds since 1970, `connection` the number of its connection.
    """

    at: float
    connection: int
    text: str


class ServerSaid(msgspec.Struct, frozen=True, tag="server"):
    """A reply, as it was sent: its lines.

    `at` is in seconds since 1970, `connection` the number of the connection; `lines` are without
    their line ends.
    """

    at: float
    connection: int
    lines: tuple[str, ...]


class MessageArrived(msgspec.Struct, frozen=True, tag="message"):
    """A message was accepted for `recipients`; it could not be delivered to those in `failed`.

    `at` is in seconds since 1970, `connection` the number of the connection by which the `message`
    arrived.
    """

    at: float
    connection: int
    message: Message
    recipients: tuple[str, ...]
    failed: tuple[str, ...] = ()


class ReportDelivered(msgspec.Struct, frozen=True, tag="report"):
    """A report (RFC 3464) on a message of this connection was delivered to the message's sender.

    `at` is in seconds since 1970, `connection` the number of that connection, and `message` the
    report. `about` is the number of the message; 0 if it was passed on to the second server.
    """

    at: float
    connection: int
    message: Message
    about: int


class ClientGone(msgspec.Struct, frozen=True, tag="gone"):
    """A connection has ended.

    `at` is in seconds since 1970, `connection` its number.
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
