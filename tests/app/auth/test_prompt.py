"""The AUTH prompt, without an app: parts, and what is hidden, typed ahead or held back."""

from __future__ import annotations

from base64 import b64encode
from unittest import mock

from support.ui import Desk, connected

LISTED = """
    S: 220 ready
    C: EHLO
    S: 250-hello
    S: 250 AUTH PLAIN LOGIN
"""
LOGIN = (
    LISTED
    + """
    C: AUTH
    S: 334 VXNlcm5hbWU6
    C: user
    S: 334 UGFzc3dvcmQ6
    C: password
    S: 235 welcome
    C: more
"""
)
WRONG = LISTED + "C: AUTH\nS: 535 no\nC: more"


def base64_of(text: str) -> bytes:
    return b64encode(text.encode())


async def test_the_parts_of_an_answer_are_asked_for_one_by_one():
    async with connected(LOGIN) as desk:
        await desk.type("EHLO me", "AUTH LOGIN")
        assert desk.auth.active
        answers = desk.auth.answers
        assert answers is not None
        assert answers.question is not None
        assert answers.field is not None
        assert (answers.field.key, answers.hidden) == ("user", False)
        await desk.type("alice")
        assert answers.field is not None
        assert (answers.field.key, answers.hidden) == ("secret", True)


async def test_auth_without_a_response_is_asked_for_before_it_goes_out():
    async with connected(LISTED + "C: AUTH\nS: 235 welcome\nC: more") as desk:
        await desk.type("EHLO me", "AUTH PLAIN")
        assert desk.sent == b"EHLO me\r\n"
        answers = desk.auth.answers
        assert answers is not None
        assert answers.building
        await desk.type("alice", "wonderland", "")
        assert answers.insist  # in clear, Enter sends it only the second time
        assert desk.sent == b"EHLO me\r\n"
        await desk.type("")
        assert desk.sent == b"EHLO me\r\nAUTH PLAIN " + base64_of("\0alice\0wonderland") + b"\r\n"
        assert not desk.auth.active


async def test_answers_are_not_kept_in_the_history():
    async with connected(LISTED + "C: AUTH\nS: 235 welcome\nC: more") as desk:
        await desk.type("EHLO me", "AUTH PLAIN", "alice", "wonderland", "", "")
        assert desk.sender.history.lines == ["EHLO me", "AUTH PLAIN"]


async def test_lines_typed_ahead_answer_the_challenges_to_come():
    async with connected(LOGIN) as desk:
        await desk.type("EHLO me")
        desk.enter("AUTH LOGIN")
        assert desk.auth.active
        desk.enter("alice")
        desk.enter("wonderland")
        assert desk.sent.endswith(b"AUTH LOGIN\r\n")
        await desk.until(lambda: desk.auth.answers and desk.auth.answers.insist)
        assert b"d29uZGVybGFuZA" not in desk.sent  # in clear, only Enter again sends it
        await desk.type("")
        await desk.until(lambda: desk.received[-1] == "235 welcome")
        assert desk.sent.endswith(
            b"AUTH LOGIN\r\n" + base64_of("alice") + b"\r\n" + base64_of("wonderland") + b"\r\n"
        )


async def test_what_was_typed_ahead_of_a_refusal_is_not_sent_and_that_is_told():
    async with connected(WRONG) as desk:
        await desk.type("EHLO me")
        desk.enter("AUTH LOGIN")
        desk.enter("alice")
        await desk.until(lambda: desk.received[-1] == "535 no")
        await desk.until(lambda: desk.ui.told)
        assert desk.ui.told == [
            "AUTH ended before the answers typed in advance were due; they were not sent."
        ]
        assert desk.sent == b"EHLO me\r\nAUTH LOGIN\r\n"


async def test_a_star_gives_the_exchange_up():
    cancelled = LISTED + "C: AUTH\nS: 334 VXNlcm5hbWU6\nC: *\nS: 501 cancelled\nC: more"
    async with connected(cancelled) as desk:
        await desk.type("EHLO me", "AUTH LOGIN", "*")
        assert desk.sent.endswith(b"AUTH LOGIN\r\n*\r\n")
        assert not desk.auth.active


async def test_an_auth_that_has_not_gone_out_can_be_dropped():
    async with connected(LISTED + "C: more") as desk:
        await desk.type("EHLO me", "AUTH PLAIN")
        assert desk.auth.give_up()
        assert desk.ui.told == ["AUTH cancelled. Nothing was sent."]
        assert not desk.auth.give_up()
        assert not desk.auth.active


async def test_in_clear_a_whole_auth_is_held_back_once():
    line = f"AUTH PLAIN {base64_of(chr(0) + 'alice' + chr(0) + 'wonderland').decode()}"
    async with connected(LISTED + "C: AUTH\nS: 235 welcome\nC: more") as desk:
        await desk.type("EHLO me", line)
        assert desk.sent == b"EHLO me\r\n"
        assert desk.line.text == line
        [told] = desk.ui.troubles
        assert told == (
            "This connection is not encrypted: anyone on the network path can read this line. "
            "Not sent yet; press Enter again to send it anyway."
        )
        await desk.type(line)
        assert desk.sent == f"EHLO me\r\n{line}\r\n".encode()
        assert told not in desk.ui.standing


async def test_a_plan_answers_its_own_challenges():
    async with connected(LOGIN) as desk:
        await desk.type("EHLO me")
        with mock.patch.object(type(desk.plan.status), "handles", lambda *_: True):
            desk.sender.send_line("AUTH LOGIN")
            await desk.until(lambda: desk.received[-1] == "334 VXNlcm5hbWU6")
            desk.reactions.follow_auth()
            assert not desk.auth.active


async def test_a_secret_is_shown_for_a_moment():
    async with connected(LISTED + "C: AUTH\nS: 334 VXNlcm5hbWU6\nC: more") as desk:
        await desk.type("EHLO me", "AUTH LOGIN")
        assert not desk.auth.peek()  # a user name is not hidden
        desk.auth.next_mode()
        answers = desk.auth.answers
        assert answers is not None
        assert answers.hidden
        with mock.patch("heloscope.app.auth.prompt.PEEK", 0.0):
            assert desk.auth.peek()
        assert not answers.hidden
        await desk.until(lambda: answers.hidden)


async def test_a_change_of_mode_empties_the_line():
    async with connected(LISTED + "C: AUTH\nS: 334 VXNlcm5hbWU6\nC: more") as desk:
        assert not desk.auth.next_mode()
        await desk.type("EHLO me", "AUTH LOGIN")
        desk.line.text = "ali"
        assert desk.auth.next_mode()
        assert desk.line.text == ""


async def test_a_connection_that_ends_ends_the_exchange():
    async with connected(LISTED + "C: AUTH\nS: 334 VXNlcm5hbWU6\nC: user") as desk:
        await desk.type("EHLO me", "AUTH LOGIN")
        assert desk.auth.active
        await desk.type("alice")
        await desk.until(lambda: not desk.connections.connected)
        assert not desk.auth.active


def test_without_a_connection_there_is_nothing_to_answer():
    desk = Desk()
    desk.auth.follow()
    assert not desk.auth.active
    assert not desk.auth.peek()
    assert not desk.auth.next_mode()
