"""Events of the practice server as a line of a log, and as an object for JSON."""

from __future__ import annotations

import time

from ..plural import plural
from ..visible import visible_text
from .diagnosis import Diagnosis, sentence
from .events import (
    ClientConnected,
    ClientGone,
    ClientSaid,
    MessageArrived,
    PracticeEvent,
    ServerSaid,
)


def as_lines(event: PracticeEvent) -> list[str]:
    """The lines of a log that tell an event.

    A reply has as many as it has lines, a diagnosis three: what was seen, why, and what to try.
    """
    when = time.strftime("%H:%M:%S", time.localtime(event.at))
    return [f"{when} #{event.connection} {told}" for told in _told(event)]


def _told(event: PracticeEvent) -> list[str]:
    match event:
        case ClientConnected():
            return [f"connected from {event.peer} to port {event.port}, scenario {event.scenario}"]
        case ClientSaid():
            return [f"C: {event.text}"]
        case ServerSaid():
            return [f"S: {line}" for line in event.lines]
        case MessageArrived():
            message = event.message
            to = ", ".join(f"<{visible_text(each)}>" for each in message.recipients) or "nobody"
            size = plural(len(message.content), "1 octet", "{} octets")
            sender = visible_text(message.sender)
            return [f"message {message.number} from <{sender}> for {to}, {size}"]
        case Diagnosis():
            often = f" (seen {plural(event.times, '{} time')})" if event.times > 1 else ""
            return [
                f"!  {sentence(event.seen)}{often}",
                f"   {event.why} ({event.rfc})",
                f"   Try: {event.advice}",
            ]
        case ClientGone():
            return ["closed"]


def as_object(event: PracticeEvent) -> dict[str, object]:
    """An event as an object of JSON: `event` names its kind, `at` is in seconds since 1970."""
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
                "recipients": [visible_text(each) for each in message.recipients],
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
