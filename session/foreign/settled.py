"""Completes the entries from a reader: sides, connections, TLS that no line mentions, and marks."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable

from ..verbs import GREETINGS, TLS_VERBS
from .entries import (
    CLIENT,
    CLOSED,
    CONNECTED,
    CUT,
    ERROR,
    IN,
    INFERRED,
    MASKED,
    NOTE,
    OMITTED,
    OUT,
    SERVER,
    TLS,
    Entry,
)  # fmt: skip
from .unseen import GREETS

_REPLY = re.compile(r"[2-5]\d\d(?:[ -]|\r?\n?\Z)")
# Each begins with a set of letters, without IGNORECASE, so that a search skips other letters.
_PLACEHOLDER = re.compile(
    r"\*\*\*|[\[<](?i:credentials hidden[\]>])|[Pp](?i:ROVIDED_BUT_REMOVED)|"
    r"/(?i:\* secret(?:ed)? \*/|\* secured \*/)|[Ll](?i:ogging suppressed)|"
    r"<(?i:authentication response>|hidden>)|\[(?i:REDACTED\])"
)
_MORE_LINES = re.compile(r"[2-5]\d\d-.")
_BETWEEN_LINES = r"(?: {0,3}(?:\\r|\\n|<CR>|<LF>|<CRLF>|[|/\t\r]){1,4} {0,3}| {1,3})?"
_LONGEST_REPLY = 8_000  # characters
_EATEN = re.compile(r"(?:MAIL FROM:|RCPT TO:|Message-ID:|354 End data with \.)\Z", re.IGNORECASE)
_SECRET = b"/* secret */"  # encoded by some logs in place of a response
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_BEFORE_A_MESSAGE = re.compile(
    r"(?:EHLO|HELO|LHLO) \S+\s*\Z|MAIL FROM:|RCPT TO:|DATA\s*\Z", re.IGNORECASE
)
_CHUNK = re.compile(r"BDAT 0{0,20}[1-9]", re.IGNORECASE)
_NO_COMMAND = ("500", "501", "502", "503")  # replies to a dot outside a message
_ANSWERED_BY_220 = (*TLS_VERBS, "XCLIENT")
CONVERSATIONS = 10_000  # distinguished in one file


def conversations(entries: Iterable[Entry]) -> list[list[Entry]]:
    """Divide a log's entries into conversations, in the order in which they begin.

    Each conversation is settled. If none has any lines, return the entries about connections that
    failed before the first line.
    """
    running: dict[str, list[Entry]] = {}
    found: list[list[Entry]] = []
    over: dict[str, bool] = {}
    for entry in entries:
        talk = running.get(entry.conn)
        begins = entry.what == CONNECTED and talk is not None and any(e.said for e in talk[-50:])
        greets = entry.text.startswith("220") and entry.said
        again = greets and over.get(entry.conn, False)
        again = again or (
            talk is not None and _may_begin(entry) and _begins_again(talk, entry, over[entry.conn])
        )
        if talk is None or ((begins or again) and len(found) < CONVERSATIONS):
            talk = running[entry.conn] = []
            found.append(talk)
            over[entry.conn] = False
        if entry.what == CLOSED or (entry.text.startswith("221") and entry.said):
            over[entry.conn] = True
        talk.append(entry)
    settled = [settle(talk) for talk in found]
    told = [talk for talk in settled if any(entry.said for entry in talk)]
    return told or [talk for talk in settled if any(entry.kind == ERROR for entry in talk)]


def _may_begin(entry: Entry) -> bool:
    """Return whether an entry might begin a new conversation, for `_begins_again` to check."""
    if entry.what == SERVER:
        return entry.text.startswith("220")
    return entry.what == CLIENT and entry.text[:4].upper() in GREETINGS


def _begins_again(talk: list[Entry], entry: Entry, over: bool) -> bool:
    """Return whether `entry`, a 220 or EHLO, begins a new conversation after the entries in `talk`.

    A 220 does so if it answers none of the commands that the client has sent. EHLO does so if the
    previous conversation is `over`. After an exception, EHLO also does so if `talk` has no
    greeting, since smtplib shows none if its debug output is switched on later.
    """
    if entry.what == CLIENT and GREETS.match(entry.text):
        if over:
            return True
        first = next((each for each in talk if each.said), None)
        failed = any(each.kind == ERROR for each in talk[-3:])
        return failed and first is not None and first.what == CLIENT
    if entry.what != SERVER or not entry.text.startswith("220"):
        return False
    asked = False
    for each in reversed(talk):
        if each.what == CLIENT:
            asked = True
            if each.text.upper().startswith(_ANSWERED_BY_220):
                return False
        elif each.what == SERVER and each.text.startswith("220"):
            return asked
    return False


def settle(talk: list[Entry]) -> list[Entry]:
    """Complete one conversation: assign sides, split replies, and add marks and implied entries."""
    talk = _parted(_sided(talk))
    found: list[Entry] = []
    connected = False
    end: Entry | None = None
    for entry in talk:
        if entry.what == CONNECTED:
            if connected:
                continue
            connected = True
        elif entry.what == CLOSED:
            end = entry if end is None or not end.kind else end
            continue
        found.append(_marked(entry) if entry.said else entry)
    if end is not None:  # some logs report it before the last lines
        found.append(end)
    return _message_omitted(_message_begun(_tls_inferred(found)))


def _sided(talk: list[Entry]) -> list[Entry]:
    """Replace OUT and IN with sides. The server is the side that sends reply codes."""
    if not any(entry.what in (OUT, IN) for entry in talk):
        return talk
    out = into = 0
    for entry in talk:
        if entry.what == OUT and _REPLY.match(entry.text):
            out += 1
        elif entry.what == IN and _REPLY.match(entry.text):
            into += 1
    sides = {OUT: SERVER, IN: CLIENT} if out > into else {OUT: CLIENT, IN: SERVER}
    return [entry._replace(what=sides.get(entry.what, entry.what)) for entry in talk]


def _parted(talk: list[Entry]) -> list[Entry]:
    """Split a reply whose lines a log runs together, as in `250-mx250-SIZE 100250 HELP`.

    A line with a hyphen after its code is not the last line of its reply. If the next line is not
    the server's, but the code recurs within the line, the remaining lines of the reply are in that
    line.
    """
    found: list[Entry] = []
    following = ""  # the side of the next line
    for entry in reversed(talk):
        parts = [entry.text]
        if entry.what == SERVER and following != SERVER and _MORE_LINES.match(entry.text):
            code = entry.text[:3]
            cut = re.split(rf"{_BETWEEN_LINES}(?={code}[ -])", entry.text[:_LONGEST_REPLY])
            if cut[-1].startswith(f"{code} "):
                parts = [part for part in cut if part]
        following = entry.what if entry.said else following
        found.extend(entry._replace(text=part) for part in reversed(parts))
    return found[::-1]


def _marked(entry: Entry) -> Entry:
    text = entry.text[:2000]
    hidden = _PLACEHOLDER.search(text) is not None
    if not hidden and entry.what == CLIENT:
        shown = text.rstrip()
        word = shown[len(shown.rstrip("=").rstrip(_BASE64)) :]
        try:
            hidden = len(word) >= len(_SECRET) and _SECRET in base64.b64decode(word, validate=True)
        except (binascii.Error, ValueError):
            pass
    if _EATEN.match(text):
        return entry._replace(marks=entry.marks | {CUT})
    return entry._replace(marks=entry.marks | {MASKED}) if hidden else entry


def _tls_inferred(talk: list[Entry]) -> list[Entry]:
    """Add the start of TLS if no line shows it, but STARTTLS was accepted and a command follows."""
    found: list[Entry] = []
    asked = accepted = False
    for entry in talk:
        if entry.what == TLS:
            asked = accepted = False
        elif (client := entry.what == CLIENT) or entry.said:
            word = entry.text[:10].strip().upper() if client else ""
            if accepted:
                if client and re.match(r"EHLO|HELO|AUTH|MAIL|LHLO", word):
                    found.append(
                        Entry(TLS, at=entry.at, conn=entry.conn, marks=frozenset({INFERRED}))
                    )
                asked = accepted = False
            if client:
                asked = word.startswith("STARTTLS")
            elif asked:
                accepted = entry.text.startswith("220")
                asked = accepted
        found.append(entry)
    return found


def _message_begun(talk: list[Entry]) -> list[Entry]:
    """Add DATA and its 354 before a message whose end is in the log but whose beginning is not.

    Otherwise the lines of the message would count as commands, and would be visible even where
    messages are masked.
    """
    if not any(entry.what == SERVER for entry in talk):
        return talk
    found: list[Entry] = []
    since = 0  # the first line of the client since the server's last one
    within = False  # in a message with its beginning
    for place, entry in enumerate(talk):
        if entry.said and entry.what == SERVER:
            within = entry.text.startswith("354")
        elif entry.said and entry.text.rstrip("\r\n") == ".":
            answer = next((each.text for each in talk[place + 1 : place + 9]
                           if each.what == SERVER), "")  # fmt: skip
            if not (within or answer.startswith(_NO_COMMAND)):
                _begin(found, since, entry)
            within = False
        found.append(entry)
        if entry.what != CLIENT:
            since = len(found)
    return found


def _begin(found: list[Entry], since: int, dot: Entry) -> None:
    places = range(since, len(found))
    start = max((n + 1 for n in places if _BEFORE_A_MESSAGE.match(found[n].text)), default=since)
    if start == len(found):
        return
    data = start > since and found[start - 1].text.strip().upper() == "DATA"
    inferred = dot._replace(marks=frozenset({INFERRED}))
    begun = [inferred._replace(what=SERVER, text="354 ")]
    found[start:start] = begun if data else [inferred._replace(text="DATA"), *begun]


def _message_omitted(talk: list[Entry]) -> list[Entry]:
    """Add a note that the message is not in the log if nothing is between 354 and the next reply.

    The same applies to a BDAT chunk if its reply follows immediately (RFC 3030 section 2).
    """
    found: list[Entry] = []
    ready = chunk = False
    for entry in talk:
        if entry.what == NOTE and entry.kind == OMITTED:
            ready = chunk = False
        elif entry.said:
            server = entry.what == SERVER
            ends = server or entry.text.rstrip("\r\n") == "."
            if (chunk and server) or (
                ready and ends and not entry.text.startswith(("354", "250-"))
            ):
                words = "the message is not in the log"
                found.append(Entry(NOTE, words, OMITTED, entry.at, conn=entry.conn))
            ready = server and entry.text.startswith("354")
            chunk = entry.what == CLIENT and _CHUNK.match(entry.text) is not None
        found.append(entry)
    return found
