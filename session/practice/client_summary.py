"""The summary of a connection to the practice server, for a list of clients."""

from __future__ import annotations

import msgspec

from ..protocol.states import State
from .diagnosis import Diagnosis

LISTED = 50  # diagnoses that are kept of a connection


class ClientSummary(msgspec.Struct):
    """The summary of a client's connection: address, state, last line and diagnoses.

    `number` is the number of the connection, counted from 1, and `peer` is the client's address.
    `began` and `ended` are in seconds since the epoch; `ended` is None while the connection lasts.
    `implicit_tls` is true if TLS started with the first byte, and `tls` is the version of TLS in
    use, or empty. `state` is a value of State, and `name` is the argument of EHLO. `commands` and
    `messages` are counts. `last` is the client's last line, masked, and `reply` is the code of the
    last reply, or 0 before the first. `observed` is False once the rest of the connection is no
    longer examined, because of another protocol, failed TLS, or endless commands. `diagnoses` holds
    the last 50.
    """

    number: int
    peer: str
    began: float
    implicit_tls: bool = False
    ended: float | None = None
    tls: str = ""
    name: str = ""
    state: str = str(State.CONNECTED)
    commands: int = 0
    messages: int = 0
    last: str = ""
    reply: int = 0
    observed: bool = True
    diagnoses: list[Diagnosis] = msgspec.field(default_factory=list[Diagnosis])
