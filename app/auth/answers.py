"""Manual AUTH: the server's challenge, the typed answer, and the line that is sent.

`AuthAnswers` is a plain object, independent of widgets, that follows the conversation. A challenge
(334) is a question, and the parts of its answer are asked for one by one. If AUTH is typed without
an initial response, the parts of that response are asked for before AUTH is sent. Typed text is
kept here as `Secret` until the exchange is over.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from ...session.aio.session import Session
from ...session.events import Kind
from ...session.facts.mechanisms import MECHANISMS
from ...session.protocol.states import State
from ...session.sasl.in_transcript import open_exchange
from ...session.sasl.mechanisms import SaslError, encoded
from ...session.sasl.prompts import BUILT, AuthField, AuthFields, fields, message, scram_beginning
from ...session.script.concealment import reads_as_command
from ...session.script.escapes import raw_bytes
from ...session.script.grammar import GrammarError
from ...session.secret import Secret
from ...session.verbs import auth_parts
from ..advice import key_of
from ..input.sender import tls_begins
from .exposure import who_can_read
from .question import ALONE, PARTS, RAW, TEXT, AuthQuestion, Taken, decoded_or_none, question_of

if TYPE_CHECKING:
    from ...session.aio.manual import Manual
    from ...session.record.masking import KnownSecrets

_NOTHING_SENT = "Nothing was sent."
_ENTER_FIRST = (
    "Not used: this looks like a command. Press Enter on an empty line to send the login first."
)
_ENTER_ALONE = "Nothing to type here: Enter alone sends the answer."


class AuthConnections(Protocol):
    """The part of the connection that `AuthAnswers` uses. ConnectionManager implements it."""

    @property
    def session(self) -> Session | None:
        """The current session, or None."""
        ...

    @property
    def manual(self) -> Manual | None:
        """The object that sends answers typed before their challenges, or None."""
        ...

    @property
    def secrets(self) -> KnownSecrets:
        """The secrets to mask."""
        ...

    @property
    def accepted(self) -> bool:
        """Whether TLS is in use with an unverified certificate that the user accepted."""
        ...


class AuthAnswers:
    """The user's answers to the challenges of a SASL exchange.

    `automatic` returns whether a step of the plan answers the challenge, so that no prompt is
    shown.
    """

    def __init__(self, connections: AuthConnections, automatic: Callable[[], bool]) -> None:
        self._connections = connections
        self._automatic = automatic
        self.question: AuthQuestion | None = None
        self.mode = PARTS
        self.peeking = False
        """Whether secrets are currently shown."""
        self.trouble = ""
        """A sentence that explains why nothing can be sent; "" if something can."""
        self.insist = False
        """Whether the next Enter sends a secret even though it can be read on the network path."""
        self.unprotected = ""
        """Why a secret could be read on the network path, and by whom; "" if it is protected."""
        self._session: Session | None = None
        self._parts: dict[str, Secret] = {}
        self._before: frozenset[str] = frozenset()  # the keys of the parts already sent
        self._at = 0  # the part that is asked for
        self._nonce = ""
        self._held = ""  # an AUTH typed with its response, sent only on a second Enter
        self._unseen = False  # the line was typed before its challenge arrived

    # State

    @property
    def active(self) -> bool:
        """Whether a typed line is an answer, as it is between AUTH and its final reply."""
        return self.question is not None or self.waiting

    @property
    def waiting(self) -> bool:
        """Whether the exchange is waiting for a reply from the server."""
        session = self._connections.session
        return (
            session is not None
            and session.connected
            and not self._automatic()
            and session.conversation.in_secret_doubt
        )

    @property
    def ahead(self) -> int:
        """The number of lines typed in advance, whose challenges have not arrived yet."""
        manual = self._connections.manual
        return len(manual.answers) if manual is not None else 0

    @property
    def building(self) -> bool:
        """Whether the AUTH command itself has not been sent yet."""
        return self.question is not None and self.question.challenge is None

    @property
    def fields(self) -> AuthFields | None:
        """The parts of the current answer, or None if heloscope does not support the mechanism."""
        question = self.question
        if question is None:
            return None
        last = question.challenges[-1] if question.challenges else None
        return fields(question.mechanism, question.number, last, self._before)

    @property
    def field(self) -> AuthField | None:
        """The part to type now, or None if the answer is complete or not typed in parts."""
        fields = self.fields
        return (
            fields[self._at] if fields and self.mode == PARTS and self._at < len(fields) else None
        )

    def given(self, typed: str) -> list[tuple[AuthField, str]]:
        """Return the parts of this answer so far; `typed` is the text of the current part."""
        found: list[tuple[AuthField, str]] = []
        for number, field in enumerate(self.fields or ()):
            if number < self._at and field.key in self._parts:
                found.append((field, self._parts[field.key].reveal().decode("utf-8", "replace")))
            elif number == self._at and typed:
                found.append((field, typed))
        return found

    @property
    def modes(self) -> tuple[str, ...]:
        """The modes in which this answer can be typed, default first."""
        if self.question is None:
            return (PARTS, RAW)
        if self.building:
            return (PARTS, TEXT, ALONE)
        return (TEXT, RAW) if self.fields is None else (PARTS, TEXT, RAW)

    @property
    def hidden(self) -> bool:
        """Whether typed text is shown as dots."""
        if self.peeking:
            return False
        if self.waiting or self._unseen or self.question is None:
            return True
        field = self.field
        if self.mode == PARTS:
            return field is None or field.secret  # nothing need be typed, but something may be
        return self.mode != ALONE

    @property
    def takes_secret_text(self) -> bool:
        """Whether an answer is typed as a whole and may contain a secret."""
        if self.question is None or self.mode not in (TEXT, RAW):
            return False
        fields = self.fields
        return fields is None or any(field.secret for field in fields)

    # Following the conversation

    def look(self, typed: str) -> list[str]:
        """Catch up with the conversation, and return notices for the user.

        `typed` is the text on the command line.
        """
        session = self._connections.session
        told: list[str] = []
        if session is not self._session:
            self._session = session
            self._end()
        if session is None or not session.connected:
            if self.building:
                told.append(f"The connection has ended. {_NOTHING_SENT}")
            self._end()
            return told
        if self.waiting:
            self._unseen = bool(typed)
            if self.question is not None:
                self._forget_question()
        elif session.conversation.mode is Kind.AUTH and not self._automatic():
            self._unseen = self._unseen and bool(typed)
            self._ask(session)
        elif self.building:
            self._unseen = self._unseen and bool(typed)
        else:
            self._end()
        return told

    def _ask(self, session: Session) -> None:
        found = open_exchange(session.transcript)
        if found is None or (self.question is not None and self.question.row == found.row):
            return
        self._forget_question()
        own = next((text for sent, text in found.said if sent), b"")
        known = scram_beginning(found.mechanism, decoded_or_none(own) or b"")
        if known is not None:  # of SCRAM, even if it was begun with a typed line
            self._parts["user"], self._nonce = Secret(known[0]), known[1]
        self._before = frozenset(self._parts)
        self.question = question_of(found)
        self.mode = self.modes[0]
        self.unprotected = who_can_read(session, accepted=self._connections.accepted)

    def _forget_question(self) -> None:
        self.question = None
        self.mode = PARTS
        self.trouble = ""
        self.peeking = self.insist = False
        self._at = 0

    def _end(self) -> None:
        self._forget_question()
        self._parts.clear()
        self._before = frozenset()
        self._nonce = ""
        self._unseen = False

    # Typed input

    def holds(self, line: str) -> bool:
        """Return whether the first Enter must hold back `line`, an AUTH with its initial response.

        It is held back if anyone on the network path could read its secret; `unprotected` then
        gives the reason.
        """
        parts = auth_parts(line)
        session = self._connections.session
        if (
            parts is None
            or parts[3][:1] in ("", "=")
            or session is None
            or not session.connected
            or line == self._held
        ):
            self._held = ""
            return False
        fact = MECHANISMS.get(parts[1].upper())
        self.unprotected = who_can_read(session, accepted=self._connections.accepted)
        if tls_begins(session) or not self.unprotected or fact is None or not fact.readable:
            return False
        self._held = line
        return True

    def begin(self, line: str, typed: str = "") -> bool:
        """Ask for the initial response if `line` is an AUTH without one. Return whether it is.

        Return False as well if the mechanism or the state of the session does not allow this.
        `typed` is text that has already been typed after the line, without being shown.
        """
        parts = auth_parts(line)
        session = self._connections.session
        if parts is None or parts[3] or session is None or not session.connected:
            return False
        talk = session.conversation
        mechanism = parts[1].upper()
        ready = talk.state is State.READY and not talk.waiting_for and talk.has_extn("AUTH")
        if mechanism not in BUILT or not ready or talk.authenticated:
            return False
        self._session = session
        self._end()
        self._unseen = bool(typed)
        self.question = AuthQuestion(mechanism, 0, None, (None,), line.strip())
        self.unprotected = who_can_read(session, accepted=self._connections.accepted)
        return True

    def next_mode(self) -> str:
        """Change to the next mode, and return it. Any text typed for the answer is discarded."""
        modes = self.modes
        at = modes.index(self.mode) if self.mode in modes else -1
        self.mode = modes[(at + 1) % len(modes)]
        self._again()
        return self.mode

    def _again(self) -> None:
        self._at = 0
        self.trouble = ""
        self.peeking = self.insist = False
        self._parts = {key: self._parts[key] for key in self._before if key in self._parts}

    def give_up(self) -> str:
        """Drop an AUTH that has not been sent. Return a notice about it; "" if there was none."""
        if not self.building:
            return ""
        self._end()
        return f"AUTH cancelled. {_NOTHING_SENT}"

    def take(self, text: str) -> Taken:
        """Handle a typed line. If it completes an answer, the caller sends it and calls `sent`."""
        self._unseen = False
        self.trouble = ""
        if self.question is None:
            return self._take_ahead(text)
        if text == "*":
            return Taken(self.give_up()) if self.building else Taken(line=b"*")
        parts = self._parts
        if self.mode == PARTS:
            field = self.field
            if field is not None:
                if not text and not field.optional:
                    self.trouble = (
                        f"The {field.label} is missing. {key_of('way')} switches to free text."
                    )
                    return Taken()
                if field.optional and _is_line(text):
                    self.trouble = _ENTER_FIRST
                    return Taken(keep=True)
                octets = text.encode("utf-8", "surrogateescape")
                parts[field.key] = Secret(octets)
                if field.secret:  # before it is sent, and even if it never is
                    self._connections.secrets.add(octets)
                self._at += 1
                if self.field is not None:
                    return Taken()
            elif text:
                self._connections.secrets.add(text.encode("utf-8", "surrogateescape"))
                self.trouble = _ENTER_ALONE
                return Taken()
        try:
            line = self._line(text, parts)
        except SaslError as error:
            if self.mode == PARTS:
                self._again()
            self.trouble = _sentence(error)
            return Taken(keep=self.mode != PARTS)
        exposed = self.unprotected and self.mode != ALONE
        if exposed and self._gives_secret_away and not self.insist:
            self.insist = True
            return Taken(keep=self.mode != PARTS)
        return Taken(line=line)

    def _take_ahead(self, text: str) -> Taken:
        if not self.waiting:
            return Taken("AUTH has ended: the typed answer was not sent.")
        if self.ahead:  # the first line is usually the user
            self._connections.secrets.add(text.encode("utf-8", "surrogateescape"))
        if self.mode == RAW or text == "*":
            return Taken(line=text.encode("utf-8", "surrogateescape"))
        if self._connections.manual is not None:
            self._connections.manual.answer(text.encode("utf-8", "surrogateescape"))
        return Taken()

    def foreseen(self, typed: str) -> bytes | None:
        """Return the line that the typed text would send, or None while it is incomplete.

        A proof that takes a long time to compute is computed only on Enter. Raises SaslError.
        """
        question, field = self.question, self.field
        if question is None:
            return typed.encode("utf-8", "surrogateescape") if self.mode == RAW else None
        parts = self._parts
        if self.mode == PARTS:
            asked = self.fields or ()
            if field is not None:
                parts = {**parts, field.key: Secret(typed.encode("utf-8", "surrogateescape"))}
            if any(one.key not in parts for one in asked) or (
                field is not None and not typed and not field.optional
            ):
                return None
            if question.mechanism.startswith("SCRAM-") and any(one.secret for one in asked):
                return None
        return self._line(typed, parts)

    def _line(self, text: str, parts: dict[str, Secret]) -> bytes:
        question = self.question
        assert question is not None
        octets = text.encode("utf-8", "surrogateescape")
        head = question.line.encode("utf-8", "surrogateescape") + b" " if self.building else b""
        if self.mode == RAW:
            return octets
        if self.mode == ALONE:
            return head.rstrip()
        if self.mode == TEXT:
            try:
                said = raw_bytes(text)
            except GrammarError as error:
                raise SaslError(str(error).rstrip(".")) from None
        else:
            said = self._message(question, parts)
        return head + encoded(said, initial=self.building)

    def _message(self, question: AuthQuestion, parts: dict[str, Secret]) -> bytes:
        self._nonce = self._nonce or secrets.token_urlsafe(24)
        session = self._connections.session
        target = session.target if session is not None else None
        return message(
            question.mechanism,
            parts,
            question.challenges,
            nonce=self._nonce,
            host=target.host if target else "",
            port=target.port if target else 0,
            asked=self.fields or (),
        )

    @property
    def _gives_secret_away(self) -> bool:
        """Whether anyone who reads this answer would learn a secret that gives access."""
        question, fields = self.question, self.fields
        fact = MECHANISMS.get(question.mechanism) if question is not None else None
        if fact is None or not fact.readable:
            return False
        return fields is None or any(field.secret for field in fields)

    def sent(self) -> None:
        """Close the question, because its answer is being sent."""
        self._before = frozenset(self._parts)
        self._forget_question()


def _is_line(text: str) -> bool:
    """Return whether a text is an order or a command with an argument, rather than a user name."""
    return text.startswith(":") or (" " in text.strip() and reads_as_command(text))


def _sentence(error: Exception) -> str:
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}."
