"""The list of other programs connected to the practice server."""

from __future__ import annotations

from heloscope.app.dialogs.clients import ClientsScreen
from support.stage import NARROW, Stage
from support.visitors import student, visit


async def test_without_other_programs_it_says_where_to_connect_one():
    async with Stage().run() as stage:
        await stage.type(":clients")
        assert isinstance(stage.app.screen, ClientsScreen)
        shown = " ".join(stage.seen("#client-pane").split())
        assert shown.startswith(
            "No other program has connected. Connect a program to 127.0.0.1, port 2525 (SMTP, with "
            "STARTTLS) or 2465 (TLS from the first byte) to"
        )
        await stage.press("escape")
        assert not isinstance(stage.app.screen, ClientsScreen)


async def test_it_says_what_a_program_did_and_what_is_wrong():
    async with Stage().run(NARROW) as stage:
        visit(stage.practice, 6, b"EHLO good.example\r\n")
        student(stage.practice, 7)
        await stage.type(":clients")
        listed = stage.seen("#clients")
        assert listed.index("student.example") < listed.index("good.example")
        shown = " ".join(stage.seen("#client-pane").split())
        assert "address 127.0.0.1:40007" in shown
        assert "sent 4 commands, 0 messages" in shown
        assert 'Line 1 of the message is no header field: "Hello Bob".' in shown
        await stage.press("down")
        shown = " ".join(stage.seen("#client-pane").split())
        assert "Client 6" in shown and "No problems so far." in shown


async def test_the_first_mistake_of_a_program_is_told_beside_what_one_does():
    async with Stage().run() as stage:
        student(stage.practice, 7)
        await stage.settle()
        [notice] = stage.notices
        assert notice.startswith("Client 7, 127.0.0.1:40007: space next to the colon")
        await stage.type("ELHO me", "MAIL FROM: <me@example.org>")
        told = [each.text for each in stage.main.ui.notices]
        assert told == [notice]  # of one's own lines the hints tell


async def test_it_follows_what_happens_and_the_highlight_stays():
    async with Stage().run() as stage:
        watch = visit(stage.practice, 6, b"EHLO first.example\r\n")
        await stage.type(":clients")
        screen = stage.app.screen
        assert isinstance(screen, ClientsScreen)
        watch.received(b"VRFY\r\n")
        student(stage.practice, 7)
        screen._list()
        await stage.settle()
        assert "student.example" in stage.seen("#clients")
        shown = stage.seen("#client-pane")
        assert "Client 6" in shown and "Command without its argument" in shown
        watch.closed(None)
        screen._list()
        await stage.settle()
        listed = " ".join(stage.seen("#clients").replace("▕", "").split())
        assert listed == "7 student.example 3 problems 6 first.example 1 problem, closed"


async def test_no_octet_of_a_client_reaches_the_terminal_as_it_is():
    async with Stage().run() as stage:
        visit(stage.practice, 6, b"EHLO \x1b[2J\x9b[red]\r\n", b"\x1b]0;x\x07\xe2\x80\xae\r\n")
        await stage.type(":clients")
        assert r"\x1b[2J\x9b[red]" in stage.screen
        assert r"\x1b]0;x\x07\u202e" in stage.screen
        assert "\x1b" not in stage.screen
