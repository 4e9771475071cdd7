"""The robot reports where the practice server differs from a lesson."""

from __future__ import annotations

import pytest
from heloscope.app.lessons import robot
from heloscope.app.lessons.check import play_all
from heloscope.app.lessons.model import World
from heloscope.app.lessons.robot import play_lesson
from heloscope.app.lessons.worlds import scenario_of
from support.lesson_play import lesson, step

NOOP = '{ reply = "250", to = "NOOP" }'


def with_example(text: str, *, more: str = "", goal: str = NOOP) -> str:
    """Return a lesson with a step that these lines complete, each on its own line of the file."""
    return step(goal, more).replace('pass = ["C: NOOP"]', f"pass = ['''\n{text}\n''']")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robot, "PATIENCE", 0.2)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "S: 220 x\nC: NOOP\nS: 251 ok",
            "The example expects 251 here, but the server replies 250",
        ),
        ("S: 220 x\nC: NOOP\nS: 250 ok\nS: 250 ok", "The server does not reply here."),
        ("S: 220 x\nC: QUIT\nS: 221 ok\nS: 250 ok", "The connection ended before this reply."),
        ("S: 220 x\nclosed:", "The server does not close the connection here."),
        ("S: 220 x\ngot: <a@x.example> -> bob@practice.test", "This message does not arrive."),
        ("S: 220 x\nclosed: closed by us\nC: NOOP", "This requires a connection"),
        ("S: 220 x\nC: NOOP\nS: 250-a\nS: 250-b\nS: 250 c", ""),
    ],
)
async def test_a_line_that_the_server_does_not_follow_is_told(text: str, says: str) -> None:
    found = await play_lesson(lesson(with_example(text)))
    assert [says in each.text for each in found] == ([True] if says else [])


async def test_the_line_of_the_file_is_told() -> None:
    text = with_example("S: 220 x\nC: NOOP\nS: 251 ok")
    (one,) = await play_lesson(lesson(text))
    lines = ("# A lesson\n" + text).split("\n")
    assert lines[one.line - 1] == "S: 251 ok"


async def test_a_step_that_the_server_does_not_do_is_told_alone_and_in_its_place() -> None:
    text = with_example("S: 220 x\nC: NOOP\nS: 250 ok", goal='{ reply = "250", text = "strange" }')
    assert [each.text for each in await play_lesson(lesson(text))] == [
        "On the practice server, this does not complete the step.",
        "This step is not completed when the lesson is played from its beginning.",
    ]


async def test_a_wrong_move_that_is_not_recognised_is_told() -> None:
    more = (
        '[[wrong]]\nid = "x"\nwhen = { reply = "500", to = "HELP" }\nsay = "x"\n'
        "example = '''\nS: 220 x\nC: HELP\nS: 214 x\n'''\n"
    )
    found = await play_lesson(lesson(with_example("S: 220 x\nC: NOOP\nS: 250 ok", more=more)))
    assert [each.text for each in found] == [
        "On the practice server, this wrong move is not recognised."
    ]


async def test_a_step_that_goes_on_from_another_place_than_its_setup_is_told() -> None:
    first = with_example("S: 220 x\nC: NOOP\nS: 250 ok")
    second = with_example("C: MAIL FROM:<a@x.example>\nS: 250 ok", goal='{ state = "mail" }')
    second = second.replace(
        'id = "one"', 'id = "two"\ncontinues = true\nsetup = ["EHLO client.example"]'
    )
    (one,) = await play_lesson(lesson(first, second))
    assert "The example expects 250 here, but the server replies 503" in one.text


def test_the_clock_of_a_step_takes_the_place_of_the_scenarios() -> None:
    assert scenario_of(World("greylist")).clock == 20
    assert scenario_of(World("greylist", clock=1)).clock == 1
    assert scenario_of(World("greylist", clock=1), clock=200).clock == 200


async def test_a_setup_may_hold_a_message_which_is_delivered_before_the_step() -> None:
    setup = (
        'setup = ["EHLO client.example", "MAIL FROM:<a@x.example>", "RCPT TO:<bob@practice.test>",'
        ' "DATA", "Subject: MAIL", "", "QUIT", "."]'
    )
    goal = '{ reply = "503", to = "RCPT", before = "ready" }'
    text = with_example("C: RCPT TO:<bob@practice.test>\nS: 503 x", goal=goal)
    whole = lesson(text.replace('id = "one"', f'id = "one"\n{setup}'))
    assert play_all(whole) == []
    assert await play_lesson(whole) == []


async def test_a_scenario_is_played_quickly_whatever_its_clock() -> None:
    text = with_example("S: 220 x\nC: NOOP\nS: 250 ok")
    slow = text.replace('id = "one"', 'id = "one"\nscenario = "tarpit"\nclock = 2')
    assert [each.text for each in await play_lesson(lesson(slow))] == []
