"""The stepper: a procedure on a session, one command at a time, as a debugger runs a program.

It runs the very procedures that `Session` runs. What comes next can be seen before it is sent,
changed, left out where that means something, or let go up to a breakpoint; commands typed in
between go their own way, and find their own replies.
"""

from __future__ import annotations

import asyncio
from collections import deque
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
    """A step that was taken: what went out, the reply, and how many seconds it took.

    `further` are the replies behind the first one: in LMTP the message has one a recipient.
    """

    planned: Planned
    reply: Reply | None = None
    seconds: float = 0.0
    edited: bool = False
    skipped: bool = False
    error: str = ""
    further: tuple[Reply, ...] = ()


class Stepper:
    """Steps through one procedure of procedures.PROCEDURES on `session`.

    `await begin()` first. Then `next` is the step to come; None while `waiting`, and when it is
    `over`: `result` or `error` tells how it came out. `done` are the steps that were taken, each
    with its reply, once the procedure has asked for it.

    One command goes out at a time, also of a group (RFC 2920): the others can still be seen,
    changed and left out then. A call that is cancelled or times out leaves everything in its
    place: what was sent is not sent again, and `wait` goes on.
    """

    def __init__(
        self,
        session: Session,
        name: str,
        *arguments: Any,
        clock: Callable[[], float] | None = None,
        **keywords: Any,
    ) -> None:
        self.session = session
        self.done: list[Done] = []
        self.next: Planned | None = None
        self.result: Any = None
        self.error: BaseException | None = None
        self.over = False
        """True when no step is left."""
        self._clock = clock or session.clock
        self._name, self._arguments, self._keywords = name, arguments, keywords
        self._run: Run | None = None
        self._exchange = Exchange()
        self._edited: bytes | None = None
        self._unanswered: deque[tuple[int, float]] = deque()  # (place in done, when it went out)
        self._answered = 0  # the place in done of the reply that came last

    @property
    def name(self) -> str:
        """The name of the procedure."""
        return self._name

    @property
    def arguments(self) -> tuple[Any, ...]:
        """What the procedure was given."""
        return self._arguments

    @property
    def waiting(self) -> bool:
        """True while something has to come before the next step is known: `wait` waits for it."""
        return not self.over and self._run is not None and self.next is None

    async def begin(self) -> None:
        """Come to the first step; nothing is sent."""
        try:
            self._run = Run(
                lambda: self.session, self._name, self._arguments, self._keywords, keep=True
            )
        except Exception as error:
            self._ended(error)
            return
        await self.wait()

    def foreseen(self) -> list[Planned]:
        """The steps to come if all goes well, the next one first; a message is one step."""
        if self._run is None:
            return []
        found = [self._planned(step) for step in self._run.foreseen()]
        if self.next is not None and found:
            found[0] = self.next  # which may be an edited one
        return found

    # Stepping

    async def send(self) -> Reply | None:
        """Take the next step, and wait for the reply, unless more can be sent before it comes.

        Raises ReplyTimedOut: then the command is on its way, and `wait` waits on. What else the
        step raises goes to the procedure; when that is over by it, `error` holds it.
        """
        if self.waiting:
            return await self.wait()
        if self._run is None or self.next is None:
            raise ValueError("there is no step to take")
        planned, edited = self.next, self._edited
        step = self._run.step
        if isinstance(step, Send):
            data = step.data if edited is None else edited
            step = msgspec.structs.replace(step, data=data, more=False)
        if edited is not None:
            self.session.note(Note(self._clock(), "edited", "the next line was edited"))
        assert step is not None
        self.next = self._edited = None
        self.done.append(Done(planned, edited=edited is not None))
        if isinstance(step, Send | Dial):
            self._unanswered.append((len(self.done) - 1, self._clock()))
        await self._take(step)
        if planned.verb == ".":
            await self._rest_of_message()
        return await self.wait()

    async def wait(self) -> Reply | None:
        """Come to the next step: wait for the reply to the one taken last, if one is due.

        Returns that reply. Raises ReplyTimedOut.
        """
        reply: Reply | None = None
        while self._run is not None and isinstance(self._run.step, Ask | Call | Expect):
            step = self._run.step
            answer = await self._take(step)
            if isinstance(step, Expect) and isinstance(answer, Reply):
                self._note_reply(answer, step.again)
                reply = answer
            if self.done and self.done[-1].planned.verb == ".":
                await self._rest_of_message()
        step = self._run.step if self._run is not None else None
        if step is not None:
            self.next = self._planned(step)
        elif self._run is not None and not self.over:
            self.over = True
            self.result = self._run.result
        return reply

    def edit(self, data: bytes) -> None:
        """Have these bytes sent in place of the next step's: exactly these."""
        if self.next is None or self._run is None or not isinstance(self._run.step, Send):
            raise ValueError("the next step sends nothing that could be edited")
        self._edited = data
        shown = self.session.conversation.mask_next(data)
        self.next = msgspec.structs.replace(self.next, data=data, shown=shown)

    async def skip(self) -> None:
        """Leave the next step out. Raises CannotSkip."""
        if self.next is None:
            raise CannotSkip("there is no step that could be skipped now")
        if not self.next.skipping:
            raise CannotSkip(f"{self.next.verb} cannot be skipped: {needed(self.next.verb)}")
        self.done.append(Done(self.next, skipped=True))
        self.session.note(Note(self._clock(), "skipped", f"{self.next.verb} was left out"))
        self.next = self._edited = None
        self._throw(Skipped())
        await self.wait()

    async def run_to(self, *breakpoints: Breakpoint) -> Breakpoint | None:
        """Take steps until one of these is met, which is returned; None: it came to its end."""
        while not self.over:
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
        in_auth = self.next is not None and self.next.verb == "(auth)"
        self._run = self.next = self._edited = None
        self.over = True
        self.session.forget(self._exchange)
        if in_auth:
            await self.session.docmd("*")

    def restarted(self) -> Stepper:
        """A fresh stepper for the same procedure."""
        return Stepper(
            self.session, self._name, *self._arguments, clock=self._clock, **self._keywords
        )

    # Within

    async def _rest_of_message(self) -> None:
        """The other parts of a message belong to the same step."""
        run = self._run
        while run is not None and self._run is run and isinstance(run.step, Send | Ask):
            if isinstance(run.step, Send) and run.step.verb != ".":
                return
            await self._take(run.step)

    async def _take(self, step: Step) -> Any:
        """Carry out one step, and go on to the next."""
        run = self._run
        assert run is not None
        try:
            answer = await self.session.perform(step, self._exchange)
        except asyncio.CancelledError:
            if isinstance(step, Send):  # it is on its way, and not to be sent again
                self._answer(run, None)
            raise
        except Exception as error:
            if isinstance(error, ReplyTimedOut) and isinstance(step, Expect):
                raise  # it is still waited for
            if self._run is run:
                self._throw(error)
            return None
        self._answer(run, answer)
        if isinstance(step, Send) and isinstance(answer, Reply):
            self._note_reply(answer, False)  # said in the middle of a message
        return answer

    def _answer(self, run: Run, answer: Any) -> None:
        if self._run is not run:
            return  # abandoned meanwhile
        try:
            run.answer(answer)
        except Exception as error:
            self._ended(error)

    def _throw(self, error: BaseException) -> None:
        assert self._run is not None
        try:
            self._run.throw(error)
        except Exception as raised:
            self._ended(raised)

    def _ended(self, error: BaseException) -> None:
        self.next = None
        self.over = True
        self.session.forget(self._exchange)
        if isinstance(error, Skipped):
            return
        self.error = error
        if self.done:
            self.done[-1] = msgspec.structs.replace(self.done[-1], error=str(error))

    def _note_reply(self, reply: Reply, again: bool) -> None:
        """Put a reply beside the step that it answers."""
        now = self._clock()
        if again or not self._unanswered:
            if self.done:
                done = self.done[self._answered]
                further = (*done.further, reply)
                self.done[self._answered] = msgspec.structs.replace(done, further=further)
            return
        self._answered, began = self._unanswered.popleft()
        done = self.done[self._answered]
        self.done[self._answered] = msgspec.structs.replace(done, reply=reply, seconds=now - began)

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
