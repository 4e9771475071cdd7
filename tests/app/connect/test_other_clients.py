"""Other programs at the practice server: which ones they are, and when a notice is shown."""

from __future__ import annotations

from typing import cast

from heloscope.app.connect.other_clients import QUIET, OtherClients
from heloscope.session.aio.session import Session
from heloscope.session.events import Connected
from heloscope.session.practice.server import PracticeServer
from heloscope.session.record.transcript import Transcript
from support.ui import FakeUi
from support.visitors import student, visit


class Own:
    """Stands in for a session of this window, with only its transcript."""

    def __init__(self, port: int) -> None:
        self.transcript = Transcript()
        self.transcript.add(Connected(0.0, "127.0.0.1:2525", "127.0.0.1:2525", f"127.0.0.1:{port}"))


class Desk:
    def __init__(self) -> None:
        self.now = 1_790_000_000.0
        self.ui = FakeUi()
        self.practice = PracticeServer(clock=lambda: self.now)
        self.clients = OtherClients(self.ui)

    def began(self, port: int, practice: PracticeServer | None) -> None:
        self.clients.session_began(cast(Session, Own(port)), practice)

    @property
    def numbers(self) -> list[int]:
        return [each.number for each in self.clients.summaries]


async def test_the_connections_of_this_window_are_not_among_them():
    desk = Desk()
    desk.began(40_001, desk.practice)
    visit(desk.practice, 1, b"ELHO me\r\n", port=40_001)
    desk.began(40_002, desk.practice)
    visit(desk.practice, 2, b"ELHO me\r\n", port=40_002)
    visit(desk.practice, 3, b"EHLO good.example\r\n", port=40_003)
    student(desk.practice, 4)
    assert desk.numbers == [4, 3]
    assert len(desk.ui.told) == 1


async def test_the_first_mistake_of_a_program_is_told_once():
    desk = Desk()
    desk.began(1, desk.practice)
    student(desk.practice, 7)
    [told] = desk.ui.told
    assert told == (
        'Client 7, 127.0.0.1:40007: space next to the colon: "MAIL FROM: <me@student.example>". '
        ":clients shows details."
    )
    assert desk.ui.troubles == []


async def test_of_programs_that_come_one_after_the_other_not_each_is_told():
    desk = Desk()
    desk.began(1, desk.practice)
    for number in range(2, 12):
        student(desk.practice, number)
        desk.now += QUIET / 5
    assert [told.split(",")[0] for told in desk.ui.told] == ["Client 2", "Client 7"]


async def test_a_server_that_is_followed_no_more_is_not_heard():
    desk = Desk()
    desk.began(1, desk.practice)
    desk.began(1, None)
    student(desk.practice)
    assert (desk.numbers, desk.ui.told) == ([], [])
    desk.began(1, desk.practice)
    desk.clients.end()
    student(desk.practice)
    assert desk.ui.told == []
