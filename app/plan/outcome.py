"""Describes the result of a procedure in a sentence or two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from ...session import raised
from ...session.plural import plural
from ...session.visible import visible, visible_text
from ..advice import do, not_tried
from ..connect.what_to_do import without_connection, without_tls

if TYPE_CHECKING:
    from smtplib import SMTPRecipientsRefused

    from ...session.aio.session import Session
    from ...session.procedures.probe import Offers
    from ..connect.manager import ConnectionManager

MOST_RECIPIENTS = 8  # recipients listed


def outcome(name: str, result: Any) -> str:
    """Describe the result of the procedure `name`, or return "Done." if there is nothing to add."""
    match name:
        case "check":
            return _checked(result)
        case "rerun":
            return "Done: all replies are the same as before."
        case "probe" if result is not None:
            return f"{_probed(result).rstrip('. ')}. {do('findings')} explains it."
        case "sendmail" if isinstance(result, Mapping) and result:
            result = cast("Mapping[str, tuple[int, bytes]]", result)
            refused = plural(len(result), "{} recipient was refused", "{} recipients were refused")
            return f"Done, but {refused}: {_each(result)}"
        case _:
            return _replied(result)


def words_of_error(error: BaseException) -> str:
    """Describe an exception that ended a procedure."""
    if isinstance(error, raised.AuthGivenUp):
        return f"{visible_text(str(error))}."
    code, text = getattr(error, "smtp_code", None), getattr(error, "smtp_error", None)
    if code == -1:  # as in smtplib
        return "the server answered with a line without a reply code."
    if isinstance(code, int):
        said = text if isinstance(text, bytes) else str(text).encode()
        said = said.replace(b"\n", b" ")  # a reply of several lines
        return f"{code} {visible(said)}"
    if isinstance(error, OSError) and error.strerror and error.filename:
        return f"{error.filename}: {error.strerror}."
    if isinstance(getattr(error, "recipients", None), dict):
        recipients = cast("SMTPRecipientsRefused", error).recipients
        if any(said[0] == 421 for said in recipients.values()):
            return "the server is closing the connection (421), and no recipient was accepted."
        refused = plural(len(recipients), "the recipient was", "all {} recipients were")
        return f"{refused} refused."
    return str(error) or type(error).__name__


def what_to_do_next(error: BaseException, session: Session, connections: ConnectionManager) -> str:
    """Return advice after the error that ended a procedure, or ""."""
    if isinstance(error, OSError | ValueError):
        from ...session.net.dial_error import DialError

        if isinstance(error, DialError):
            return without_connection(error, session, connections.servers)
        if found := without_tls(session, connections.profile):
            return found
    return what_to_do(error)


def what_to_do(error: BaseException) -> str:
    """Return advice on how to send a password that was withheld from mechanisms, or ""."""
    if "would expose" in str(error):
        return f"To send it anyway, use {do('login')} and choose that there."
    return not_tried(error, do("auth"))


def _replied(result: Any) -> str:
    """Describe the result of a procedure that returns a reply or nothing."""
    if not (isinstance(result, tuple) and len(cast("tuple[object, ...]", result)) == 2):
        return "Done."
    code, text = cast("tuple[object, bytes]", result)
    if not isinstance(code, int) or 200 <= code <= 399:
        return "Done."
    return f"Refused: {code} {visible(text)}"


def _checked(replies: Mapping[str, tuple[int, bytes]] | None) -> str:
    if not replies:
        return "Done: no recipient to check."
    no = {to: said for to, said in replies.items() if not 200 <= said[0] <= 299}
    yes = len(replies) - len(no)
    if not no:
        all_of = plural(yes, "The recipient", "All {} recipients")
        return f"{all_of} would be accepted. No message was sent."
    return f"{yes} of {len(replies)} would be accepted; refused: {_each(no)} No message was sent."


def _each(replies: Mapping[str, tuple[int, bytes]]) -> str:
    named = [
        f"{visible_text(to)}: {code} {visible(text)}".rstrip(". ") + "."
        for to, (code, text) in list(replies.items())[:MOST_RECIPIENTS]
    ]
    more = len(replies) - len(named)
    return " ".join([*named, *([f"And {more} more."] if more else [])])


def _probed(offers: Offers) -> str:
    if offers.plain is None and offers.inside is None:
        return "The server does not support EHLO, so it offers no extensions."
    if offers.inside is None:
        plain = offers.plain or {}
        count = f"Without TLS, it offers {_count(len(plain))}."
        if offers.refusal is not None:
            code, text = offers.refusal
            return f"{count} STARTTLS was refused: {code} {visible(text)}"
        left_out = " STARTTLS was skipped." if "starttls" in plain else " STARTTLS is not offered."
        return count + left_out
    if offers.plain is None:
        return f"With TLS, it offers {_count(len(offers.inside))}. TLS was already on."
    parts = [
        f"It offers {_count(len(offers.plain))} without TLS, {_count(len(offers.inside))} with TLS."
    ]
    for words, keywords in (
        ("Only with TLS", offers.appeared),
        ("Only without TLS", offers.gone),
        ("Different with TLS", offers.changed),
    ):
        if keywords:
            parts.append(f"{words}: {', '.join(visible_text(word[:40]) for word in keywords)}.")
    if not (offers.appeared or offers.gone or offers.changed):
        parts.append("Except for STARTTLS, they are the same.")
    return " ".join(parts)


def _count(extensions: int) -> str:
    return plural(extensions, "{} extension")
