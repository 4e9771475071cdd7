"""The stepper: a procedure on a session, one command at a time, as a debugger runs a program.

It runs the very procedures that `Session` runs. What comes next can be seen before it is sent,
changed, left out where that means something, sent once more, or let go up to a breakpoint;
commands typed in between go their own way, and find their own replies.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from ..aio.performer import Performer
from ..aio.reply_waiters import InFlight
from ..aio.turns import OnlyOne
from ..errors import CannotRepeat, CannotSkip, ReplyTimedOut
from ..events import Note, TlsFailed
from ..procedures.execution import Execution
from ..procedures.steps import Ask, Call, Dial, Expect, Send, Skipped, StartTls, Step, needed
from ..reply import Reply
from ..verbs import MESSAGE_ENDS
from .breakpoints import Breakpoint, Stop
from .foresight import Foresight
from .interleaving import TRANSACTION, fits, typed_between, why_not_again
from .plan import CONNECT, Done, Planned, planned

if TYPE_CHECKING:
    from ..aio.session import Session

__all__ = ["CannotRepeat", "CannotSkip", "Done", "Planned", "Stepper"]

_RSET = Send(b"RSET\r\n", "RSET")


class Stepper:
    """Steps through one procedure of procedures.PROCEDURES on `session`.

    `await begin()` first. Then `next` is the step to come; None while `waiting`, and when it is
    `over`: `result` or `error` tells how it came out. `done` are the steps that were taken, each
    with its reply, once the procedure has asked for it.

    One command goes out at a time, also of a group (RFC 2920): the others can still be seen,
    changed and left out then. A call that is cancelled or times out leaves everything in its
    place: what was sent is not sent again, and `wait` goes on.

    A procedure that begins with MAIL where a transaction is open begins with RSET. `edits` are
    what a person made of steps, by (verb, what would go out): they hold for these steps wherever
    they come again.
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
        self.stop: Stop | None = None
        """Why the last run stopped, if a breakpoint stopped it."""
        self.settled = 0
        """How many of the steps in `done` came before the last one that was gone back to."""
        self.edits: dict[tuple[str, bytes], bytes] = {}
        self.likely: Mapping[bool, Mapping[str, str]] = {}
        """What EHLO is likely to list, where nothing is known yet: see Execution.foreseen."""
        self._clock = clock or session.clock
        self._performer = Performer(session.connection)
        self._name, self._arguments, self._keywords = name, arguments, keywords
        self._run: Execution | None = None
        self._in_flight = InFlight()
        self._before: Send | None = None  # a step of ours, before those of the procedure
        self._hearing = False  # whether its reply is due
        self._replaced = False  # whether the rest of the message is not to be sent
        self._pausing = False
        self._only_one = OnlyOne("a step of this procedure is being taken already; wait for it")
        self._unanswered: deque[tuple[int, float]] = deque()  # (place in done, when it went out)
        self._answered = 0  # the place in done of the reply that came last
        self._places: list[int | None] = []  # of each that is done: how many answers came before
        self._rows: set[int] = set()  # of our own commands
        self._since = session.transcript.mark_count  # where our last step began
        self._open = False  # whether a transaction of ours is under way
        self._foresight = Foresight()

    @property
    def name(self) -> str:
        """The name of the procedure."""
        return self._name

    @property
    def waiting(self) -> bool:
        """True while something has to come before the next step is known: `wait` waits for it."""
        return not self.over and self._run is not None and self.next is None

    async def begin(self) -> None:
        """Come to the first step; nothing is sent."""
        try:
            self._run = Execution(
                lambda: self.session, self._name, self._arguments, self._keywords, keep=True
            )
        except Exception as error:
            self._ended(error)
            return
        await self.wait()
        self._make_room()

    def _make_room(self) -> None:
        """Before MAIL, have RSET sent where a transaction is open."""
        if self.next is not None and self.next.verb == "MAIL" and self._in_transaction:
            self._before = _RSET
            self.next = self._planned(_RSET)

    @property
    def _in_transaction(self) -> bool:
        return self.session.connected and self.session.conversation.state in TRANSACTION

    def foreseen(self) -> list[Planned]:
        """The steps to come if all goes well, the next one first; a message is one step."""
        if self._run is None or self.over:
            return []
        steps = self._foresight.steps(self._run, self.likely)
        found = [self._planned(step, foreseen=number > 0) for number, step in enumerate(steps)]
        if self.next is not None and self._before is not None:
            found.insert(0, self.next)
        elif self.next is not None and found:
            found[0] = self.next  # whose edit may be one that is not kept
        return found

    @property
    def cut(self) -> bool:
        """Whether more steps follow than were last forecast."""
        return self._foresight.cut

    def typed(self) -> str:
        """The verb of a command typed since the last step after which the plan does not fit.

        Empty if there is none; "closed" if the connection has closed.
        """
        if self.over or self._run is None or (self.next is not None and self.next.verb == CONNECT):
            return ""
        verbs = typed_between(self.session, self._since, self._own())
        if not verbs or verbs[-1] == "closed" or self._open:
            return verbs[-1] if verbs else ""
        ahead = self.next is None or fits(self.session, self.next.verb)
        return "" if ahead else verbs[-1]

    # Stepping

    async def send(self) -> Reply | None:
        """Take the next step, and wait for the reply, unless more can be sent before it comes.

        Raises ReplyTimedOut: then the command is on its way, and `wait` waits on. What else the
        step raises goes to the procedure; when that is over by it, `error` holds it. Raises
        RuntimeError while another `send` or `run_to` is under way.
        """
        with self._only_one:
            return await self._send()

    async def _send(self) -> Reply | None:
        if self.waiting:
            return await self.wait()
        run = self._run
        if run is None or self.next is None:
            raise ValueError("there is no step to take")
        coming = self.next
        own = self._before is not None
        step = self._before or run.step
        self._before = None
        if isinstance(step, Send):
            step = msgspec.structs.replace(step, data=coming.data, more=False)
            self._replaced = coming.edited and coming.verb == "."
        if coming.edited:
            self.session.note(Note(self._clock(), "edited", "the next line was edited"))
        assert step is not None
        self.next = self.stop = None
        self._since = self.session.transcript.mark_count
        known = run.known
        self.done.append(Done(coming, edited=coming.edited))
        self._places.append(None if own else len(run.kept))
        began = self._clock()
        if isinstance(step, Send | Dial):
            self._unanswered.append((len(self.done) - 1, began))
        self._hearing = own
        await self._take(step, own=own)
        if isinstance(step, StartTls):
            self.done[-1] = msgspec.structs.replace(self.done[-1], seconds=self._clock() - began)
        if coming.verb == ".":
            await self._rest_of_message()
        reply = await self.wait()
        if not own:
            same = run.known is known and self._run is run
            self._foresight.took(coming.verb, reply, self._run, same=same)
        return reply

    async def wait(self) -> Reply | None:
        """Come to the next step: wait for the reply to the one taken last, if one is due.

        Returns that reply. Raises ReplyTimedOut.
        """
        reply: Reply | None = None
        if self._hearing:
            reply = await self._take(Expect(), own=True)
            self._hearing = False
            if reply is not None:
                self._note_reply(reply, False)
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
        """Send exactly these bytes instead of those of the next step.

        For a message they are all of it: dots doubled, and the dot that ends it.
        """
        step = self._before or (self._run.step if self._run is not None else None)
        if self.next is None or not isinstance(step, Send):
            raise ValueError("the next step sends nothing that could be edited")
        if self.next.secret:
            self.next = planned(step, self.session.conversation, data)  # kept no longer
        else:
            self._keep_edit(step, data)
            self.next = self._planned(step)

    def edit_later(self, number: int, data: bytes) -> None:
        """Replace the bytes of a later step, given by its place in `foreseen`."""
        if number == 0:
            self.edit(data)
            return
        step = self._foresight.known[number - (self._before is not None)]
        if not isinstance(step, Send) or self._planned(step, foreseen=True).secret:
            raise ValueError("this step sends nothing yet that could be edited")
        self._keep_edit(step, data)

    def _keep_edit(self, step: Send, data: bytes) -> None:
        if data == step.data:
            self.edits.pop((step.verb, step.data), None)
        else:
            self.edits[step.verb, step.data] = data

    async def skip(self) -> None:
        """Skip the next step. Raises CannotSkip."""
        if self.next is None:
            raise CannotSkip("there is no step that could be skipped now")
        if not self.next.skipping:
            raise CannotSkip(f"{self.next.verb} cannot be skipped: {needed(self.next.verb)}")
        self.done.append(Done(self.next, skipped=True))
        self._places.append(None)
        self.session.note(Note(self._clock(), "skipped", f"{self.next.verb} was left out"))
        self.next = None
        if self._before is not None:
            self._before = None
        else:
            self._foresight.forget()
            self._throw(Skipped())
        await self.wait()

    async def again(self, place: int) -> None:
        """Go back to the step at `place` of `done`, so that it comes next once more.

        The steps after it are repeated, too; before MAIL an open transaction is given up, with
        RSET. Raises CannotRepeat.
        """
        reason = self.why_not_again(place)
        if reason:
            raise CannotRepeat(f"{self.done[place].planned.verb} cannot be sent again: {reason}")
        back = self._places[place]
        assert back is not None and self._run is not None
        self._performer.forget(self._in_flight)
        self._in_flight = InFlight()
        self._run = self._run.back_to(back)
        self._places = [at if at is None or at <= back else None for at in self._places]
        self.settled = len(self.done)
        self._unanswered.clear()
        self._foresight.forget()
        self._before = self.next = self.stop = self.result = self.error = None
        self._hearing = self._replaced = self.over = False
        await self.wait()
        self._make_room()

    def why_not_again(self, place: int) -> str:
        """Why the step at `place` of `done` cannot be taken once more; empty where it can."""
        if self.session.connected and (self._unanswered or self.waiting):
            return "a reply is still due"
        if self._places[place] is None:
            return "it belongs to what was done before"
        return why_not_again(self.session, self.done, place)

    async def run_to(
        self, *breakpoints: Breakpoint, among: Iterable[Breakpoint] = ()
    ) -> Breakpoint | None:
        """Take steps until one of these is met, which is returned; None: it came to its end.

        `among` is looked through anew at each step. `stop` tells what met it. It ends, too, at
        `pause`, and where a command was typed after which the plan does not fit. Raises
        RuntimeError as `send` does.
        """
        with self._only_one:
            self._pausing = False
            while not self.over and not self._pausing:
                seen = self.session.transcript.mark_count
                await self._send()
                news = self.session.transcript.marks_after(seen)
                watched = [*breakpoints, *among]
                for found in watched:
                    event = found.met_by(news)
                    if event is not None:
                        self.stop = Stop(found, event)
                        return found
                if self.typed():
                    return None
                if self.next is not None:
                    for found in watched:
                        if found.before(self.next.verb, self.next.data):
                            self.stop = Stop(found)
                            return found
            return None

    def pause(self) -> None:
        """Have a run end at the next step."""
        self._pausing = True

    async def abandon(self) -> None:
        """Abandon the procedure. Within AUTH, `*` is sent to cancel; otherwise nothing is sent."""
        in_auth = self.next is not None and self.next.verb == "(auth)"
        self._run = self.next = self._before = None
        self.over = True
        self._performer.forget(self._in_flight)
        if in_auth:
            await self.session.docmd("*")

    # Within

    def _own(self) -> set[int]:
        """The rows of our own commands, also of those that are on their way."""
        in_flight = self._in_flight
        self._rows.update(row for row, _ in in_flight.waiting if row is not None)
        if in_flight.last is not None:
            self._rows.add(in_flight.last)
        return self._rows

    def sent(self, row: int) -> bool:
        """Whether the command in that row is a step of ours."""
        return row in self._own()

    async def _rest_of_message(self) -> None:
        """The other parts of a message belong to the same step."""
        run = self._run
        while run is not None and self._run is run and isinstance(run.step, Send | Ask):
            if isinstance(run.step, Send) and run.step.verb != ".":
                return
            if self._replaced:  # all of it is out
                self._answer(run, b"" if isinstance(run.step, Ask) else None)
            else:
                await self._take(run.step)

    async def _take(self, step: Step, *, own: bool = False) -> Any:
        """Carry out one step, and go on to the next, unless it is a step of our `own`."""
        run = self._run
        assert run is not None
        try:
            answer = await self._performer.perform(step, self._in_flight)
        except asyncio.CancelledError:
            if isinstance(step, Send) and not own:  # on its way, and not to be sent again
                self._answer(run, None)
            raise
        except Exception as error:
            if isinstance(error, ReplyTimedOut) and isinstance(step, Expect):
                raise  # it is still waited for
            if self._run is run:
                self._throw(error)
            return None
        finally:
            if isinstance(step, Send):
                self._own()
        if not own:
            self._answer(run, answer)
        if isinstance(step, Send) and isinstance(answer, Reply):
            self._note_reply(answer, False)  # said in the middle of a message
        return answer

    def _answer(self, run: Execution, answer: Any) -> None:
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
        self._performer.forget(self._in_flight)
        if isinstance(error, Skipped):
            return
        self.error = error
        if self.done:
            said = str(error)
            for event in self.session.transcript.marks_after(self._since):
                if isinstance(event, TlsFailed):  # OpenSSL's words are for programs
                    said = event.detail or said
            self.done[-1] = msgspec.structs.replace(self.done[-1], error=said)

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
        verb = done.planned.verb
        if verb == "MAIL" and 200 <= reply.code <= 299:
            self._open = True
        elif verb == "RSET" or verb in MESSAGE_ENDS:
            self._open = False

    def _planned(self, step: Step, *, foreseen: bool = False) -> Planned:
        edited = self.edits.get((step.verb, step.data)) if isinstance(step, Send) else None
        return planned(step, self.session.conversation, edited, foreseen=foreseen)
