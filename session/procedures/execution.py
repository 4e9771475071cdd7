"""The execution of a procedure: its current step, the answers so far, and its result.

Procedures that this procedure calls run inside it, so the driver sees a single sequence of steps.
The answers can be kept. The procedure can then be repeated from the beginning, to predict the
remaining steps or to restart with the same answers.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from itertools import islice
from typing import Any

import msgspec

from ..events import ReplyReceived
from ..reply import Reply
from ..verbs import AUTH_EXCHANGE
from .registry import PROCEDURES
from .steps import Ask, Call, Dial, Expect, Known, Peer, Procedure, Remark, Send, StartTls, Step

MOST_FORESEEN = 10_000  # steps; a list of recipients may be long


class _PeerView:
    """The `Peer` of a running procedure. It always reflects the current state."""

    def __init__(self, now: Peer) -> None:
        self.now = now

    def __getattr__(self, name: str) -> Any:
        return getattr(self.now, name)


class Thrown:
    """An error that was thrown into the procedure at a step, kept in place of an answer."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


class _Kind(Enum):
    """What a step does. The steps themselves are not kept, since each may be part of a message."""

    ASKED = "asks for a value"
    SENT = "will have a reply"
    REPLIED = "waits for a reply"
    OTHER = "anything else"


def _kind(step: Step) -> _Kind:
    match step:
        case Ask():
            return _Kind.ASKED
        case Send() | Dial():
            return _Kind.SENT
        case Expect(again=False):
            return _Kind.REPLIED
        case _:
            return _Kind.OTHER


class Execution:
    """The execution of one procedure, given by its name in PROCEDURES.

    `step` is the current step, or None at the end. At the end, `result` is set, unless `answer` or
    `throw` raised the procedure's error. `peer()` returns the current state.
    """

    def __init__(
        self,
        peer: Callable[[], Peer],
        name: str,
        arguments: tuple[Any, ...] = (),
        keywords: dict[str, Any] | None = None,
        *,
        keep: bool = False,
    ) -> None:
        self.name = name
        self.arguments = arguments
        self.keywords = keywords or {}
        self.step: Step | None = None
        self.result: Any = None
        self.kept: list[tuple[Known, Any]] = []
        """The state at each step so far, with the answer. Empty unless `keep` is true."""
        self.known: Known | None = None
        """The state when the current step was made; None unless `keep` is true."""
        self.cut = False
        """Whether the last prediction was cut off at MOST_FORESEEN."""
        self.owed: deque[Reply] = deque()
        """After `back_to`, the replies already received to commands sent before the step."""
        self._kinds: list[_Kind] = []  # of the steps whose answers are kept
        self._keep = keep
        self.peer = peer
        self._view = _PeerView(peer())
        self._stack: list[Procedure] = []
        self._call(name, arguments, self.keywords)
        self._resume(None, None)

    def answer(self, value: Any) -> None:
        """Answer the current step and advance to the next one. Raises the procedure's errors."""
        if self._keep:
            self._note(value)
        self._resume(value, None)

    def throw(self, error: BaseException) -> None:
        """Throw `error` into the procedure at the current step. Raises the procedure's errors."""
        if self._keep:
            self._note(Thrown(error))
        self._resume(None, error)

    def foreseen(self, likely: Mapping[bool, Mapping[str, str]] = {}) -> Iterator[Step]:
        """Return the remaining `Send`, `Dial` and `StartTls` steps if every reply is positive.

        A message counts as one step, which contains the message only if it is short. `likely` maps
        True (with TLS) and False (without TLS) to the esmtp_features that the server is expected to
        offer. By default, the current features are expected. Requires `keep`.
        """
        self.cut = False
        if self.step is None:
            return iter(())
        return _foresee(self, likely)

    def back_to(self, place: int) -> Execution:
        """Return a new execution of the procedure, advanced by the first `place` kept answers.

        While these answers are replayed, and when the step after them is made, the new execution
        sees the states of that time, so that a step such as EHLO is repeated even if it would not
        be needed now. A value requested directly before that step, such as an initial response, is
        requested again. Replies to earlier commands that arrived after the step, as in a group (RFC
        2920), are `owed`. Requires `keep`, and is not possible after parts of a message, which are
        not kept.
        """
        kept = self.kept
        while place and self._kinds[place - 1] is _Kind.ASKED:
            place -= 1
        at = 0

        def peer() -> Peer:
            if at < len(kept):
                return kept[at][0]
            return self.peer() if self.known is None else self.known

        again = Execution(peer, self.name, self.arguments, self.keywords, keep=True)
        while at < place:
            answer = kept[at][1]
            at += 1
            if isinstance(answer, Thrown):
                again.throw(answer.error)
            else:
                again.answer(answer)
        again.peer = self.peer
        again.owed.extend(self._owed(place))
        return again

    def _owed(self, place: int) -> Iterator[Reply]:
        """Yield the replies after the first `place` steps to commands sent in those steps."""
        due = 0
        for at, (kind, (_, answer)) in enumerate(zip(self._kinds, self.kept, strict=True)):
            if kind is _Kind.REPLIED and due:
                due -= 1
                if at >= place and isinstance(answer, Reply):
                    yield answer
            elif kind is _Kind.SENT and at < place and not isinstance(answer, Thrown):
                due += 1
        yield from islice(self.owed, due)

    # Within

    def _note(self, answer: Any) -> None:
        assert self.known is not None and self.step is not None
        if isinstance(self.step, Ask) and not self.step.keep and not isinstance(answer, Thrown):
            answer = _SOMETHING if answer else b""
        self.kept.append((self.known, answer))
        self._kinds.append(_kind(self.step))

    def _call(self, name: str, arguments: tuple[Any, ...], keywords: Any) -> None:
        self._stack.append(PROCEDURES[name](self._view, *arguments, **keywords))

    def _resume(self, value: Any, error: BaseException | None) -> None:
        self._view.now = self.peer()
        if self._keep:
            known = snapshot(self._view.now)
            if known != self.known:  # most steps change nothing
                self.known = known
        stack = self._stack
        while stack:
            try:
                if error is not None:
                    failed, error = error, None
                    step = stack[-1].throw(failed)
                else:
                    step = stack[-1].send(value)
            except StopIteration as over:
                stack.pop()
                value = over.value
                continue
            except BaseException as raised:
                stack.pop()
                if not stack:
                    self.step = None
                    raise
                error = raised
                continue
            value = None
            if type(step) is Remark:
                continue
            if type(step) is Call and step.name in PROCEDURES:
                self._call(step.name, step.arguments, step.keywords)
                continue
            self.step = step
            return
        self.step = None
        self.result = value


def snapshot(peer: Peer) -> Known:
    """Return a snapshot of the state of `peer`."""
    return Known(
        manner=peer.manner,
        ehlo_resp=peer.ehlo_resp,
        helo_resp=peer.helo_resp,
        does_esmtp=peer.does_esmtp,
        esmtp_features=dict(peer.esmtp_features),
        command_encoding=peer.command_encoding,
        tls=peer.tls,
        lmtp=peer.lmtp,
    )


# Foreseeing

_SOMETHING = b"\r\n"  # in place of a part of a message that was not kept
_GOOD = {"greeting": 220, "DATA": 354, "STARTTLS": 220, "QUIT": 221, "AUTH": 235, "(auth)": 235}
# The number of responses in an AUTH exchange, including the initial response; one if not listed.
_ANSWERS = {"LOGIN": 2, "SCRAM-SHA-1": 3, "SCRAM-SHA-256": 3}


def _foresee(run: Execution, likely: Mapping[bool, Mapping[str, str]]) -> Iterator[Step]:
    """Repeat the procedure with its kept answers, then yield the steps after positive replies."""
    at = 0
    known = run.known

    def peer() -> Peer:
        now = run.kept[at][0] if at < len(run.kept) else known
        assert now is not None
        return now

    again = Execution(peer, run.name, run.arguments, run.keywords)
    good = _Good(likely)
    while again.step is not None and at < len(run.kept):
        answer = run.kept[at][1]
        at += 1
        thrown = isinstance(answer, Thrown)
        if not (thrown and isinstance(again.step, Send)):  # skipped, so no reply is due
            good.saw(again.step)
        if thrown:
            again.throw(answer.error)
        else:
            again.answer(answer)
    known = snapshot(run.peer())
    in_message = False
    try:
        for _ in range(MOST_FORESEEN):
            step = again.step
            if step is None:
                return
            message = isinstance(step, Send) and step.verb == "."
            if isinstance(step, Send | Dial | StartTls) and not (message and in_message):
                yield step
            in_message = message or (in_message and isinstance(step, Ask))
            good.saw(step)
            answer, known = good.answer(step, known)
            again.answer(answer)
        run.cut = again.step is not None
    except Exception:
        return  # expected to fail: nothing follows


class _Good:
    """A server's positive replies to the predicted steps."""

    def __init__(self, likely: Mapping[bool, Mapping[str, str]]) -> None:
        self._likely = likely
        self._sent: list[tuple[str, int]] = []  # (verb, code) of the replies that are due
        self._answers = 0  # responses that AUTH still needs
        self._now = ("", 250)

    def saw(self, step: Step) -> None:
        """Record a step, so that `answer` knows which reply is due."""
        match step:
            case Send(verb="AUTH", data=data):
                words = data.split()
                mechanism = words[1].decode("ascii", "replace") if len(words) > 1 else ""
                self._answers = _ANSWERS.get(mechanism, 1) - (len(words) > 2)
                self._due("AUTH")
            case Send(verb="(auth)"):
                self._answers -= 1
                self._due("(auth)")
            case Send(verb=".", data=data) if data != b".\r\n":
                pass  # its end follows
            case Send(verb=verb):
                self._due(verb)
            case Dial():
                self._due("greeting")
            case Expect(again=False):
                self._now = self._sent.pop(0) if self._sent else ("", 250)
            case _:
                pass

    def _due(self, verb: str) -> None:
        code = _GOOD.get(verb, 250)
        if verb in AUTH_EXCHANGE and self._answers > 0:
            code = 334
        self._sent.append((verb, code))

    def answer(self, step: Step, known: Known) -> tuple[Any, Known]:
        """Return the answer to a step, and the state after it."""
        match step:
            case StartTls():
                return None, msgspec.structs.replace(
                    known, tls=True, ehlo_resp=None, helo_resp=None, does_esmtp=False
                )
            case Expect(again=False, assumed=reply):
                verb, code = self._now
                return reply or _reply(code), _after(known, verb, self._likely)
            case Expect(assumed=reply):
                return reply or _reply(250), known
            case Ask(assumed=assumed):
                return assumed() if callable(assumed) else assumed, known
            case _:
                return None, known


def _reply(code: int) -> Reply:
    return Reply(code, b"", ReplyReceived(0.0, 0, 0, code))


def _after(known: Known, verb: str, likely: Mapping[bool, Mapping[str, str]]) -> Known:
    """Return the state after a positive reply to `verb`."""
    if verb in ("EHLO", "LHLO"):
        offered = likely.get(known.tls, known.esmtp_features)
        return msgspec.structs.replace(
            known, ehlo_resp=b"", helo_resp=None, does_esmtp=True, esmtp_features=dict(offered)
        )
    if verb == "HELO":
        return msgspec.structs.replace(known, helo_resp=b"", does_esmtp=False, esmtp_features={})
    return known
