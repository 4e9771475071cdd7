"""The stepper: a procedure on a session, one command at a time, as a debugger runs a program.

It runs the very procedures that `Session` runs. What comes next can be seen before it is sent,
changed, left out where that means something, or let go up to a breakpoint; commands typed in
between go their own way, and find their own replies.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from .breakpoints import Breakpoint
from .errors import ReplyTimedOut
from .events import Note
from .facts.commands import COMMANDS
from .reply import Reply
from .run import Run
from .steps import SKIPPING, Ask, Call, Dial, Expect, Send, Skipped, StartTls, Step, needed
from .waiting import Exchange

if TYPE_CHECKING:
    from .session import Session

_OWN_WORDS = {
    ".": "the message, and the dot that ends it",
    "(auth)": "the answer to the challenge",
    "BDAT LAST": "the last chunk of the message",
}


class CannotSkip(ValueError):
    """This step cannot be left out; the message says why."""


class Planned(msgspec.Struct, frozen=True):
    """A step to come: `data` exactly as it would go out, secrets in `shown` masked.

    `verb` is that of the command ("." for the message), "connect" or "TLS"; `words` say what it
    is for; `skipping` what leaving it out means, empty where that cannot be.
    """

    verb: str
    words: str
    data: bytes = b""
    shown: bytes = b""
    skipping: str = ""


class Done(msgspec.Struct, frozen=True):
    """A step that was taken: what went out, the reply, and how many seconds it took."""

    planned: Planned
    reply: Reply | None = None
    seconds: float = 0.0
    edited: bool = False
    skipped: bool = False
    error: str = ""


class Stepper:
    """Steps through one procedure of procedures.PROCEDURES on `session`.

    `await begin()` first. Then `next` is the step to come, None when it is over: `result` or
    `error` tells how it came out. `done` are the steps that were taken.
    """

    def __init__(
        self,
        session: Session,
        name: str,
        *arguments: Any,
        clock: Callable[[], float] = time.monotonic,
        **keywords: Any,
    ) -> None:
        self.session = session
        self.done: list[Done] = []
        self.next: Planned | None = None
        self.result: Any = None
        self.error: BaseException | None = None
        self._clock = clock
        self._name, self._arguments, self._keywords = name, arguments, keywords
        self._run: Run | None = None
        self._exchange = Exchange()
        self._edited: bytes | None = None

    @property
    def over(self) -> bool:
        """True when no step is left."""
        return self._run is not None and self._run.step is None

    @property
    def waiting(self) -> bool:
        """True while the reply to the last step has not come: `wait` goes on waiting for it."""
        return self._run is not None and isinstance(self._run.step, Expect)

    async def begin(self) -> None:
        """Come to the first step; nothing is sent."""
        try:
            self._run = Run(
                lambda: self.session, self._name, self._arguments, self._keywords, keep=True
            )
        except Exception as error:
            self._ended(error)
            return
        await self._settle()

    def foreseen(self) -> list[Planned]:
        """The steps to come if all goes well, the next one first; parts of a message as one."""
        if self._run is None:
            return []
        found: list[Planned] = []
        for step in self._run.foreseen():
            planned = self._planned(step)
            if not (found and found[-1].verb == planned.verb == "."):
                found.append(planned)
        if self.next is not None and found:
            found[0] = self.next
        return found

    # Stepping

    async def send(self) -> Reply | None:
        """Take the next step, and wait for its reply.

        Raises ReplyTimedOut: then the command is on its way, and `wait` waits on. What else the
        step raises goes to the procedure; when that is over by it, `error` holds it.
        """
        assert self._run is not None and self.next is not None
        planned, edited = self.next, self._edited
        step = self._run.step
        if edited is not None and isinstance(step, Send):
            planned = msgspec.structs.replace(
                planned, data=edited, shown=self.session.conversation.mask_next(edited)
            )
            step = msgspec.structs.replace(step, data=edited)
            self.session.note(Note(self._clock(), "edited", "the next line was edited"))
        self._edited = None
        began = self._clock()
        count = len(self.done)
        self.done.append(Done(planned, edited=edited is not None))
        assert step is not None
        await self._take(step)
        while isinstance(self._run.step, Send) and planned.verb == self._run.step.verb == ".":
            await self._take(self._run.step)
            await self._asks()
        reply = await self.wait()
        self.done[count] = msgspec.structs.replace(
            self.done[count],
            reply=reply,
            seconds=self._clock() - began,
            error=str(self.error) if self.error is not None else "",
        )
        return reply

    async def wait(self) -> Reply | None:
        """Wait for the reply to the step that was taken last. Raises ReplyTimedOut."""
        assert self._run is not None
        reply: Reply | None = None
        while isinstance(self._run.step, Expect):
            answer = await self._take(self._run.step)
            if isinstance(answer, Reply):
                reply = answer
            await self._asks()
        await self._settle()
        return reply

    def edit(self, data: bytes) -> None:
        """Have these bytes sent in place of the next step's: exactly these."""
        if self._run is None or not isinstance(self._run.step, Send):
            raise ValueError("the next step sends nothing that could be edited")
        self._edited = data
        assert self.next is not None
        self.next = msgspec.structs.replace(
            self.next, data=data, shown=self.session.conversation.mask_next(data)
        )

    async def skip(self) -> None:
        """Leave the next step out. Raises CannotSkip."""
        assert self._run is not None and self.next is not None
        if not self.next.skipping:
            raise CannotSkip(f"{self.next.verb} cannot be skipped: {needed(self.next.verb)}")
        self.done.append(Done(self.next, skipped=True))
        self.session.note(Note(self._clock(), "skipped", f"{self.next.verb} was left out"))
        self._edited = None
        self._throw(Skipped())
        await self._settle()

    async def run_to(self, *breakpoints: Breakpoint) -> Breakpoint | None:
        """Take steps until one of these is met, which is returned; None: it came to its end."""
        while self.next is not None:
            seen = self.session.transcript.mark_count
            await self.send()
            news = self.session.transcript.marks_after(seen)
            for found in breakpoints:
                if found.after(news):
                    return found
            if self.next is not None:
                for found in breakpoints:
                    if found.before(self.next.verb, self.next.data):
                        return found
        return None

    async def abandon(self) -> None:
        """Give the procedure up. In AUTH the server is told, with `*`; else nothing is sent."""
        run, self._run = self._run, None
        self.session.forget(self._exchange)
        if run is not None and self.next is not None and self.next.verb == "(auth)":
            await self.session.docmd("*")
        self.next = None

    def restarted(self) -> Stepper:
        """A fresh stepper for the same procedure."""
        return Stepper(
            self.session, self._name, *self._arguments, clock=self._clock, **self._keywords
        )

    # Within

    async def _settle(self) -> None:
        """Come to the next step that a person sees."""
        while self._run is not None and isinstance(self._run.step, Ask | Call | Expect):
            await self._take(self._run.step)
        step = self._run.step if self._run is not None else None
        self.next = self._planned(step) if step is not None else None
        if step is None and self._run is not None and self.error is None:
            self.result = self._run.result

    async def _asks(self) -> None:
        while self._run is not None and isinstance(self._run.step, Ask):
            await self._take(self._run.step)

    async def _take(self, step: Step) -> Any:
        """Carry out one step, and go on to the next."""
        assert self._run is not None
        try:
            answer = await self.session.perform(step, self._exchange)
        except ReplyTimedOut:
            raise  # it is still waited for
        except Exception as error:
            self._throw(error)
            return None
        try:
            self._run.answer(answer)
        except Exception as error:
            self._ended(error)
        return answer

    def _throw(self, error: BaseException) -> None:
        assert self._run is not None
        try:
            self._run.throw(error)
        except (Exception, Skipped) as raised:
            self._ended(raised)

    def _ended(self, error: BaseException) -> None:
        self.next = None
        self.session.forget(self._exchange)
        if not isinstance(error, Skipped):
            self.error = error

    def _planned(self, step: Step) -> Planned:
        match step:
            case Send(data=data, verb=verb):
                fact = COMMANDS.get(verb)
                words = _OWN_WORDS.get(verb) or (fact.summary if fact is not None else "")
                shown = self.session.conversation.mask_next(data)
                return Planned(verb, words, data, shown, SKIPPING.get(verb, ""))
            case Dial(target=target):
                return Planned("connect", f"connect to {target.shown}")
            case StartTls():
                return Planned("TLS", "the TLS handshake")
            case _:
                return Planned("", "")
