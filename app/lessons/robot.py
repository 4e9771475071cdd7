"""Plays the examples of a lesson on the practice server, as a learner would.

The server's behaviour in the lesson is compared with its actual behaviour: the codes of replies,
the end of the connection, and the messages that arrive. The robot does every step correctly, and
makes every wrong move for which the lesson has a response.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable

from ...session.aio.session import Session
from ...session.errors import ConnectionLost
from ...session.events import Disconnected, Event, ReplyReceived
from ...session.practice.mailboxes import Message
from ...session.practice.server import PracticeServer
from ...session.script.escapes import raw_bytes
from .changes import Answered, Begun, Change, Done
from .deliveries import delivered
from .example_reader import envelope
from .facts import Said, Saw
from .mistakes import Mistake
from .model import Example, ExampleLine, Lesson, World, WrongMove
from .rehearsal import find_row
from .run import Run
from .worlds import scenario_of

CLOCK = 200.0  # seconds of a scenario that pass in one second, so that playing is quick
PATIENCE = 5.0  # seconds to wait for an event of an example


class Divergence(Exception):
    """Raised when the server behaves differently from the example at `line`."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line = line


class Robot:
    """A simulated learner that plays examples on a practice server, in a session of its own."""

    def __init__(self, server: PracticeServer, run: Run) -> None:
        self.run = run
        self.changes: list[Change] = []
        self._server = server
        self._session: Session | None = None
        self._replies: asyncio.Queue[ReplyReceived | None] = asyncio.Queue()
        self._at = 0.0
        self._ended = asyncio.Event()
        self._arrived: list[Message] = []
        self._news = asyncio.Event()
        self._unsubscribe = server.mailboxes.subscribe(self._delivered)
        self._world = World()

    async def __aenter__(self) -> Robot:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._unsubscribe()
        await self._leave()

    async def begin(self, place: int) -> None:
        """Begin a step in its world."""
        self.changes = self.run.jump(place)
        await self._prepare()

    async def go_on(self) -> bool:
        """Begin the next step in its world. Return False if there is no further step."""
        self.changes = self.run.go_on()
        if any(isinstance(change, Begun) and not change.keep for change in self.changes):
            await self._prepare()
        return not self.run.finished

    async def play(self, example: Example) -> list[Change]:
        """Play an example, and return all changes.

        Raises Divergence if the server does not behave as in the example.
        """
        self.changes = []
        for line in example.lines:
            try:
                await self._line(line)
            except ConnectionLost as error:
                raise Divergence(line.line, f"This requires a connection: {error}.") from None
        return self.changes

    # The world of a step

    async def _prepare(self) -> None:
        """Restore the world of the step, and send its setup commands."""
        world = self._world = self.run.step.world
        self._server.mailboxes.clear()
        self._server.use(scenario_of(world, clock=CLOCK))
        await self._leave()
        if self.run.waiting:
            if world.connect:
                await self._connect()
                await self._reply()
            for line in world.setup:
                await self._say(line)
            if world.login:
                await self._log_in(world.login)
            self.run.ready()
        elif world.connect:
            await self._connect()

    async def _say(self, line: str) -> None:
        session = self._open_session()
        session.send_line(line.encode())
        if not session.conversation.waiting_for:
            return  # a line of a message, which gets no reply
        reply = await self._reply()
        if reply.code >= 400:
            raise Divergence(0, f"The setup command {line!r} got the reply {reply.code}.")
        if line.upper() == "STARTTLS":
            await session.handshake()

    async def _log_in(self, user: str) -> None:
        from ...session.practice.mailboxes import PASSWORDS

        await self._open_session().login(user, PASSWORDS.get(user, ""))
        while not self._replies.empty():
            self._replies.get_nowait()

    # One line

    async def _line(self, line: ExampleLine) -> None:
        text = line.text
        match line.sign:
            case "C":
                self._open_session().send_line(text.encode("utf-8", "surrogateescape"))
            case "raw":
                await self._open_session().send_raw(raw_bytes(text))
            case "S" if text[3:4] != "-":
                await self._expect(line)
            case "connect":
                await self._connect(text.strip())
            case "closed":
                await self._closed(line)
            case "tls":
                with contextlib.suppress(OSError):  # a failing handshake is part of the example
                    await self._open_session().handshake()
            case "quiet":
                await asyncio.sleep(float(text) / CLOCK)
                self._at = max(self._at, self._open_session().clock()) + float(text)
                self.changes += self.run.tick(self._at)
            case "saw":
                self._saw(text)
            case "said":
                self._said(text.split())
            case "got":
                await self._got(line)
            case _:
                pass

    async def _expect(self, line: ExampleLine) -> None:
        wanted = int(line.text[:3])
        last = self._open_session().transcript[-1:]
        if last and last[0].injected and last[0].data.startswith(line.text[:3].encode()):
            return  # sent in clear before TLS: a row, not a reply
        reply = await self._reply(line.line)
        if reply.code != wanted:
            raise Divergence(line.line, f"The example expects {wanted} here, but the server "
                             f"replies {self._text(reply)}")  # fmt: skip

    async def _reply(self, line: int = 0) -> ReplyReceived:
        try:
            async with asyncio.timeout(PATIENCE):
                reply = await self._replies.get()
        except TimeoutError:
            raise Divergence(line, "The server does not reply here.") from None
        if reply is None:
            self._replies.put_nowait(None)
            raise Divergence(line, "The connection ended before this reply.")
        return reply

    def _text(self, reply: ReplyReceived) -> str:
        transcript = self._open_session().transcript
        return transcript[reply.row].data.decode("utf-8", "replace").rstrip()

    async def _closed(self, line: ExampleLine) -> None:
        session = self._open_session()
        if "by us" in line.text:
            await session.close()
            return
        try:
            async with asyncio.timeout(PATIENCE):
                await self._ended.wait()
        except TimeoutError:
            raise Divergence(line.line, "The server does not close the connection here.") from None

    def _saw(self, text: str) -> None:
        what, _, name = text.strip().partition(" ")
        row = None
        if what == "row":
            row = find_row(self._open_session().transcript, name.strip())
        self._tell(Saw(self._at, what, name.strip() if row is None else "", row))

    def _said(self, words: list[str]) -> None:
        if len(words) > 1:
            self._tell(Said(self._at, words[0], words[1]))
        else:
            self.changes += self.run.answer(words[0], self._at)

    async def _got(self, line: ExampleLine) -> None:
        sender, recipients = envelope(line.text)

        def is_it(message: Message) -> bool:
            wanted = {each.casefold() for each in recipients}
            return message.sender.casefold() == sender.casefold() and wanted == {
                each.casefold() for each in message.recipients
            }

        try:
            async with asyncio.timeout(PATIENCE):
                while not any(is_it(message) for message in self._arrived):
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise Divergence(line.line, "This message does not arrive.") from None
        self._arrived.remove(next(message for message in self._arrived if is_it(message)))

    # The session and the mailboxes

    def _open_session(self) -> Session:
        if self._session is None:
            raise Divergence(0, "The example requires a connection here.")
        return self._session

    async def _connect(self, door: str = "") -> None:
        await self._leave()
        server = self._server
        target = f"smtp://{server.host}:{server.port}"
        match door or self._world.connect:
            case "tls":
                target = f"smtps://{server.host}:{server.tls_port}"
            case "lmtp":
                target = f"lmtp://{server.host}:{server.lmtp_port}"
            case "second":
                target = f"smtp://{server.host}:{server.second_port}"
            case _:
                pass
        self._replies = asyncio.Queue()
        self._ended.clear()
        session = self._session = Session(
            target, local_hostname="client.example", tls=server.trusted, timeout=PATIENCE
        )
        session.subscribe(self._on_event)
        with contextlib.suppress(OSError):
            await session.open()

    async def _leave(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.connection.drop("the robot continues")
            await session.close()

    def _on_event(self, event: Event) -> None:
        self._at = max(self._at, event.at)
        self._tell(event)
        if isinstance(event, ReplyReceived):
            self._replies.put_nowait(event)
        elif isinstance(event, Disconnected):
            self._replies.put_nowait(None)
            self._ended.set()

    def _tell(self, event: Event) -> None:
        self.changes += self.run.feed(event)

    def _delivered(self, message: Message) -> None:
        self._arrived.append(message)
        self._news.set()
        self._tell(delivered(message, self._at))


# A complete lesson


@contextlib.asynccontextmanager
async def _practice() -> AsyncGenerator[PracticeServer]:
    server = PracticeServer()
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


async def play_lesson(lesson: Lesson, server: PracticeServer | None = None) -> list[Mistake]:
    """Play a whole lesson in order, then each example and each wrong move on its own.

    Return a mistake for each place where the server differs from the examples.
    """
    if server is None:
        async with _practice() as own:
            return await play_lesson(lesson, own)
    found = await play_through(lesson, server)
    for place, step in enumerate(lesson.steps):
        for example in step.passes:
            found += await _play(server, lesson, place, example, _is_done)
        for move in step.wrong_moves:
            for example in move.examples:
                found += await _play(server, lesson, place, example, _answers(move))
    return sorted(set(found))


async def play_through(lesson: Lesson, server: PracticeServer) -> list[Mistake]:
    """Play the first example of each step, one after another, as a learner would.

    Return a list with a mistake at the first place where this fails, or an empty list.
    """
    async with Robot(server, Run(lesson)) as robot:
        run = robot.run
        line = 0
        try:
            await robot.begin(0)
            while True:
                line = run.step.line
                changes: list[Change] = []
                for example in run.step.passes[:1]:
                    line = example.line
                    changes += await robot.play(example)
                while (question := run.question) is not None and not run.step_done:
                    changes += run.answer(question.right[0].key, 0.0)
                    if run.question is question:
                        break
                if not run.step_done:
                    return [Mistake(line, "This step is not completed when the lesson is "
                                    "played from its beginning.")]  # fmt: skip
                if not await robot.go_on():
                    return []
        except Divergence as error:
            return [Mistake(error.line or line, str(error))]


def _is_done(changes: list[Change]) -> str:
    done = any(isinstance(change, Done) for change in changes)
    return "" if done else "On the practice server, this does not complete the step."


def _answers(move: WrongMove) -> Callable[[list[Change]], str]:
    def judge(changes: list[Change]) -> str:
        made = [change.move.id for change in changes if isinstance(change, Answered)]
        if move.id in made:
            return ""
        return "On the practice server, this wrong move is not recognised."

    return judge


async def _play(
    server: PracticeServer,
    lesson: Lesson,
    place: int,
    example: Example,
    judge: Callable[[list[Change]], str],
) -> list[Mistake]:
    async with Robot(server, Run(lesson)) as robot:
        try:
            await robot.begin(place)
            fault = judge(await robot.play(example))
        except Divergence as error:
            return [Mistake(error.line or example.line, str(error))]
        return [Mistake(example.line, fault)] if fault else []
