"""A learner is guided through a lesson on the practice server, without a screen."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
from heloscope.app.confinement import FREE, PRACTICE_ONLY, Confinement
from heloscope.app.connect.manager import ConnectionManager
from heloscope.app.connect.profile import Profile
from heloscope.app.input.history import History
from heloscope.app.input.sender import NotSent, Sender
from heloscope.app.lessons.grade import DONE, NOT_DONE, grade, grade_run
from heloscope.app.lessons.guide import Guide
from heloscope.app.lessons.progress import load
from heloscope.session.aio.session import Session
from heloscope.session.events import Note
from heloscope.session.record.reader import Recording
from support.lesson_play import lesson, step
from support.servers import script, serving
from support.ui import FakeUi

NOOP = '{ reply = "250", to = "NOOP" }'
PREDICTED = """
[[predict]]
id = "guess"
ask = "What will it say?"
until = { reply = "*", to = "NOOP" }
choice = [ { text = "250", right = true, says = "So it did." }, { text = "500", says = "No." } ]
"""
WRONG = """
[[wrong]]
id = "rset"
when = { command = "RSET" }
say = "RSET is another command."
example = "C: RSET"
"""


class School:
    """A guide, and the connection that it prepares."""

    def __init__(self, folder: Path, confinement: Confinement = FREE) -> None:
        self.ui = FakeUi()
        self.connections = ConnectionManager(
            self.ui, self._began, record=False, confinement=confinement
        )
        self.sender = Sender(self.connections, History())
        self.guide = Guide(self.ui, self.connections, self.sender.quiet, folder=folder)
        self.sessions: list[Session] = []

    def _began(self, session: Session) -> None:
        self.sessions.append(session)
        self.guide.session_began(session)

    async def until(self, condition: object) -> None:
        assert callable(condition)
        async with asyncio.timeout(20):
            while True:
                if condition():
                    return
                await asyncio.sleep(0.001)

    async def ready(self) -> None:
        """Wait until the step has been prepared, and the server has sent its greeting."""
        await self.until(lambda: not self.guide.preparing)
        await self.connections.settled()
        with contextlib.suppress(NotSent):
            await self.sender.quiet()
        await asyncio.sleep(0)

    async def type(self, *lines: str) -> None:
        for line in lines:
            self.sender.send_line(line)
            with contextlib.suppress(NotSent):
                await self.sender.quiet()
            await asyncio.sleep(0)

    @property
    def said(self) -> list[tuple[str, str]]:
        return [(remark.kind, remark.text) for remark in self.guide.remarks]

    @property
    def present(self) -> tuple[str, bool]:
        assert self.guide.run is not None
        return self.guide.run.step.id, self.guide.run.step_done

    @property
    def sent(self) -> list[str]:
        return [row.data.decode().strip() for row in self.sessions[-1].transcript if row.sent]


@contextlib.asynccontextmanager
async def school(folder: Path, *steps: str, at: int | str | None = None) -> AsyncIterator[School]:
    found = School(folder)
    try:
        found.guide.begin(lesson(*steps), at)
        await found.ready()
        yield found
    finally:
        found.guide.end()
        await found.connections.close()


async def test_a_wrong_move_is_answered_with_its_line_and_a_step_waits_for_going_on(tmp_path: Path):
    async with school(tmp_path, step(NOOP, WRONG), step(NOOP, name="two")) as at:
        await at.type("RSET")
        (remark,) = at.guide.remarks
        assert (remark.kind, remark.quote) == ("answer", "RSET")
        assert not at.guide.go_on()
        await at.type("noop")
        assert at.present == ("one", True)
        assert at.guide.go_on() and at.present == ("two", False)
        await at.ready()
        assert len(at.sessions) == 2 and at.guide.remarks == []


async def test_a_better_answer_to_the_same_line_takes_the_place_of_the_first(tmp_path: Path):
    moves = """
[[wrong]]
id = "refused"
when = { reply = "503" }
say = "503: not now."
example = "C: DATA"

[[wrong]]
id = "data"
when = { command = "DATA" }
say = "DATA is another command."
example = "C: DATA"
"""
    async with school(tmp_path, step(NOOP, moves + WRONG)) as at:
        await at.type("RSET", "DATA")
        assert at.said == [("answer", "RSET is another command."), ("answer", "503: not now.")]


async def test_what_is_sent_to_prepare_a_step_is_said_and_does_not_count(tmp_path: Path):
    prepared = step(NOOP, 'setup = ["EHLO me.example", "NOOP"]\nlogin = "alice"')
    async with school(tmp_path, prepared) as at:
        assert at.present == ("one", False)
        (note,) = at.said
        assert note[0] == "note", note
        assert (
            note[0] == "note" and "sent EHLO me.example and NOOP and logged in as alice" in note[1]
        )
        assert at.sent[:2] == ["EHLO me.example", "NOOP"]
        assert at.sessions[-1].conversation.authenticated
        await at.type("NOOP")
        assert at.present == ("one", True)


async def test_a_step_that_cannot_be_prepared_says_why_and_can_still_be_done(tmp_path: Path):
    async with school(tmp_path, step(NOOP, 'setup = ["RCPT TO:<bob@practice.test>"]')) as at:
        assert at.said == [("unprepared", "RCPT TO:<bob@practice.test> was refused with 503")]
        await at.type("NOOP")
        assert at.present == ("one", True)


async def test_a_step_without_a_connection_closes_the_one_that_is_there(tmp_path: Path):
    second = step('{ ended = "*" }', "connect = false", name="two")
    async with school(tmp_path, step(NOOP), second) as at:
        await at.type("NOOP")
        at.guide.go_on()
        await at.ready()
        assert not at.connections.connected
        assert at.present == ("two", False)  # it was not the learner who ended it
        assert "has closed the connection" in at.said[0][1]
        at.connections.reconnect()
        await at.ready()
        await at.type("QUIT")
        await at.until(lambda: at.present == ("two", True))


async def test_another_server_does_not_count_and_the_way_back_is_said(tmp_path: Path):
    async with school(tmp_path, step(NOOP)) as at:
        play = "S: 220 ready\nC: NOOP\nS: 250 ok"
        async with serving(script(play)) as port:
            at.connections.connect(Profile(f"127.0.0.1:{port}"))
            await at.ready()
            await at.type("NOOP")
            assert at.present == ("one", False)
            assert at.guide.astray == "connected to another server"
            at.guide.repeat()
            await at.ready()
        assert at.guide.astray == "" and at.connections.practising
        await at.type("NOOP")
        assert at.present == ("one", True)


async def test_a_prediction_is_compared_with_what_happens(tmp_path: Path):
    async with school(tmp_path, step(NOOP, PREDICTED)) as at:
        assert at.guide.asks and not at.guide.answer("7")
        assert at.guide.answer("2") and not at.guide.asks
        await at.type("NOOP")
        assert at.said == [("wrong", "No.")] and at.present == ("one", True)
        at.guide.repeat()
        await at.ready()
        await at.type("NOOP")
        assert at.said == [("late", "What will it say?")]


async def test_a_message_that_arrives_is_seen(tmp_path: Path):
    async with school(tmp_path, step('{ got = "message", to = ["bob@practice.test"] }')) as at:
        session = at.sessions[-1]
        await session.run(
            "sendmail", "me@here.example", ["bob@practice.test"], b"Subject: x\r\n\r\nx"
        )
        await at.until(lambda: at.present[1])


async def test_what_was_looked_at_counts_and_is_in_the_recording(tmp_path: Path):
    async with school(tmp_path, step('{ saw = "row", reply = "220" }')) as at:
        at.guide.saw("row", row=0)
        await at.until(lambda: at.present[1])
        marks = [
            event.text for event in at.sessions[-1].transcript.marks_after(0)
            if isinstance(event, Note)
        ]  # fmt: skip
        assert marks[:2] == ["step lesson/one anew", "saw row #0"]


async def test_a_run_and_its_recordings_have_the_same_grade(tmp_path: Path):
    reported = step('{ got = "report" }', 'scenario = "bouncer"\nsetup = ["EHLO me"]', "two")
    steps = (step(NOOP, WRONG), reported, step(NOOP, WRONG, "three"))
    async with school(tmp_path, *steps) as at:
        await at.type("RSET", "NOOP")
        at.guide.go_on()
        await at.ready()
        await at.type(
            "FOO", "MAIL FROM:<alice@practice.test>", "RCPT TO:<late@practice.test>", "DATA"
        )
        await at.sessions[-1].send_raw(b"Subject: x\r\n\r\nhello\r\n.\r\n")
        await at.until(lambda: at.present == ("two", True))
        at.guide.go_on()
        await at.ready()
        await at.type("RSET")
        paths = [tmp_path / f"{n}.jsonl" for n in range(len(at.sessions))]
        for path, session in zip(paths, at.sessions, strict=True):
            path.write_text(session.transcript.to_jsonl())
        assert at.guide.run is not None
        wanted = grade_run(at.guide.run).steps
        lesson = at.guide.run.lesson
    assert [(g.state, g.misses) for g in wanted] == [(DONE, 1), (DONE, 1), (NOT_DONE, 1)]
    with contextlib.ExitStack() as opened:
        found = grade(lesson, [opened.enter_context(Recording(path)) for path in paths])
    assert found.steps == wanted


async def test_a_lesson_goes_on_where_it_was_left(tmp_path: Path):
    steps = (step(NOOP), step(NOOP, name="two"), step(NOOP, name="three"))
    async with school(tmp_path, *steps) as at:
        await at.type("NOOP")
        at.guide.go_on()
        await at.ready()
        at.guide.leave()
        assert not at.guide.active
        await at.type("NOOP")  # of which nobody takes note
    assert load(tmp_path).of("lesson").steps == ["one"]
    async with school(tmp_path, *steps) as at:
        assert at.present == ("two", False)
        at.guide.skip()
        assert at.present == ("three", False)
        await at.ready()
        await at.type("NOOP")
        at.guide.go_on()
        assert at.guide.run is not None and at.guide.run.finished
        assert load(tmp_path).of("lesson").steps == ["one", "three"]


async def test_hints_come_when_asked_for_and_are_offered_after_three_misses(tmp_path: Path):
    async with school(tmp_path, step(NOOP, WRONG)) as at:
        await at.type("RSET", "RSET", "RSET")
        assert [kind for kind, _ in at.said] == ["answer", "offer"]
        assert at.guide.hint() and at.guide.hint()
        assert at.said[-2:] == [("hint", "One."), ("hint", "Two.")]


async def test_progress_that_cannot_be_kept_is_said_once(tmp_path: Path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    async with school(blocked / "folder", step(NOOP)) as at:
        at.guide.repeat()
        await at.ready()
        found = [text for text in at.ui.troubles if "cannot be saved" in text]
        assert len(found) == 1


async def test_a_step_begun_again_while_it_is_prepared_counts_nothing_of_the_first_time(
    tmp_path: Path,
):
    async with school(tmp_path, step(NOOP, 'setup = ["EHLO x", "NOOP"]')) as at:
        for _ in range(5):
            at.guide.repeat()
            await asyncio.sleep(0.002)
        await at.ready()
        assert at.present == ("one", False)
        assert at.sent == ["EHLO x", "NOOP"]


async def test_a_visitor_has_lessons_and_leaves_no_trace(tmp_path: Path):
    confined = School(tmp_path, PRACTICE_ONLY)
    try:
        confined.guide.begin(lesson(step(NOOP, 'connect = "tls"'), step(NOOP, name="two")))
        await confined.ready()
        assert confined.sessions[-1].tls
        await confined.type("NOOP")
        assert confined.present == ("one", True)
        assert confined.guide.progress.of("lesson").steps == ["one"]
        assert list(tmp_path.iterdir()) == []
    finally:
        confined.guide.end()
        await confined.connections.close()


async def test_a_step_that_goes_on_is_prepared_where_the_connection_was_left_elsewhere(
    tmp_path: Path,
):
    """If the transaction has ended, or the connection has closed, the step is prepared again."""
    follows = step('{ reply = "250", to = "RCPT" }', name="two").replace(
        'id = "two"',
        'id = "two"\ncontinues = true\nsetup = ["EHLO me.example", "MAIL FROM:<a@b.example>"]',
    )
    first = step('{ reply = "250", to = "MAIL" }')
    for left in ([], ["RSET"], ["QUIT"]):
        async with school(tmp_path, first, follows, at=0) as at:
            await at.type("EHLO me.example", "MAIL FROM:<a@b.example>", *left)
            assert at.guide.go_on()
            await at.ready()
            assert len(at.sessions) == (2 if left else 1)
            assert at.sessions[-1].conversation.state == "mail"
            await at.type("RCPT TO:<bob@practice.test>")
            assert at.present == ("two", True)


ASKED = """
[[ask]]
id = "why"
ask = "Why?"
choice = [ { text = "So", right = true, says = "So." }, { text = "Not so", says = "No." } ]
"""


async def test_what_was_missing_is_no_longer_said_while_a_question_is_left(tmp_path: Path):
    async with school(tmp_path, step(NOOP, ASKED + WRONG)) as at:
        await at.type("RSET")
        assert at.said == [("answer", "RSET is another command.")]
        await at.type("NOOP")
        assert at.guide.asks and at.said == []
        await at.type("RSET")
        assert at.said == [("answer", "RSET is another command.")]


async def test_an_answer_about_a_broken_rule_quotes_the_line(tmp_path: Path):
    rule = WRONG.replace('{ command = "RSET" }', '{ bad = "bad-path" }').replace(
        '"C: RSET"', '"C: MAIL FROM: <a@b.example>"'
    )
    async with school(tmp_path, step(NOOP, rule)) as at:
        await at.type("EHLO me", "MAIL FROM: <a@b.example>")
        (remark,) = at.guide.remarks
        assert remark.quote == "MAIL FROM: <a@b.example>"


async def test_a_new_connection_takes_back_that_the_step_is_spoiled(tmp_path: Path):
    goal = '{ command = "VRFY", never = true }, { reply = "250", to = "NOOP" }'
    async with school(tmp_path, step(goal)) as at:
        await at.type("VRFY alice")
        assert at.said == [("spoiled", "")]
        at.connections.reconnect()
        await at.ready()
        assert at.said == []
        await at.type("NOOP")
        assert at.present == ("one", True)


async def test_a_step_that_is_repeated_begins_without_the_introduction(tmp_path: Path):
    found = School(tmp_path)
    try:
        whole = lesson(step(NOOP))
        found.guide.begin(msgspec.structs.replace(whole, intro="This is about NOOP."))
        await found.ready()
        assert found.guide.introducing
        found.guide.repeat()
        await found.ready()
        assert not found.guide.introducing
    finally:
        found.guide.end()
        await found.connections.close()
