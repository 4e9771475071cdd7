"""A lesson in progress: what is recognised, answered, asked and offered, and in which order."""

from __future__ import annotations

import pytest
from heloscope.app.lessons.changes import Answered, Begun, Compared, Done, Finished, Judged, TooLate
from heloscope.app.lessons.facts import Said
from heloscope.app.lessons.run import Run
from support.lesson_play import Play, lesson, step
from support.rows import for_each

GREETING = "S: 220 practice.test ready\n"
NOOP = "C: NOOP\nS: 250 ok\n"
REFUSED = "C: FOO\nS: 500 what\n"
RSET_DONE = '{ reply = "250", to = "RSET" }'
NO_HELP_BETWEEN = """{ then = [
  { command = "NOOP" }, { command = "HELP", never = true }, { command = "RSET" },
] }"""
PREDICT = """
[[predict]]
id = "guess"
ask = "What will it say?"
until = { reply = "*", to = "RSET" }
%s
[[predict.choice]]
text = "Yes"
right = true
says = "So it does."
[[predict.choice]]
text = "No"
says = "It does."
"""
ASK = PREDICT.replace("predict", "ask").replace('until = { reply = "*", to = "RSET" }\n%s\n', "")
WRONG = """
[[wrong]]
id = "{id}"
when = {when}
say = "{id}!"
example = "C: NOOP"
"""


def wrong(name: str, when: str) -> str:
    return WRONG.format(id=name, when=when)


# What does a step


def test_what_completes_the_goal_is_no_wrong_move_though_a_question_is_still_open() -> None:
    again = wrong("again", RSET_DONE.replace(" }", ", times = 2 }"))
    play = Play(lesson(step(RSET_DONE, ASK + again + wrong("any", RSET_DONE))))
    assert play.names(GREETING + "C: RSET\nS: 250 ok") == []
    changes = play("C: RSET\nS: 250 ok")
    assert [each.move.id for each in changes if isinstance(each, Answered)] == ["again"]
    assert play.names("said: 1") == ["Judged", "Done"]


def test_a_step_is_done_whatever_else_happened_before() -> None:
    play = Play(lesson(step(RSET_DONE)))
    assert play.names(GREETING + NOOP + REFUSED + "C: NOOP\nS: 250 ok") == []
    assert play.names("C: RSET\nS: 250 ok") == ["Done"]
    assert play.run.step_done


def test_a_step_that_is_done_waits_for_the_learner_to_go_on() -> None:
    play = Play(lesson(step(RSET_DONE), step('{ command = "NOOP" }', name="two")))
    play(GREETING + "C: RSET\nS: 250 ok")
    assert (play.run.step.id, play.run.step_done) == ("one", True)
    assert play.names(NOOP) == []
    assert play.run.go_on() == [Begun(play.run.step)]
    assert (play.run.step.id, play.run.step_done) == ("two", False)


def test_what_was_done_before_going_on_counts_for_a_step_that_continues() -> None:
    two = step('{ command = "NOOP" }', name="two").replace(
        'id = "two"', 'id = "two"\ncontinues = true'
    )
    play = Play(lesson(step(RSET_DONE), two))
    play(GREETING + "C: RSET\nS: 250 ok\n" + NOOP)
    assert play.run.go_on() == [Begun(play.run.step, keep=True), Done(play.run.step)]
    assert play.run.go_on() == [Finished(play.run.step)]
    assert play.run.finished and play.run.go_on() == []


def test_a_prediction_about_what_was_done_before_going_on_is_told_to_be_too_late() -> None:
    two = step(RSET_DONE, PREDICT % "", name="two").replace(
        'id = "two"', 'id = "two"\ncontinues = true'
    )
    play = Play(lesson(step('{ command = "NOOP" }'), two))
    play(GREETING + NOOP + "C: RSET\nS: 250 ok")
    present = play.run.lesson.steps[1]
    assert play.run.go_on() == [
        Begun(present, keep=True), Done(present), TooLate(present, present.predictions[0]),
    ]  # fmt: skip


def test_goals_are_met_in_any_order_unless_it_is_asked_for() -> None:
    both = '{ command = "NOOP" }, { command = "RSET" }'
    assert "Done" in Play(lesson(step(both))).names(GREETING + "C: RSET\nC: NOOP")
    in_order = "{ then = [ " + both + " ] }"
    play = Play(lesson(step(in_order)))
    assert play.names(GREETING + "C: RSET\nC: NOOP") == []
    assert play.names("C: RSET") == ["Done"]


@for_each([
        ('{ command = "NOOP", times = 2 }', "C: NOOP\n", False),
        ('{ command = "NOOP", times = 2 }', "C: NOOP\n" * 2, True),
        ('{ command = "VRFY", times = 2, distinct = "line" }', "C: VRFY a\n" * 2, False),
        ('{ command = "VRFY", times = 2, distinct = "line" }', "C: VRFY a\nC: VRFY b", True),
        ('{ any = [ { command = "NOOP" }, { command = "RSET" } ] }', "C: RSET", True),
        ('{ any = [ { command = "NOOP" }, { command = "RSET" } ] }', "C: HELP", False),
        ('{ command = "RSET" }, { clean = "bare-lf" }', "C: RSET", True),
        ('{ command = "RSET" }, { clean = "bare-lf" }', r"raw: NOOP\nRSET\r\n", False),
        (NO_HELP_BETWEEN, "C: NOOP\nC: HELP\nC: RSET", False),
        (NO_HELP_BETWEEN, "C: HELP\nC: NOOP\nC: HELP\nC: NOOP\nC: RSET", True),
        ('{ reply = "5yz", enhanced = "5.1.1" }', "C: RSET\nS: 550 5.1.1 x", True),
        ('{ reply = "5yz", enhanced = false }', "C: RSET\nS: 550 5.1.1 x", False),
        ('{ reply = "*", rows = ">1" }', "C: HELP\nS: 214-a\nS: 214 b", True),
        ('{ reply = "*", rows = ">1", text = "/^B$/" }', "C: HELP\nS: 214-a\nS: 214 b", True),
        ('{ reply = "250", before = "mail" }', "C: RSET\nS: 250 x", False),
        ('{ command = "NOOP", alone = false }', "C: RSET\nC: NOOP", True),
        ('{ command = "NOOP", alone = true }', "C: RSET\nC: NOOP", False),
        ('{ quiet = 20 }', "quiet: 19\nquiet: 19", True),
        ('{ quiet = 20 }', "quiet: 19\nC: NOOP\nquiet: 19", False),
        ('{ quiet = 5, due = true }', "quiet: 9\nC: NOOP\nS: 250 x\nquiet: 9", False),
        ('{ quiet = 5, due = true }', "C: NOOP\nquiet: 9", True),
        ('{ ended = "closed by the server" }', "closed: closed by us", False),
        ('{ saw = "row", place = "last" }', "C: HELP\nS: 214-a\nS: 214 b\nsaw: row 214-a", False),
        ('{ saw = "row", place = "last" }', "C: HELP\nS: 214-a\nS: 214 b\nsaw: row 214 b", True),
        ('{ saw = "panel", name = "tls" }', "saw: panel state", False),
    ])  # fmt: skip
def test_a_pattern_is_met_by_this_and_not_by_that(goal: str, said: str, done: bool) -> None:
    play = Play(lesson(step(goal)))
    play(GREETING + said)
    assert play.run.step_done is done


def test_what_must_not_happen_is_told_once_and_a_new_connection_begins_anew() -> None:
    goal = RSET_DONE + ', { command = "AUTH", never = true }'
    play = Play(lesson(step(goal)))
    auth = "C: AUTH PLAIN\nS: 504 no\n"
    assert play.names(GREETING + auth + auth + "C: RSET\nS: 250 ok") == ["Spoiled"]
    assert play.names("closed:\nconnect:\n" + GREETING + "C: RSET\nS: 250 ok") == ["Done"]


# Wrong moves and hints


def test_the_first_wrong_move_that_fits_is_answered_each_time_it_is_made() -> None:
    moves = wrong("special", '{ command = "NOOP" }') + wrong("general", '{ command = "*" }')
    play = Play(lesson(step(RSET_DONE, moves)))
    changes = play(GREETING + NOOP + NOOP + "C: HELP\nS: 214 x")
    assert [c.move.id for c in changes if isinstance(c, Answered)] == [
        "special", "special", "general",
    ]  # fmt: skip
    assert [c.row for c in changes if isinstance(c, Answered)] == [1, 3, 5]


def test_one_line_is_answered_once_whatever_else_about_it_fits() -> None:
    """A command, the rule that it breaks and its reply count as one mistake."""
    moves = [
        wrong("blank", '{ command = "MAIL", line = "/: /" }'),
        wrong("path", '{ bad = "bad-path" }'),
        wrong("refused", '{ reply = "501" }'),
    ]
    play = Play(lesson(step(RSET_DONE, "".join(moves))))
    play(GREETING + "C: EHLO me\nS: 250 hello")
    blank = "C: MAIL FROM: <a@b.example>\nS: 501 no"
    assert [c.move.id for c in play(blank) if isinstance(c, Answered)] == ["blank"]
    assert play.run.misses == 1
    assert [c.move.id for c in play(blank) if isinstance(c, Answered)] == ["blank"]
    assert play.run.misses == 2


def test_a_wrong_move_is_answered_after_the_step_was_done_too() -> None:
    play = Play(lesson(step(RSET_DONE, wrong("again", '{ command = "RSET", times = 2 }'))))
    assert play.names(GREETING + "C: RSET\nS: 250 ok") == ["Done"]
    assert play.names("C: RSET") == ["Answered"]


def test_a_hint_is_offered_after_three_misses_and_again_after_three_more() -> None:
    play = Play(lesson(step(RSET_DONE)))
    assert play.names(GREETING + REFUSED * 2) == []
    assert play.names(REFUSED) == ["HintOffered"]
    assert play.run.hint() == "One."
    assert play.names(REFUSED * 2) == []
    assert play.names(REFUSED) == ["HintOffered"]


def test_a_command_whose_answer_was_told_is_no_second_miss_when_it_is_refused() -> None:
    play = Play(lesson(step(RSET_DONE, wrong("foo", '{ command = "*", line = "FOO" }'))))
    play(GREETING + REFUSED)
    assert play.run.misses == 1


def test_a_row_that_was_passed_over_is_answered_and_no_miss() -> None:
    play = Play(lesson(step(RSET_DONE, wrong("row", '{ saw = "row", reply = "220" }'))))
    assert play.names(GREETING + "saw: row 220*") == ["Answered"]
    assert play.run.misses == 0


def test_a_row_that_is_looked_at_once_the_goal_is_met_is_not_answered() -> None:
    play = Play(lesson(step(RSET_DONE, wrong("row", '{ saw = "row", reply = "220" }') + ASK)))
    assert play.names(GREETING + "C: RSET\nS: 250 ok\nsaw: row 220*") == []


def test_there_are_three_hints_and_the_last_one_can_be_read_again() -> None:
    run = Play(lesson(step(RSET_DONE))).run
    assert [run.hint() for _ in range(4)] == ["One.", "Two.", "Three.", "Three."]


# Questions


def test_a_prediction_is_compared_with_what_happens() -> None:
    play = Play(lesson(step(RSET_DONE, PREDICT % "")))
    play(GREETING + "said: 2")
    compared, done = play("C: RSET\nS: 250 ok")
    assert isinstance(compared, Compared) and not compared.choice.right
    assert compared.choice.says == "It does."
    assert isinstance(done, Done)


def test_a_prediction_can_be_changed_until_it_happens() -> None:
    play = Play(lesson(step(RSET_DONE, PREDICT % "")))
    play(GREETING)
    play.run.feed(Said(1.0, "guess", "2"))
    play.run.feed(Said(1.0, "guess", "1"))
    compared, _ = play("C: RSET\nS: 250 ok")
    assert isinstance(compared, Compared) and compared.choice.right


def test_a_question_waits_until_it_was_seen_what_had_been_predicted() -> None:
    play = Play(lesson(step('{ reply = "250", to = ["RSET", "NOOP"] }', PREDICT % "" + ASK)))
    assert play.run.question is not None and play.run.question.until is not None
    assert play.names(GREETING + "said: 1") == []
    assert play.run.question is None
    assert play.names("C: RSET\nS: 250 ok") == ["Compared"]
    assert play.run.question is not None and play.run.question.until is None
    other = Play(play.run.lesson)  # the goal is met another way: nothing is to be waited for
    assert other.names(GREETING + "said: 1\n" + NOOP) == []
    assert other.run.question is not None and other.run.question.until is None


def test_a_question_about_what_is_to_be_seen_is_asked_once_it_was_seen() -> None:
    play = Play(lesson(step(RSET_DONE, ASK)))
    play(GREETING + NOOP)
    assert play.run.question is None
    assert not play.run.seen
    play("C: RSET\nS: 250 ok")
    assert play.run.question is not None and play.run.question.id == "guess"
    assert play.run.seen


def test_a_question_that_the_goal_names_is_asked_from_the_beginning() -> None:
    goal = RSET_DONE + ', { said = "guess", answer = "1" }'
    play = Play(lesson(step(goal, ASK)))
    assert play.run.question is not None
    assert play.names(GREETING + "said: 1\nC: RSET\nS: 250 ok") == ["Judged", "Done"]


def test_a_prediction_that_comes_too_late_holds_up_nothing() -> None:
    play = Play(lesson(step(RSET_DONE, PREDICT % "")))
    assert play.names(GREETING + "C: RSET\nS: 250 ok") == ["TooLate", "Done"]


def test_a_required_prediction_has_to_come_first() -> None:
    play = Play(lesson(step(RSET_DONE, PREDICT % "required = true")))
    (late,) = play(GREETING + "C: RSET\nS: 250 ok")
    assert isinstance(late, TooLate) and play.run.question is late.question
    assert play.names("said: 1\nC: RSET\nS: 250 ok") == ["Compared", "Done"]


def test_a_question_stays_open_until_the_right_answer() -> None:
    play = Play(lesson(step(RSET_DONE, ASK)))
    assert play.names(GREETING + "C: RSET\nS: 250 ok") == []
    (judged,) = play("said: 2")
    assert isinstance(judged, Judged) and not judged.choice.right
    assert play.run.misses == 1 and play.run.question is not None
    assert play.names("said: 1") == ["Judged", "Done"]
    assert play.run.question is None


@pytest.mark.parametrize("said", ["said: 9", "said: other 1"])
def test_an_answer_that_is_none_changes_nothing(said: str) -> None:
    play = Play(lesson(step(RSET_DONE, ASK)))
    assert play.names(said) == []


# Going about in a lesson


def three() -> Run:
    return Run(lesson(*(step(RSET_DONE, name=name) for name in ("one", "two", "three"))))


def test_a_step_can_be_skipped_repeated_and_jumped_to() -> None:
    run = three()
    assert [type(c).__name__ for c in run.skip()] == ["Skipped", "Begun"]
    assert run.step.id == "two" and run.done == set()
    assert run.repeat() == [Begun(run.step)]
    assert run.jump("three") == [Begun(run.step)] and run.index == 2
    assert [type(c).__name__ for c in run.skip()] == ["Skipped", "Finished"]
    assert run.jump(0) == [Begun(run.step)] and not run.finished


def test_a_question_needs_no_world_of_its_own() -> None:
    question = """
## Why?

```question
id = "why"
ask = "Why?"
[[choice]]
text = "So"
right = true
says = "Yes."
[[choice]]
text = "Or so"
says = "No."
```
"""
    run = Run(lesson(step(RSET_DONE), question))
    assert run.jump("why") == [Begun(run.step, keep=True)]
    assert [type(c).__name__ for c in run.answer("1", 1.0)] == ["Judged", "Done"]


@pytest.mark.parametrize("place", ["four", 3, -1])
def test_a_step_that_does_not_exist_cannot_be_jumped_to(place: int | str) -> None:
    with pytest.raises(KeyError):
        three().jump(place)


def test_repeating_forgets_what_the_step_had_counted() -> None:
    play = Play(lesson(step('{ command = "NOOP", times = 2 }')))
    play(GREETING + "C: NOOP")
    play.run.repeat()
    assert play.names("C: NOOP") == []
    assert play.names("C: NOOP") == ["Done"]


def test_a_run_knows_what_was_done_before_and_where_to_go_on() -> None:
    run = Run(three().lesson, done={"one", "gone"})
    assert (run.done, run.first_open()) == ({"one"}, 1)
    run.restart()
    assert (run.done, run.first_open()) == (set(), 0)


def test_what_is_said_to_prepare_a_step_does_not_count() -> None:
    prepared = step('{ reply = "250", to = "EHLO" }', name="two").replace(
        'id = "two"', 'id = "two"\nsetup = ["EHLO client.example"]'
    )
    play = Play(lesson(step(RSET_DONE), prepared))
    ehlo = "C: EHLO client.example\nS: 250 practice.test\n"
    play.run.jump(1)
    assert play.run.waiting
    assert play.names(GREETING + ehlo) == []
    play.run.ready()
    assert play.names(ehlo) == ["Done"]


# An examination


def test_in_an_examination_there_is_no_help_and_the_first_answer_counts() -> None:
    more = wrong("noop", '{ command = "NOOP" }') + ASK
    play = Play(lesson(step(RSET_DONE, more)), exam=True)
    assert play.names(GREETING + NOOP * 5 + "said: 2") == []
    assert play.run.question is None and play.run.hint() is None
    assert play.names("C: RSET\nS: 250 ok") == []
    assert not play.run.step_done and play.run.done == set()


def test_in_an_examination_the_first_answer_counts_also_when_the_step_is_begun_again() -> None:
    play = Play(lesson(step(RSET_DONE, ASK)), exam=True)
    play(GREETING + "C: RSET\nS: 250 ok\nsaid: 2")
    play.run.jump(0)
    play.run.ready()
    assert play.names("C: RSET\nS: 250 ok\nsaid: 1") == []
    assert play.run.question is None and play.run.given == {"guess": "2"}
    assert play.run.done == set()


def test_in_an_examination_a_step_with_the_right_answer_is_done() -> None:
    play = Play(lesson(step(RSET_DONE, ASK)), exam=True)
    assert play.names(GREETING + "C: RSET\nS: 250 ok\nsaid: 1") == ["Done"]


# Bounds


def test_the_same_events_have_the_same_result() -> None:
    text = GREETING + NOOP + REFUSED * 4 + "C: RSET\nS: 250 ok"
    moves = wrong("noop", '{ command = "NOOP" }')
    assert Play(lesson(step(RSET_DONE, moves))).names(text) == ["Answered", "HintOffered", "Done"]
    assert Play(lesson(step(RSET_DONE, moves))).names(text) == ["Answered", "HintOffered", "Done"]


def test_a_long_session_is_not_remembered_whole() -> None:
    from heloscope.app.lessons import witness

    play = Play(lesson(step('{ command = "*", times = 100000, distinct = "line" }')))
    play(GREETING + "".join(f"C: VRFY {n}\nS: 550 5.1.1 no\n" for n in range(2_000)))
    kept = vars(play.run._witness)  # pyright: ignore[reportPrivateUsage]
    sizes = {name: len(value) for name, value in kept.items() if hasattr(value, "__len__")}
    assert max(sizes.values()) <= witness.ROWS
