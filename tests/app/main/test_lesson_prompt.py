"""The next line to type is found in the prompt of a step."""

from __future__ import annotations

from heloscope.app.lessons.model import Step
from heloscope.app.main.lesson_prompt import first_of_message, following
from support.lesson_play import lesson, step
from support.rows import for_each

PROMPT = """Send these:

    MAIL FROM:<a@b.example>
    RCPT TO:<alice@practice.test>
    RCPT TO:<alice@practice.test>
    DATA

and a message:

    Subject: Hello

Then *look* at it."""
PASS = (
    "C: MAIL FROM:<a@b.example>\\nC: RCPT TO:<alice@practice.test>\\n"
    "C: RCPT TO:<alice@practice.test>\\nC: DATA\\nC: Subject: Hello\\nC:\\nC: Text\\nC: ."
)
MAIL, RCPT = "MAIL FROM:<a@b.example>", "RCPT TO:<alice@practice.test>"


def shown(prompt: str = PROMPT) -> Step:
    text = step('{ reply = "250", to = "." }').replace('pass = ["C: NOOP"]', f'pass = ["{PASS}"]')
    return lesson(text.replace("Do it.", prompt)).steps[0]


@for_each(
    [
        ([], ""),
        (["NOOP"], ""),
        ([MAIL], RCPT),
        ([MAIL, RCPT], RCPT),
        ([MAIL, RCPT, RCPT], "DATA"),
        ([RCPT, MAIL], RCPT),
        ([RCPT], RCPT),
        (["DATA"], "Subject: Hello"),
        ([MAIL, RCPT, RCPT, "DATA"], "Subject: Hello"),
        ([MAIL, RCPT, RCPT, "DATA", "."], "Then"),
    ]
)
def test_what_comes_next(typed: list[str], next_line: str) -> None:
    assert following(shown(), typed) == next_line


def test_nothing_comes_behind_the_last_line() -> None:
    assert following(shown("Type:\n\n    MAIL FROM:<a@b.example>"), [MAIL]) == ""


def test_a_step_without_a_message_has_no_line_of_one() -> None:
    assert first_of_message(shown()) == "Subject: Hello"
    assert first_of_message(lesson(step('{ reply = "250", to = "NOOP" }')).steps[0]) == ""
