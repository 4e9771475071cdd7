"""The hint above the command line: the syntax and RFC of the command being typed, and warnings.

The tables of facts are imported when something is typed, not before the first frame.
"""

from __future__ import annotations

from collections.abc import Collection, Set

import msgspec

from ...session.plural import plural
from ...session.protocol.states import IN_TRANSACTION, State, move
from ...session.record.masking import by_shape
from ...session.verbs import AUTH_VERBS, CHUNK_VERBS, GREETINGS, is_last_chunk
from ..actions import find_action, key_name, nearest_action
from ..advice import do, key_of
from ..explain.states import in_words
from .refusal_hint import STATES, Refusal, next_step


class Hint(msgspec.Struct, frozen=True):
    """A hint: a warning if there is one, then highlighted syntax, then a dim summary.

    As much of `more` (RFCs or keys, separated by commas) is shown as fits.
    """

    syntax: str = ""
    summary: str = ""
    more: str = ""
    warning: str = ""


RESETS = "acts as RSET: the sender and recipients will be discarded"
_AGAIN = f"{key_of('reconnect')} reconnects, {key_of('connect')} connects elsewhere"

# Suggestions for each state while nothing is typed.
_NEXT: dict[State, str] = {
    State.CONNECTED: "The server greets first. You can type anyway.",
    State.REFUSED: f"The server refuses this client. Send QUIT; {key_of('reconnect')} tries again.",
    State.GREETED: "Try {ehlo} me: it asks what the server can do",
    State.MAIL: "RCPT TO:<{to}> names a recipient; RSET aborts the transaction",
    State.RCPT: "DATA begins the message; RCPT TO:<...> adds a recipient",
    State.DATA: f"The server is waiting for the message: {key_of('message')} opens the editor",
    State.BDAT: "BDAT opens the editor for the rest; BDAT 0 LAST ends the message",
    State.BDAT_FAILED: "RSET comes next",
    State.AUTH: "Type the answer to the challenge, in base64; * cancels",
    State.TLS: "The server is waiting for a TLS handshake",
    State.TURNED: "The server is the client now: greet it with 220, then reply to it",
    State.CLOSING: f"The server will close the connection next. {_AGAIN}",
    State.CLOSED: f"Not connected: {_AGAIN}",
}


_FAILED = (
    f"No connection: {key_of('explain')} explains why, {key_of('reconnect')} tries again, "
    f"{key_of('connect')} connects elsewhere"
)
_REFUSED = f"The certificate was not accepted: {key_of('tls')} shows why, {do('trust')} accepts it"
_ANNOUNCED = (
    "{code}: the server will close the connection, which is still open. After QUIT, "
    f"{key_of('reconnect')} reconnects"
)
_SILENT = "No greeting yet: a slow server, or a port for another protocol (TLS, HTTP)"
_DRAFT = {
    State.READY: "The draft is kept: after MAIL FROM:<...> and RCPT TO:<...>, DATA opens it",
    State.RCPT: "DATA opens the editor with the draft in it; RCPT TO:<...> adds a recipient",
    State.CLOSED: f"The draft is kept. {_AGAIN}",
}
_DELIVERED = f"{key_of('mailbox')} shows what arrived. MAIL FROM:<...> begins the next message"


# Lines that are not commands -> the warning about them outside a message or AUTH exchange.
_OUT_OF_PLACE = {".": "no message to end", "*": "no AUTH exchange to cancel"}


class Said(msgspec.Struct, frozen=True):
    """The progress of a session, on which suggestions are based."""

    answered: Set[str] = frozenset()
    """The verbs of the commands that the server has answered."""
    offered: Collection[str] = ()
    """The keywords in the EHLO reply."""
    tls: bool = False
    authenticated: bool = False
    login_refused: bool = False
    """Whether the last reply refused a login."""
    refused: Refusal | None = None
    """The last reply if it was a refusal, or None."""


_NOTHING = Said()


def _lead(said: Said, practice: bool) -> str:
    """Return the suggestion shown between two messages: a command that has not been tried yet.

    Once all have been tried, the suggestion is to step through a delivery or to quit.
    """
    begin = "MAIL FROM:<...> begins a message"
    starttls = "STARTTLS" in said.offered and not said.tls
    login = "AUTH" in said.offered and not said.authenticated
    if practice:
        if not said.answered & {"VRFY", "EXPN"}:
            return "Try VRFY alice (it asks about a mailbox), EXPN friends or HELP"
        if "MAIL" not in said.answered:
            return "MAIL FROM:<you@example.org> begins a message"
        if starttls:
            return f"STARTTLS switches to TLS; {begin}"
        if login:
            return f"{do('login')} alice logs in (password: wonderland); {begin}"
    elif starttls:
        return f"STARTTLS switches to TLS; {begin}; also try VRFY and HELP"
    elif login:
        return f"{do('login')} logs in; {begin}; also try VRFY and HELP"
    elif "MAIL" not in said.answered:
        return f"{begin}; also try VRFY and HELP"
    return f"{do('send')} steps through a whole delivery; QUIT ends the session"


def empty_hint(
    state: State,
    *,
    connected: bool,
    practice: bool,
    lmtp: bool = False,
    connecting: str = "",
    failed: bool = False,
    silent: bool = False,
    draft: bool = False,
    delivered: bool = False,
    refused: bool = False,
    closing: int = 0,
    said: Said = _NOTHING,
) -> Hint:
    """Return the hint about what to do next while nothing is typed.

    `connecting` is the target of a connection attempt. `failed` is true if the last attempt failed,
    `silent` if the greeting is overdue, `draft` if there is a draft, `delivered` if the server has
    just accepted a message, and `refused` if the connection ended because of the server's
    certificate. `closing` is the code with which the server announced the end of the connection, or
    0, and `said` is the progress of the session.
    """
    if connecting:
        return Hint(summary=f"Connecting to {connecting}. Esc cancels")
    if not connected:
        text = _FAILED if failed else _NEXT[State.CLOSED]
        if refused:
            return Hint(summary=_REFUSED)
        return Hint(summary=_DRAFT[State.CLOSED] if draft else text)
    if closing and state is not State.CLOSING:
        return Hint(summary=_ANNOUNCED.format(code=closing))
    if state is State.READY and said.login_refused:
        again = "alice tries again (password: wonderland)" if practice else "tries again"
        return Hint(
            warning="login refused",
            summary=f"{key_of('explain')} explains why; {do('login')} {again}",
        )
    found = _due(state, practice, lmtp, silent, draft, delivered, said)
    if said.refused is None or state not in STATES:
        return found
    to = "alice@practice.test" if practice else "..."
    step = next_step(
        said.refused,
        state,
        found.summary,
        offered=said.offered,
        tls=said.tls,
        authenticated=said.authenticated,
        to=to,
        lmtp=lmtp,
    )
    return Hint(warning=said.refused.shown, summary=step, more=f"{key_of('explain')} explains why")


def _due(
    state: State, practice: bool, lmtp: bool, silent: bool, draft: bool, delivered: bool, said: Said
) -> Hint:
    """Return a hint with the next command in this state of a connection."""
    if state is State.READY and not draft:
        return Hint(summary=_DELIVERED if delivered and practice else _lead(said, practice))
    text = _NEXT.get(state, "").format(
        ehlo="LHLO" if lmtp else "EHLO", to="alice@practice.test" if practice else "..."
    )
    if state is State.CONNECTED and silent:
        text = _SILENT
    if draft:
        text = _DRAFT.get(state, text)
    more = (
        f"{key_of('help')} lists the keys, Tab completes, Up recalls"
        if state is State.GREETED
        else ""
    )
    return Hint(summary=text, more=more)


def chunk_hint(left: int, text: str) -> Hint:
    """Return a hint about the octets that a BDAT chunk still needs.

    `left` is their number before the line `text` is sent. If there is a line, the hint also gives
    their number after it.
    """
    said = f"{plural(left, '{} octet')} of the chunk still missing"
    if not text:
        return Hint(said, f"a line's CRLF counts, too; {do('raw')} sends any octets", "RFC 3030 2")
    size = len(text.encode("utf-8", "surrogateescape")) + 2
    if size > left:
        return Hint(said, warning=f"{size - left:,} too many: they will be read as a command")
    after = left - size
    return Hint(said, f"this line is {size:,} of them" + (f", {after:,} are left" if after else
                                                        ": it ends the chunk"))  # fmt: skip


def hint_for(
    text: str,
    *,
    state: State,
    connected: bool,
    keywords: dict[str, tuple[str, ...]] | None,
    lmtp: bool = False,
    practice: bool = False,
    said: Said = _NOTHING,
) -> Hint:
    """Return the hint for the typed text; `state` is the state in which it will be sent."""
    if not text:
        return empty_hint(state, connected=connected, practice=practice, lmtp=lmtp, said=said)
    if text.startswith("::"):
        return Hint("::…", "sends a line that begins with one colon")
    if text.startswith(":"):
        return _order(text)
    if state is State.DATA and connected:
        lost = text.startswith(".") and text != "." and not text.startswith("..")
        warning = f"the server removes the first dot: .{text[:20]} keeps it" if lost else ""
        goes = "sent as a line of the message; a line with only a dot ends it"
        return Hint(summary=goes, warning=warning)
    if state is State.AUTH and connected:
        return Hint("base64", "the answer to the challenge; * cancels", "RFC 4954 4")
    from ...session.facts.commands import COMMANDS
    from ..swaks.words import is_swaks

    verb = text.split(None, 1)[0].upper() if text.strip() else ""
    command = COMMANDS.get(verb)
    if command is None and is_swaks(text):
        return Hint("swaks", "Enter makes a plan of what swaks would do, step by step")
    if command is None or verb in _OUT_OF_PLACE:
        return _unknown(verb, connected=connected)
    return Hint(
        command.syntax,
        _parameter(text, verb) or command.summary,
        command.source,
        _warning(verb, text, state, connected, keywords, lmtp),
    )


def _order(text: str) -> Hint:
    name = text[1:].split(None, 1)[0] if text[1:].strip() else ""
    if not name:
        return Hint(":order", "an order to heloscope: :connect, :mailbox, :save …  Tab lists all")
    action = find_action(name)
    if action is not None:
        key = key_name(action.key) if action.key else ""
        return Hint(f":{action.name} {action.argument}".strip(), action.summary, key)
    meant = nearest_action(name)
    return Hint(warning=f"unknown order{f'; :{meant}?' if meant else '; Tab lists them'}")


def _unknown(verb: str, *, connected: bool) -> Hint:
    from ...session.facts.commands import COMMANDS, nearest

    warning = _OUT_OF_PLACE.get(verb, "")
    if not warning:
        names = [known for known in COMMANDS if known.startswith(verb)][:8]
        if names:
            return Hint(" ".join(names), "Tab completes")
        meant = nearest(verb)
        warning = f"unknown command{f': {meant}?' if meant else ''}"
    if not connected:
        return Hint(warning=f"not connected, and {warning}")
    return Hint(summary="Enter sends it anyway", warning=warning)


def _parameter(text: str, verb: str) -> str:
    """Return a description of the MAIL or RCPT parameter being typed, or ""."""
    _, bracket, rest = text.rpartition(">")
    if verb not in ("MAIL", "RCPT") or not bracket or not rest.strip():
        return ""
    from ...session.facts.parameters import PARAMETERS

    name = rest.split()[-1].partition("=")[0].upper()
    found = next((parameter for parameter in PARAMETERS if parameter.name == name), None)
    if found is None:
        return ""
    value = f"={found.value}" if found.value else ""
    return f"{found.name}{value}: {found.summary}"


def _warning(
    verb: str,
    text: str,
    state: State,
    connected: bool,
    keywords: dict[str, tuple[str, ...]] | None,
    lmtp: bool,
) -> str:
    from ...session.facts.commands import COMMANDS

    if not connected:
        return "not connected"
    fault = _fault(text, verb, keywords)
    if fault:
        return fault
    if lmtp and verb in ("EHLO", "HELO"):
        return "LMTP uses LHLO"
    if verb in GREETINGS and state in IN_TRANSACTION:
        return RESETS
    asked = f"{verb} LAST" if verb in CHUNK_VERBS and is_last_chunk(text) else verb
    if move(state, asked) is None:
        where = in_words(state, lmtp=lmtp).replace("*", "")
        return f"out of order: {where}"
    needed = COMMANDS[verb].keyword
    if needed and keywords is not None and needed not in keywords:
        return f"not offered: the server does not list {needed}"
    if keywords is None and needed in ("STARTTLS", "AUTH", "CHUNKING"):
        return "EHLO first: its reply shows whether this is offered"
    return ""


def _fault(text: str, verb: str, keywords: dict[str, tuple[str, ...]] | None) -> str:
    """Return the fault of a line that cannot be corrected by typing more, or ""."""
    from ...session.protocol.command_syntax import faults, longest_line
    from ...session.protocol.violations import RULES

    line = text.encode("utf-8", "surrogateescape")
    limit, size = longest_line(verb, keywords), len(line) + 2
    if size > limit:
        more = "; the answer may follow the 334 instead" if verb in AUTH_VERBS else ""
        return f"line too long: {size:,} octets, {limit:,} are allowed{more}"
    for fault in faults(line, verb, keywords):
        if not fault.open:
            title = RULES[fault.rule].title
            detail = by_shape(fault.detail)  # it may quote a secret
            return f"{title}: {detail}" if detail else title
    return ""
