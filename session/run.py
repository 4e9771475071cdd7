"""A procedure under way: what it asks for next, what it was answered, how it came out.

Procedures that it calls run inside it, so whoever drives it sees one row of steps. What it was
answered is kept on request: then the same procedure can be run again from its beginning, for
foreseeing what is still to come, or to start over with the same answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from .events import ReplyReceived
from .procedures import PROCEDURES
from .reply import Reply
from .steps import Ask, Call, Dial, Expect, Known, Peer, Procedure, Remark, Send, StartTls, Step

MOST_FORESEEN = 10_000  # steps; a list of recipients may be long


class _View:
    """The `Peer` that a procedure holds: what is known at the moment that it runs in."""

    def __init__(self, now: Peer) -> None:
        self.now = now

    def __getattr__(self, name: str) -> Any:
        return getattr(self.now, name)


class Thrown:
    """Kept in place of an answer: what was thrown in instead."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


class Run:
    """One procedure, by its name in PROCEDURES.

    `step` is what it asks for now, None when it is over; then `result` is there, or what it
    raised was raised by `answer` or `throw`. `peer()` gives what is known at that moment.
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
        """(what was known before, answer) of each step so far; only with `keep`."""
        self._keep = keep
        self._peer = peer
        self._view = _View(peer())
        self._stack: list[Procedure] = []
        self._begin = snapshot(self._view.now) if keep else None
        self._call(name, arguments, self.keywords)
        self._resume(None, None)

    def answer(self, value: Any) -> None:
        """Answer the present step, and go to the next. Raises what the procedure raises."""
        self._note(value)
        self._resume(value, None)

    def throw(self, error: BaseException) -> None:
        """Throw `error` in at the present step. Raises what the procedure raises."""
        self._note(Thrown(error))
        self._resume(None, error)

    def foreseen(self) -> Iterator[Step]:
        """The steps still to come if all goes well: `Send`s, `Dial`s and `StartTls`s."""
        if self.step is None:
            return
        yield from _foresee(self)

    # Within

    def _note(self, answer: Any) -> None:
        if self._keep and not (isinstance(self.step, Ask) and not self.step.keep):
            self.kept.append((snapshot(self._view.now), answer))

    def _call(self, name: str, arguments: tuple[Any, ...], keywords: Any) -> None:
        self._stack.append(PROCEDURES[name](self._view, *arguments, **keywords))

    def _resume(self, value: Any, error: BaseException | None) -> None:
        self._view.now = self._peer()
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
    """What `peer` knows now, as a value."""
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

_GOOD = {"DATA": 354, "STARTTLS": 220, "QUIT": 221, "AUTH": 235, "(auth)": 235}


def _foresee(run: Run) -> Iterator[Step]:
    known = run.kept[-1][0] if run.kept else run._begin or snapshot(run._peer())
    at = 0

    def peer() -> Known:
        return run.kept[at][0] if at < len(run.kept) else known

    again = Run(peer, run.name, run.arguments, run.keywords)
    try:
        while again.step is not None and at < len(run.kept):
            if isinstance(again.step, Ask) and not again.step.keep:
                again.answer(again.step.assumed or b"")
                continue
            answer = run.kept[at][1]
            at += 1
            if isinstance(answer, Thrown):
                again.throw(answer.error)
            else:
                again.answer(answer)
        known = snapshot(run._peer())
        verbs: list[str] = []
        for _ in range(MOST_FORESEEN):
            step = again.step
            if step is None:
                return
            answer = None
            match step:
                case Send(verb=verb):
                    yield step
                    verbs.append(verb)
                case Dial() | StartTls():
                    yield step
                    if isinstance(step, StartTls):
                        known = Known(manner=known.manner, tls=True, lmtp=known.lmtp,
                                      esmtp_features=known.esmtp_features)  # fmt: skip
                case Expect():
                    verb = verbs.pop(0) if verbs else ""
                    answer = _assumed(verb)
                    known = _after(known, verb)
                case Ask(assumed=assumed):
                    answer = assumed
                case _:
                    pass
            again.answer(answer)
    except Exception:
        return  # foreseen to fail: nothing comes behind it


def _assumed(verb: str) -> Reply:
    code = _GOOD.get(verb, 250)
    return Reply(code, b"", ReplyReceived(0.0, 0, 0, code))


def _after(known: Known, verb: str) -> Known:
    """What would be known after a good reply to `verb`."""
    if verb in ("EHLO", "LHLO"):
        return Known(
            manner=known.manner, ehlo_resp=b"", does_esmtp=True, tls=known.tls, lmtp=known.lmtp,
            esmtp_features=known.esmtp_features, command_encoding=known.command_encoding,
        )  # fmt: skip
    return known
