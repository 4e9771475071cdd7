"""Formats events of the practice server as log lines, and as objects for JSON."""

from __future__ import annotations

import time
from collections.abc import Iterable

from ..plural import plural
from ..visible import visible_text
from .diagnosis import Diagnosis, sentence
from .events import (
    ClientConnected,
    ClientGone,
    ClientSaid,
    MessageArrived,
    PracticeEvent,
    ReportDelivered,
    ServerSaid,
)
from .mailboxes import Message


def as_lines(event: PracticeEvent) -> list[str]:
    """Return the log lines that report an event.

    Each line of a reply becomes one log line. A diagnosis becomes three: the observation, the
    reason and the advice.
    """
    when = time.strftime("%H:%M:%S", time.localtime(event.at))
    return [f"{when} #{event.connection} {told}" for told in _texts(event)]


def _texts(event: PracticeEvent) -> list[str]:
    match event:
        case ClientConnected():
            return [f"connected from {event.peer} to port {event.port}, scenario {event.scenario}"]
        case ClientSaid():
            return [f"C: {event.text}"]
        case ServerSaid():
            return [f"S: {line}" for line in event.lines]
        case MessageArrived():
            message = event.message
            sender, to = visible_text(message.sender), _paths(event.recipients)
            told = [f"message {message.number} from <{sender}> for {to}, {_size(message)}"]
            if event.failed:
                told.append(f"   not delivered to {_paths(event.failed)}")
            return told
        case ReportDelivered():
            message = event.message
            to = _paths(message.recipients)
            about = f"message {event.about}" if event.about else "the message passed on"
            return [f"report {message.number} to {to}, {_size(message)}, about {about}"]
        case Diagnosis():
            often = f" (seen {plural(event.times, '{} time')})" if event.times > 1 else ""
            return [
                f"!  {sentence(event.seen)}{often}",
                f"   {event.why} ({event.rfc})",
                f"   Try: {event.advice}",
            ]
        case ClientGone():
            return ["closed"]


def _paths(addresses: Iterable[str]) -> str:
    """Return addresses in angle brackets, separated by commas."""
    return ", ".join(f"<{visible_text(each)}>" for each in addresses)


def _size(message: Message) -> str:
    return plural(len(message.content), "1 octet", "{} octets")


def as_object(event: PracticeEvent) -> dict[str, object]:
    """Convert an event to a JSON object, with its kind in `event` and its time in `at`."""
    found: dict[str, object] = {"at": event.at, "connection": event.connection}
    match event:
        case ClientConnected():
            return {"event": "connected", **found, "peer": event.peer, "port": event.port,
                    "scenario": event.scenario}  # fmt: skip
        case ClientSaid():
            return {"event": "client", **found, "text": event.text}
        case ServerSaid():
            return {"event": "server", **found, "lines": list(event.lines)}
        case MessageArrived():
            message = event.message
            return {
                "event": "message",
                **found,
                "number": message.number,
                "sender": visible_text(message.sender),
                "recipients": [visible_text(each) for each in event.recipients],
                "failed": [visible_text(each) for each in event.failed],
                "octets": len(message.content),
            }
        case ReportDelivered():
            message = event.message
            return {
                "event": "report",
                **found,
                "number": message.number,
                "recipient": visible_text(message.recipients[0]),
                "about": event.about or None,
                "octets": len(message.content),
            }
        case Diagnosis():
            return {
                "event": "diagnosis",
                **found,
                "peer": event.peer,
                "row": event.row,
                "rule": event.rule,
                "seen": event.seen,
                "why": event.why,
                "rfc": event.rfc,
                "advice": event.advice,
                "times": event.times,
            }
        case ClientGone():
            return {"event": "gone", **found}
