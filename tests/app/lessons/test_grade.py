"""A lesson is graded from recordings, which show the steps that were done."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from heloscope.app.lessons.facts import Began, Did, Said, Saw
from heloscope.app.lessons.grade import DONE, NOT_DONE, NOT_SHOWN, Grade, grade, lessons_in
from heloscope.app.lessons.marks import event_of, note_of
from heloscope.app.lessons.model import Lesson
from heloscope.session.events import CLIENT, SERVER, Connected, Event, Note
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.record.reader import Recording
from support.lesson_play import lesson, step
from support.rows import for_each

NOOP = '{ reply = "250", to = "NOOP" }'
GOT = '{ got = "message", to = ["bob@x.example"], header = { Subject = "hi" } }'
ROW = '{ saw = "row", reply = "220" }'
ASK = """
[[ask]]
id = "why"
ask = "Why?"
[[ask.choice]]
text = "So"
right = true
says = "Yes."
[[ask.choice]]
text = "Or so"
says = "No."
"""


class Recorder:
    """A writer of recordings of conversations."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.opened: list[Recording] = []

    def __call__(self, *said: str | Event, began: float = 1_790_000_000.0) -> Recording:
        """Return a recording of lines such as `C: NOOP`, and of events that the lesson received."""
        conversation = Conversation()
        conversation.transcript.anchor = (began, 0.0)
        conversation.note(Connected(0.0, "practice", "127.0.0.1"))
        for number, each in enumerate(said, 1):
            if isinstance(each, Event):
                assert isinstance(each, Began | Did | Said | Saw)
                conversation.note(note_of(each), at=number)
            else:
                direction = CLIENT if each.startswith("C") else SERVER
                conversation.feed(direction, each[3:].encode() + b"\r\n", number)
        path = self.folder / f"{len(self.opened)}.jsonl"
        path.write_text(conversation.transcript.to_jsonl())
        self.opened.append(Recording(path))
        return self.opened[-1]


@pytest.fixture
def recorded(tmp_path: Path) -> Iterator[Recorder]:
    recorder = Recorder(tmp_path)
    yield recorder
    for recording in recorder.opened:
        recording.close()


def states(found: Grade) -> list[str]:
    return [step.state for step in found.steps]


def a_lesson() -> Lesson:
    return lesson(step(NOOP, name="noop"), step(GOT, name="got"), step(ROW, ASK, name="row"))


GREETING = "S: 220 x.example"
DELIVERY = (
    "C: EHLO client.example", "S: 250 x.example", "C: MAIL FROM:<a@client.example>", "S: 250 ok",
    "C: RCPT TO:<bob@x.example>", "S: 250 ok", "C: DATA", "S: 354 go", "C: Subject: hi", "C: ",
    "C: .", "S: 250 ok",
)  # fmt: skip


def test_any_recording_shows_what_bytes_can_show(recorded: Recorder) -> None:
    found = grade(a_lesson(), [recorded(GREETING, *DELIVERY)])
    assert states(found) == [NOT_DONE, DONE, NOT_SHOWN]
    assert (found.marked, found.done) == (False, 1)


def test_a_step_may_be_done_in_any_of_several_recordings(recorded: Recorder) -> None:
    found = grade(
        a_lesson(), [recorded(GREETING, *DELIVERY), recorded(GREETING, "C: NOOP", "S: 250 ok")]
    )
    assert states(found) == [DONE, DONE, NOT_SHOWN]


def test_a_recording_made_in_the_lesson_shows_what_was_seen_and_answered(
    recorded: Recorder,
) -> None:
    found = grade(
        a_lesson(),
        [
            recorded(
                Began(0, "lesson/row"),
                GREETING,
                Said(0, "why", "2"),
                Said(0, "why", "1"),
                Saw(0, "row", row=0),
            )
        ],
    )
    assert states(found) == [NOT_DONE, NOT_DONE, DONE]
    assert (found.marked, found.steps[2].misses) == (True, 1)


def test_in_a_lesson_a_step_counts_only_after_it_began(recorded: Recorder) -> None:
    noop = ("C: NOOP", "S: 250 ok")
    assert states(grade(a_lesson(), [recorded(GREETING, *noop, Began(0, "lesson/noop"))])) == [
        NOT_DONE, NOT_DONE, NOT_DONE,
    ]  # fmt: skip
    assert states(grade(a_lesson(), [recorded(GREETING, Began(0, "lesson/noop"), *noop)])) == [
        DONE, NOT_DONE, NOT_DONE,
    ]  # fmt: skip


def test_what_was_done_in_another_lesson_does_not_count(recorded: Recorder) -> None:
    found = grade(
        a_lesson(),
        [recorded(GREETING, Began(0, "lesson/got"), Began(0, "other/x"), "C: NOOP", *DELIVERY)],
    )
    assert states(found) == [NOT_DONE, NOT_DONE, NOT_DONE]


def test_a_step_that_waits_for_a_message_is_done_when_the_program_says_so(
    recorded: Recorder,
) -> None:
    found = grade(a_lesson(), [recorded(GREETING, Began(0, "lesson/got"), Did(0, "lesson/got", 2))])
    assert (states(found)[1], found.steps[1].misses) == (DONE, 2)


@pytest.mark.parametrize("name", ["lesson/noop", "other/got"])
def test_of_any_other_step_its_bytes_say_whether_it_was_done(recorded: Recorder, name: str) -> None:
    found = grade(a_lesson(), [recorded(GREETING, Began(0, name), Did(0, name))])
    assert DONE not in states(found)


def test_recordings_are_read_in_the_order_of_their_beginnings(recorded: Recorder) -> None:
    later = recorded(GREETING, "C: NOOP", "S: 250 ok", began=2_000_000_000.0)
    earlier = recorded(Began(0, "lesson/noop"), GREETING)
    assert states(grade(a_lesson(), [later, earlier]))[0] == DONE


def test_silence_is_measured_by_the_times_of_the_recording(recorded: Recorder) -> None:
    quiet = lesson(step("{ quiet = 3 }"))
    recording = recorded(GREETING, "C: NOOP")
    path = recording.path
    assert states(grade(quiet, [recording])) == [NOT_DONE]
    path.write_text(path.read_text().replace('"at":2.0', '"at":5.0'))
    with Recording(path) as recording:
        assert states(grade(quiet, [recording])) == [DONE]


def test_a_torn_recording_is_graded_as_far_as_it_goes(recorded: Recorder) -> None:
    path = recorded(GREETING, "C: NOOP", "S: 250 ok").path
    path.write_text(path.read_text() + '{"at":9,"fro')
    with Recording(path) as recording:
        found = grade(a_lesson(), [recording])
    assert states(found)[0] == DONE
    assert found.problems == ("0.jsonl: The last line, 6, is incomplete.",)


def test_the_lessons_in_a_recording_are_named(recorded: Recorder) -> None:
    marked = recorded(GREETING, Began(0, "b/x"), Began(0, "a/y"), Began(0, "b/z"))
    assert lessons_in([marked, recorded(GREETING)]) == ["b", "a"]


@for_each(
    [
        Began(1.0, "greeting/read"),
        Began(1.0, "greeting/read", anew=True),
        Did(1.0, "greeting/read", 3),
        Said(1.0, "first", "2"),
        Saw(1.0, "row", row=12),
        Saw(1.0, "mailbox", "delivered"),
        Saw(1.0, "plan"),
    ]
)
def test_a_mark_is_read_as_it_was_written(event: Began | Did | Said | Saw) -> None:
    assert event_of(note_of(event)) == event


@for_each(
    [
        Note(1.0, "edited", "step a/b"),
        Note(1.0, "lesson", ""),
        Note(1.0, "lesson", "said one"),
        Note(1.0, "lesson", "step"),
        Note(1.0, "lesson", "dance a b"),
        Note(1.0, "lesson", "done a/b many"),
    ]
)
def test_another_note_is_no_mark(note: Note) -> None:
    assert event_of(note) is None
