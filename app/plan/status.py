"""The status of the plan: the steps taken and to come, and how the plan ended.

The panel, the hint and the commands read the status; only the controller changes it. text.py turns
it into rows and sentences.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from ...session.plural import plural
from ...session.protocol.states import IN_TRANSACTION, TO_MESSAGE_END, State
from ...session.verbs import GREETINGS
from ..connect.manager import ConnectionManager
from ..connect.profile import Profile

if TYPE_CHECKING:
    from ...session.events import ReplyReceived
    from ...session.facts.explain.explanation import Explanation
    from ...session.record.row_index import RowIndex
    from ...session.stepping.breakpoints import Breakpoint, Stop
    from ...session.stepping.plan import Done, Planned
    from ...session.stepping.stepper import Stepper
    from .edit import Edit


# Procedures whose first step is MAIL, once the client has greeted.
_BEGIN_WITH_MAIL = ("sendmail", "send_message", "check")


class Plan(msgspec.Struct, frozen=True):
    """A procedure with its arguments and edits, so that it can be restarted.

    Without a `name`, the plan only connects. `connects` is true if the plan begins by connecting,
    and `leaves` if it ends with QUIT. `inside` is the profile with which the plan has already run
    over TLS, or None. With that profile, the plan is not repeated without TLS.
    """

    title: str
    name: str = ""
    arguments: tuple[Any, ...] = ()
    keywords: dict[str, Any] = {}
    edits: dict[tuple[str, bytes], bytes] = {}
    connects: bool = False
    leaves: bool = False
    inside: Profile | None = None


class Progress(msgspec.Struct):
    """The progress of the plan, written by the controller and read through `PlanStatus`."""

    stepper: Stepper | None = None
    plan: Plan | None = None
    task: asyncio.Task[None] | None = None
    """The task of the step or run in progress, or of the last one."""
    ahead: list[Planned] = []
    """The steps to come, as last foreseen."""
    taken: int = 0
    """The number of steps that had been taken when `ahead` was determined."""
    running: bool = False
    paused: bool = False
    changes: int = 0
    """A counter of changes to the list that do not change the number of steps."""
    editing: Edit | None = None
    breakpoints: list[Breakpoint] = []


class PlanStatus:
    """The state of the plan, for reading."""

    def __init__(self, connections: ConnectionManager, progress: Progress) -> None:
        self._connections = connections
        self._progress = progress
        self._index: RowIndex | None = None  # of the transcript whose replies were explained last

    @property
    def editing(self) -> Edit | None:
        """The step that is being edited, or None."""
        return self._progress.editing

    @property
    def breakpoints(self) -> list[Breakpoint]:
        """The breakpoints, which are kept when a plan ends."""
        return self._progress.breakpoints

    @property
    def next(self) -> Planned | None:
        """The step that Enter takes, or None if there is none or a step is in progress."""
        if self._progress.stepper is None or self.busy:
            return None
        return self._progress.stepper.next

    @property
    def busy(self) -> bool:
        """Whether a step is in progress."""
        return self._progress.task is not None and not self._progress.task.done()

    @property
    def running(self) -> bool:
        """Whether a run of steps is in progress."""
        return self._progress.running and self.busy

    @property
    def active(self) -> bool:
        """Whether the plan has begun but not ended."""
        return self._progress.stepper is not None and (self.busy or not self._progress.stepper.over)

    def handles(self, *verbs: str) -> bool:
        """Return whether the plan itself takes one of these steps, now or next.

        If not, a command was typed in between, and its consequences are up to the user.
        """
        return self.active and (self.busy or (self.next is not None and self.next.verb in verbs))

    @property
    def title(self) -> str:
        """The title of the plan shown, or ""."""
        return (
            self._progress.plan.title
            if self._progress.plan is not None and self._progress.stepper is not None
            else ""
        )

    @property
    def connects(self) -> bool:
        """Whether the plan begins by connecting."""
        return self._progress.plan is not None and self._progress.plan.connects

    @property
    def renewable(self) -> str:
        """The title of a plan that can be restarted, if no plan is shown; otherwise ""."""
        return (
            self._progress.plan.title
            if self._progress.plan is not None and self._progress.stepper is None
            else ""
        )

    @property
    def lost(self) -> bool:
        """Whether the connection was lost before the plan ended."""
        stepper = self._progress.stepper
        return stepper is not None and not stepper.session.connected and bool(stepper.error)

    @property
    def unknown(self) -> bool:
        """Whether the connection was lost between the end of the message and its last reply."""
        stepper = self._progress.stepper
        return (
            self.lost and stepper is not None and stepper.session.conversation.in_doubt is not None
        )

    @property
    def heading(self) -> str:
        """The title, with the number of steps taken and in total."""
        if not self.title:
            return ""
        count = len(self.done) + len(self.foreseen)
        if self.active:
            return f"{self.title}  {len(self.done):,} of {count:,}{'+' if self.cut else ''}"
        return f"{self.title}  {plural(count, '{} step')}"

    @property
    def done(self) -> list[Done]:
        """The steps that have been taken or skipped."""
        return self._progress.stepper.done if self._progress.stepper is not None else []

    @property
    def foreseen(self) -> Sequence[Planned]:
        """The steps to come, next one first."""
        return self._progress.ahead[max(0, len(self.done) - self._progress.taken) :]

    @property
    def cut(self) -> bool:
        """Whether more steps follow than are listed."""
        return (
            self._progress.stepper is not None
            and self._progress.stepper.cut
            and bool(self.foreseen)
        )

    @property
    def arguments(self) -> tuple[Any, ...]:
        """The arguments of the procedure."""
        return self._progress.plan.arguments if self._progress.plan is not None else ()

    @property
    def stop(self) -> Stop | None:
        """Why the last run stopped, if a breakpoint stopped it; otherwise None."""
        return self._progress.stepper.stop if self._progress.stepper is not None else None

    @property
    def typed(self) -> str:
        """The verb of a typed command that conflicts with the plan, or "closed" or "".

        The value is "closed" if the connection has ended, and "" if the plan can continue.
        """
        if self._progress.stepper is None or self.busy:
            return ""
        return self._progress.stepper.typed()

    @property
    def reconnects(self) -> bool:
        """Whether restarting the plan begins by connecting."""
        plan, session = self._progress.plan, self._connections.session
        return (
            (plan is not None and plan.connects)
            or session is None
            or not session.connected
            or session.conversation.state is State.CLOSING
        )

    @property
    def restart(self) -> str:
        """What restarting the plan would do now, as a phrase such as "starts again from MAIL"."""
        session = self._connections.session
        if session is None or self.reconnects:
            return "reconnects and starts from the beginning"
        from ...session.stepping.interleaving import held

        why = held(session)
        if why:
            return f"starts again later: first, {why}"
        conversation = session.conversation
        where = "the start"
        if self._progress.plan is not None and self._progress.plan.name in _BEGIN_WITH_MAIL:
            where = "MAIL" if conversation.greeted_with else "EHLO"
            if conversation.greeted_with and conversation.state in TO_MESSAGE_END:
                where = "RSET"
        return f"starts again from {where}"

    @property
    def at(self) -> int:
        """The row to show: that of the step just refused, or else of the next step."""
        done, stepper = self.done, self._progress.stepper
        if stepper is not None and done and not self.busy:
            last = self._last_refused
            if last is not None and (
                stepper.over or (last == len(done) - 1 and not self._followed(done[last]))
            ):
                return last
        return len(done) if self.foreseen else max(0, len(done) - 1)

    @property
    def _last_refused(self) -> int | None:
        """The row of the last refused step; None if none was refused or it will be sent again."""
        done, stepper = self.done, self._progress.stepper
        settled = stepper.settled if stepper is not None else 0
        return next((n for n in range(len(done) - 1, settled - 1, -1) if done[n].refused), None)

    def _followed(self, done: Done) -> bool:
        """Return whether a command typed after the reply to a step has settled the step."""
        stepper = self._progress.stepper
        if stepper is None or done.reply is None:
            return False
        transcript = stepper.session.transcript
        row = (done.reply, *done.further)[-1].event.last + 1
        return row < len(transcript) and transcript[row].sent and not stepper.sent(row)

    @property
    def refusal_before_reset(self) -> int | None:
        """The row of a refusal after which the plan sent RSET, or None if more has followed.

        The reset is a formality, and the user wants to read about the refusal.
        """
        done, stepper, last = self.done, self._progress.stepper, self._last_refused
        if stepper is None or last is None or last == len(done) - 1:
            return None
        reset, refused = done[-1], done[last]
        if reset.planned.verb != "RSET" or reset.skipped:
            return None
        refusals = [r for r in (refused.reply, *refused.further) if r and not 200 <= r.code <= 399]
        transcript = stepper.session.transcript
        newest = len(transcript) - 1
        if reset.reply is None:
            still = transcript[newest].sent and stepper.sent(newest)
        else:
            still = reset.reply.event.last == newest and not reset.refused
        return refusals[-1].event.row if still else None

    @property
    def under_way(self) -> str:
        """A sentence about the step in progress."""
        stepper = self._progress.stepper
        verb = stepper.done[-1].planned.verb if stepper is not None and stepper.done else ""
        what = {".": "the message", "TLS": "the handshake", "connect": "the greeting"}.get(verb)
        said = f"Waiting: {what or verb or 'the first step'} …"
        if self._progress.running:
            return f"Running. {said} p pauses." if not self._progress.paused else f"Pausing. {said}"
        return said

    def key(self) -> object:
        """Return a value that changes whenever the rows change; cheap enough for every frame."""
        stepper = self._progress.stepper
        if stepper is None:
            return None
        done = stepper.done
        last = done[-1] if done else None
        return (
            id(stepper), len(done), last, stepper.next, self.busy, self._progress.changes,
            stepper.over,
        )  # fmt: skip

    def end(self) -> str:
        """Return a sentence about the result of the plan, or "" while it is not over."""
        stepper = self._progress.stepper
        if stepper is None or self.active:
            return ""
        plan = self._progress.plan
        name = plan.name if plan is not None else stepper.name
        if stepper.error is not None:
            told = " ".join(filter(None, (self.trouble, self.advice)))
            return told if name == "rerun" else f"The plan failed: {told}"
        from .outcome import outcome

        return self._masked_text(outcome(name, stepper.result))

    @property
    def verdict(self) -> str:
        """The notice about a plan that is over; "" if its last reply already tells the user."""
        stepper, plan = self._progress.stepper, self._progress.plan
        if stepper is not None and stepper.error is not None:
            return f"The plan ended here: {self.trouble} {self.advice}".rstrip()
        if stepper is None or not stepper.over or plan is None or plan.name != "rerun":
            return ""
        from .outcome import outcome

        return outcome(plan.name, stepper.result)

    @property
    def advice(self) -> str:
        """Advice after the error that ended the procedure, or ""."""
        from .outcome import what_to_do_next

        stepper = self._progress.stepper
        if stepper is None or stepper.error is None:
            return ""
        return what_to_do_next(stepper.error, stepper.session, self._connections)

    @property
    def trouble(self) -> str:
        """The error that ended the procedure, as a sentence; "" if it did not end in an error."""
        stepper = self._progress.stepper
        if stepper is None or stepper.error is None:
            return ""
        import ssl

        from ...session.stepping.plan import TLS

        in_tls = bool(stepper.done) and stepper.done[-1].planned.verb == TLS
        if stepper.done and (in_tls or isinstance(stepper.error, ssl.SSLError)):
            words = stepper.done[-1].error
        else:
            from .outcome import words_of_error

            words = words_of_error(stepper.error)
        from ...session.facts.explain.explanation import sentence

        return sentence(self._masked_text(words))

    def masked(self, data: bytes) -> bytes:
        """Mask any secrets that a text from the server echoes, and return the text."""
        stepper = self._progress.stepper
        return stepper.session.transcript.secrets.mask(data) if stepper else data

    def _masked_text(self, text: str) -> str:
        return self.masked(text.encode("utf-8", "surrogateescape")).decode(
            "utf-8", "surrogateescape"
        )

    def said(self, row: int) -> bytes:
        """Return the transcript's line in a row, with secrets masked."""
        return (
            self._progress.stepper.session.transcript.masked(row)
            if self._progress.stepper is not None
            else b""
        )

    @property
    def resets(self) -> bool:
        """Whether the next step is a greeting that would end an open transaction."""
        planned, stepper = self.next, self._progress.stepper
        return (
            planned is not None
            and stepper is not None
            and planned.verb in GREETINGS
            and stepper.session.state in IN_TRANSACTION
        )

    def declared_before(self, place: int) -> tuple[Collection[str], Collection[str] | None]:
        """Return what the last MAIL before row `place` declares, and the keywords in EHLO's reply.

        The keywords are None if they are unknown.
        """
        stepper = self._progress.stepper
        if stepper is None:
            return (), None
        from ...session.protocol.message_syntax import declared_in

        conversation = stepper.session.conversation
        declared, keywords = conversation.declared, conversation.offered
        done = self.done
        for n in range(place):
            before = self.planned_at(n)
            if before is None or (n < len(done) and done[n].skipped):
                continue
            if before.verb == "MAIL":
                declared = declared_in(before.data)
            elif before.verb in GREETINGS and n >= len(done):
                keywords = None  # not known before its reply
        return declared, keywords

    def explanation(self, reply: ReplyReceived) -> Explanation:
        """Explain a reply in the plan's conversation."""
        from ...session.facts.explain.reading import explain
        from ...session.protocol.situations import reply_text, situation_at
        from ...session.record.row_index import RowIndex

        assert self._progress.stepper is not None
        transcript = self._progress.stepper.session.transcript
        if self._index is None or self._index.transcript is not transcript:
            self._index = RowIndex(transcript)
        return explain(reply_text(self._index, reply), situation_at(self._index, reply))

    def why_not_again(self, place: int) -> str:
        """Return why a step that has been taken cannot be taken again; "" if it can."""
        if self._progress.stepper is None or self.busy:
            return "a step is in progress"
        return self._progress.stepper.why_not_again(place)

    def planned_at(self, place: int) -> Planned | None:
        """Return the step in a row of the plan, or None after the last one."""
        done = self.done
        if place < len(done):
            return done[place].planned
        ahead, taken = self._progress.ahead, self._progress.taken
        number = place - min(len(done), taken)
        return ahead[number] if number < len(ahead) else None
