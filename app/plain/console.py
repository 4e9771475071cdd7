"""The debugger by lines: it wires the controllers to a `Ui` without a screen, and reads lines.

What is typed goes the way it goes on the screen: through `InputRouter`, `AuthPrompt`, `Sender`,
`PlanController` and the groups of commands. A line is read once what the line before it has set
going is over, or has taken so long that there may be something else to type.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from ...session.events import Line, TlsFailed, TlsStarted
from ...session.record.notes import Notes, notes_file
from ...session.script.concealment import reads_as_command
from ...session.script.grammar import WireLine, parse_typed
from ...session.target import TargetError
from ..auth.prompt import AuthPrompt
from ..commands.groups import CommandGroups
from ..confinement import FREE, Confinement
from ..connect.manager import ConnectionManager
from ..connect.other_clients import OtherClients
from ..connect.profile import PRACTICE, Profile
from ..connect.recent import RecentProfiles
from ..input.address_book import AddressBook
from ..input.hints import hint_for
from ..input.history import History
from ..input.router import InputRouter
from ..input.sender import Sender, tls_begins
from ..lessons.guide import Guide
from ..main.reactions import Reactions
from ..main.words import nothing_to_stop
from ..plan.controller import PlanController
from .dialogs import ASK, NAMES, LineDialogs
from .lesson import PlainLesson
from .outcome import Outcome
from .output import AUTH, HELP, NOTE, WARNING, Output, without_keys
from .pages import explanation_lines, extension_lines, plan_lines, state_lines, tls_lines
from .plan_news import PlanNews
from .reader import LineTooLong, Reader
from .transcript import PlainTranscript, Speaker
from .ui import PlainApplication, PlainLine, PlainStates, PlainUi

if TYPE_CHECKING:
    from ...session.aio.session import Session
    from ...session.events import Event
    from ...session.practice.server import PracticeServer
    from ...session.record.transcript import Transcript

PATIENCE = 2.0  # seconds after which another line may be typed, though something is under way
LOOK = 0.05  # seconds between two looks at what is under way, if nothing tells of a change
LARGEST_MESSAGE = 64 * 1024 * 1024  # characters of a message that is typed


class Console:
    """A run of `heloscope --plain`.

    `record` is whether a journal is written, `practice` a practice server to use instead of a new
    one, `history_switched` is called when the history is switched on or off.
    """

    def __init__(
        self,
        reader: Reader,
        output: Output,
        history: History,
        recent: RecentProfiles,
        *,
        record: bool,
        history_switched: Callable[[], object] = lambda: None,
        practice: PracticeServer | None = None,
        clock: Callable[[], float] = time.monotonic,
        confinement: Confinement = FREE,
    ) -> None:
        self._reader = reader
        self._output = output
        self._changed = asyncio.Event()
        self._interrupted = False
        self._reading: asyncio.Task[str | None] | None = None
        self._asking: asyncio.Task[object] | None = None
        self._taking = self._ordering = False
        self._data_sent = False  # whether DATA was the last line, from a pipe
        self._refused_message = False  # whether the lines of a message that is not wanted come
        self._asked_in_auth: object = None  # the question of AUTH that was written last
        self.outcome = Outcome()
        self.status = 0
        """The exit status, where a signal ended the run."""
        self.ui = PlainUi(output, self._changed.set)
        self.ui.troubled = lambda _: self._troubled()
        self.line = PlainLine(output)
        self._dialogs = LineDialogs(output, reader)
        self._transcript = PlainTranscript(output)
        self._speaker = Speaker(output, self._event)
        self.connections = ConnectionManager(
            self.ui,
            self._session_began,
            record=record,
            practice=practice,
            clock=clock,
            secrets=history.secrets,
            confinement=confinement,
        )
        output.mask = self.connections.secrets.mask_text
        self._clients = OtherClients(self.ui)
        self.sender = Sender(self.connections, history)
        self.plan = PlanController(self.ui, self.connections, lambda: self._reactions.follow_auth())
        self._plan_news = PlanNews(output, self.plan.status)
        self.auth = AuthPrompt(
            self.ui,
            self.line,
            self.connections,
            self.sender,
            lambda: self.plan.status.handles("(auth)"),
        )
        self.connections.respond = self.auth.respond
        self.router = InputRouter(
            self.ui,
            self.line,
            self.sender,
            self.auth,
            step=self._step,
            order=self.run,
        )
        self.guide = Guide(self.ui, self.connections, self.sender.quiet)
        self.lesson = PlainLesson(output, self.guide, self.plan.status)
        self._notes: Notes | None = None
        application = PlainApplication(output)
        self.groups = CommandGroups(
            self.ui,
            self.line,
            connections=self.connections,
            clients=self._clients,
            sender=self.sender,
            router=self.router,
            plan=self.plan,
            auth=self.auth,
            addresses=AddressBook(history, lambda: self.connections.practising),
            recent=recent,
            application=application,
            presentation=application,
            notes=self._notes_kept,
            states=PlainStates(output, lambda: state_lines(self.connections.session)),
            guide=self.guide,
            explained=self._explained,
            transcript=self._transcript,
            find_bar=self._transcript,
            tls_panel=_FirstCertificate(),
            handshakes=self._handshakes,
            history_switched=history_switched,
        )
        self._reactions = Reactions(
            self.ui,
            self.line,
            self.connections,
            self.sender,
            self.router,
            self.plan.status,
            self.auth,
            self.groups.plan.end_edit,
        )
        self.groups.all.ran = self._ran
        self.ui.panel.explain = self._explain
        self.ui.panel.pages = {
            "extensions": ("Extensions", lambda: extension_lines(self.connections.session)),
            "state": ("State", lambda: state_lines(self.connections.session)),
            "tls": ("TLS", self._tls_lines),
            "plan": ("Plan", lambda: plan_lines(self.plan.status)),
        }

    # A run

    @property
    def transcripts(self) -> list[Transcript]:
        """The transcripts of this run."""
        return [section.transcript for section in self._transcript.sections]

    async def run_lines(
        self, target: str = PRACTICE, begin: Callable[[], object] = lambda: None
    ) -> int:
        """Connect, and take lines until the end. Returns the exit status.

        Without a target, `begin` has something else done first.
        """
        loop = asyncio.get_running_loop()
        seconds = loop.create_task(self._each_second())
        try:
            if target:
                self.connect(target)
            self._output.say(HELP, ":help lists the orders, :explain explains the last reply, "
                             ":q leaves.")  # fmt: skip
            begin()
            await self._take_lines()
        finally:
            seconds.cancel()
            self._reactions.end()
            self._speaker.end()
            self._clients.end()
            self.guide.end()
            await self.connections.close()
            self._reader.close()
        if self.status:
            return self.status
        if self._output.broken is not None:
            return 1
        return 0 if self._reader.terminal else self.outcome.status

    def connect(self, target: str | Profile) -> None:
        """Begin to connect."""
        try:
            self.connections.connect(target)
        except TargetError as error:
            self.ui.tell(str(error), trouble=True)
            self.outcome.bad_input()

    def leave(self, status: int) -> None:
        """End the run with a status, as on a signal."""
        self.status = status
        self.ui.left = True
        self._stop_reading()
        self._changed.set()

    def interrupt(self) -> None:
        """Ctrl+C: drop what is asked, stop what runs, else say how to leave."""
        self._interrupted = True
        if not self._reader.terminal:
            self.leave(130)
            return
        if self._reader.drop_hidden():
            self._output.end_prompt()
            self._output.say(NOTE, "What is typed unseen is dropped. Press Enter to go on.")
            if self._asking is not None:
                self._asking.cancel()
        elif self._asking is not None:
            self._asking.cancel()
        elif self.line.editing:
            self.groups.plan.end_edit()
        elif self.line.writing:
            self.router.keep_draft()
            self.line.close_editor()
            self._output.say(NOTE, "The draft is kept; :message goes on with it.")
        elif not (
            self.auth.give_up() or self.groups.stop() or self.groups.connection.stop_waiting()
        ):
            self._output.say(NOTE, nothing_to_stop(self.connections.session))
        self._changed.set()

    def _stop_reading(self) -> None:
        for task in (self._reading, self._asking):
            if task is not None:
                task.cancel()

    async def _each_second(self) -> None:
        while True:
            await asyncio.sleep(1)
            self._reactions.tell_peer_hint()
            self._reactions.tell_overdue()
            self.guide.tick()

    # Lines

    async def _take_lines(self) -> None:
        while True:
            await self._settle()
            while self.ui.asked and not self.ui.left:
                await self._ask()
                await self._settle()
            if self.ui.left or self._output.broken is not None:
                return
            self._plan_news.tell()
            self.lesson.tell()
            hidden, prompt = self._announce()
            self._reader.remember(self.sender.history.lines)
            try:
                line = await self._read(hidden=hidden, prompt=prompt)
            except LineTooLong as error:
                self.ui.tell(str(error).capitalize(), trouble=True)
                self.outcome.bad_input()
                line = None
            if line is None:
                if not self.ui.left:
                    self._end_of_input()
                return
            self._take(line, hidden=hidden)

    async def _read(self, *, hidden: bool, prompt: str) -> str | None:
        """The next line; None at the end of input, and when the run is to end."""
        self._reading = asyncio.get_running_loop().create_task(
            self._reader.read(hidden=hidden, prompt=prompt)
        )
        try:
            return await self._reading
        except asyncio.CancelledError:
            if not self.ui.left:
                raise
            return None
        finally:
            self._reading = None

    def _end_of_input(self) -> None:
        """Leave, as :q does; a message that was not ended is not sent."""
        if self.line.writing:
            self.ui.tell("The input ended within the message, which was not sent.", trouble=True)
            self.outcome.not_as_expected()
        elif self.sender.in_transaction:
            self._output.say(WARNING, "A mail transaction was open; the server drops it.")

    async def _ask(self) -> None:
        """Ask what waits first, and pass the answer on."""
        asked = self.ui.asked.popleft()
        self.guide.saw("dialog", NAMES.get(type(asked.request), ""))
        self._asking = asyncio.get_running_loop().create_task(self._dialogs.ask(asked.request))
        try:
            result = await self._asking
        except asyncio.CancelledError:
            if not (self._interrupted or self.ui.left):
                raise
            self._output.say(NOTE, "Nothing was done.")
            result = None
        finally:
            self._asking = None
        asked.answered(result)
        self._changed.set()

    def _take(self, line: str, *, hidden: bool) -> None:
        kept, self.line.text = self.line.text, ""
        if self._refused_message:
            self._refused_message = line != "."
            return
        self._taking = True
        try:
            if self.line.editing:
                self._take_edit(line)
            elif self.line.writing:
                self._take_message_line(line)
            elif hidden or self.auth.active:
                self._take_answer(line or kept)
            elif self._wary_of(line):
                self.auth.doubted(line)
            else:
                self._take_command(line or (kept if self._reader.terminal else ""))
            self._reactions.follow_auth()
        finally:
            self._taking = False
        self._changed.set()

    def _take_command(self, line: str) -> None:
        self._warn(line)
        self._data_sent = (
            not self._reader.terminal
            and line.strip().upper() == "DATA"
            and not (self.sender.in_message or self.sender.chunk_left)
        )
        self.router.take(line)

    def _message_refused(self) -> None:
        """Leave out the message that follows in a pipe, where DATA was refused."""
        self._data_sent = False
        if not (self.line.writing or self.sender.in_message):
            self._refused_message = True
            self.ui.tell("DATA was refused: what follows, up to a line with only a dot, is not "
                         "sent.", trouble=True)  # fmt: skip

    def _wary_of(self, line: str) -> bool:
        """Whether the line may be a secret that nothing asks for any more."""
        wary, self.line.wary = self.line.wary, False
        return wary and bool(line) and not reads_as_command(line)

    def _take_answer(self, line: str) -> None:
        if line == ":way":
            self.run("way", "")
        else:
            self.router.take(line, secret=True)
            answers = self.auth.answers
            if answers is not None and answers.trouble:
                self.ui.tell(answers.trouble, trouble=True)

    def _take_message_line(self, line: str) -> None:
        if line != ".":
            if len(self.line.draft) + len(line) > LARGEST_MESSAGE:
                self.ui.tell("The message is too long to be typed; :send takes a file.",
                             trouble=True)  # fmt: skip
                self.outcome.bad_input()
                return
            self.line.add(line)
            return
        self.router.keep_draft()
        self.router.send_message(self._typed_message())

    def _typed_message(self) -> bytes:
        from ...session.protocol.transparency import normalise_line_ends

        return normalise_line_ends(self.line.draft.encode("utf-8", "surrogateescape"))

    def _take_edit(self, line: str) -> None:
        if not self.line.writing:
            if self.line.hidden and line:
                self.auth.learn(line)
            self.line.end_edit()
            self.groups.plan.edited(line)
        elif line != ".":
            self.line.add(line)
        else:
            content = self._typed_message()
            self.line.end_edit()
            self.groups.plan.message_edited(content)

    def _warn(self, line: str) -> None:
        """Write what is wrong with a command before it is sent."""
        self._speaker.warned = False
        found = parse_typed(line)
        session = self.connections.session
        if not isinstance(found, WireLine) or session is None or not session.connected:
            return
        talk = session.conversation
        if self.sender.in_message or self.sender.chunk_left:
            return
        warning = hint_for(
            line,
            state=talk.foreseen,
            connected=True,
            keywords=talk.keywords,
            lmtp=session.lmtp,
            practice=self.connections.practising,
        ).warning
        if warning:
            self._speaker.warned = True
            self._output.say(WARNING, f"{warning}; sent all the same")

    # Orders

    def run(self, name: str, argument: str = "") -> None:
        """Run an order by its name."""
        self._ordering = True
        try:
            self.groups.all.run(name, argument)
        finally:
            self._ordering = False

    def _step(self) -> bool:
        """Take the next step of the plan, else go on in the lesson."""
        return self.plan.step() or self.groups.lesson.went_on()

    def _ran(self, name: str) -> None:
        """An order was carried out: tell the lesson what was looked at by it."""
        match name:
            case "panel":
                self.guide.saw("panel", "extensions")
                self.guide.saw("panel", "state")
            case "tls" | "states":
                self.guide.saw("panel", name)
            case "plan":
                self.guide.saw("plan", name)
            case _:
                pass

    def _troubled(self) -> None:
        """Note an error that follows from a line at once, for the exit status."""
        if not self._taking:
            return
        if self._ordering and self.connections.session is not None and self.connections.connected:
            self.outcome.bad_input()
        elif not self.connections.connected:
            self.outcome.no_connection()
        else:
            self.outcome.not_as_expected()

    # Waiting

    async def _settle(self) -> None:
        """Wait until what was begun is over, or for so long that more may be typed."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        self._interrupted = False
        await asyncio.sleep(0)
        while self._waits_for() and not (self.ui.left or self._interrupted):
            session = self.connections.session
            waiting = session.waiting if session is not None else None
            if waiting is not None and waiting[1] < 0 and not self.plan.status.busy:
                self.outcome.not_as_expected()
                break  # the reply is overdue, which has been told
            patient = not self._reader.terminal or self.sender.in_auth
            if not patient and loop.time() - began > PATIENCE:
                self._output.say(NOTE, f"{self._waits_for()}; go on typing, or Ctrl+C stops it")
                break
            self._changed.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), LOOK)
        await asyncio.sleep(0)  # what follows from an event is done in its turn of the loop
        if self._data_sent:
            self._message_refused()

    def _waits_for(self) -> str:
        """What is under way, in words; empty where nothing is."""
        connections, session = self.connections, self.connections.session
        if connections.attempt is not None:
            return connections.stage
        if connections.greeting_due:
            return "the server has not greeted yet"
        if self.plan.status.busy:
            return self.plan.status.under_way
        if self.guide.preparing:
            return "the step of the lesson is being prepared"
        if self.router.sending is not None and not self.router.sending.done():
            return "the message is being sent"
        if self.groups.busy:
            return "an order is being carried out"
        if session is None or not session.connected or session.flooded:
            return ""
        if tls_begins(session) and not self.plan.status.active:
            return "the TLS handshake is under way"
        verb = session.conversation.waiting_for
        return f"no reply to {verb} yet" if verb else ""

    def _announce(self) -> tuple[bool, str]:
        """Write what AUTH asks for. Returns whether the line is a secret, and its prompt."""
        if self.line.editing:
            return self.line.hidden, "another line, not shown"
        answers = self.auth.answers
        if answers is None or not answers.active:
            self._asked_in_auth = None
            return False, ""
        from ..auth.text import hint, rows

        asked, said = rows(answers, "", brief=False)
        if answers.question is not self._asked_in_auth:
            self._asked_in_auth = answers.question
            for row in asked:
                self._output.say(AUTH, f"{row.head}: {row.text}" if row.head else row.text)
        if answers.insist and not answers.trouble:
            self._output.say(WARNING, said[-1].text)
        found = hint(answers)
        prompt = ": ".join(part for part in (found.syntax, found.summary) if part)
        if len(answers.modes) > 1:
            prompt += "; :way answers in another form"
        hidden = answers.hidden
        if not (hidden and self._reader.terminal):
            self._output.say(ASK, prompt)
        return hidden, without_keys(f"{ASK}: {prompt}")

    # The session

    def _notes_kept(self) -> Notes:
        """The notes on the present session, kept beside its journal."""
        if self._notes is None:
            journals = self.connections.journals
            self._notes = Notes(notes_file(journals[-1]) if journals else None)
        return self._notes

    def _session_began(self, session: Session) -> None:
        self._notes = None
        self.groups.plan.end_edit()
        self.plan.session_began(session)
        self._transcript.add(session)
        self._speaker.follow(session)
        self._reactions.session_began(session)
        self._clients.session_began(session, self.connections.practice)
        self.guide.session_began(session)
        self._changed.set()

    def _event(self, event: Event) -> None:
        if isinstance(event, Line):
            self._transcript.moved_on()
        self.outcome.heard(event)
        self._changed.set()

    # What is explained

    def _explain(self) -> bool:
        meaning = self._transcript.explanation()
        if meaning is None:
            return False
        heading, *lines = explanation_lines(meaning)
        self._output.page(f"explain: {heading}", lines)
        row = self._transcript.explained_row
        if row is not None:
            self.guide.saw("row", row=row)
        return True

    def _explained(self) -> str:
        meaning = self._transcript.explanation()
        return "\n".join(explanation_lines(meaning)) if meaning is not None else ""

    def _handshakes(self) -> list[Event]:
        session = self.connections.session
        events = session.transcript.marks_after(0) if session is not None else ()
        return [event for event in events if isinstance(event, TlsStarted | TlsFailed)]

    def _tls_lines(self) -> Iterable[str]:
        connections = self.connections
        own = connections.profile.certfile
        return tls_lines(connections.session, accepted=connections.accepted, own=own)


class _FirstCertificate:
    """The certificate that :fingerprint copies: the server's own. Implements CertificateList."""

    cursor = 0
