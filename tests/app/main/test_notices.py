"""Notices: where they are shown, for how long, and where they can be read again."""

from __future__ import annotations

import pytest
from heloscope.app.main.notices import KEPT, LONGEST, NEWS_SHOWN, TROUBLE_SHOWN, Notices
from support.stage import NARROW, TO_ALICE, WIDE, Stage

LONG = "The words of a notice that takes several rows, " * 12 + "and their end."


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def standing(notices: Notices) -> list[str]:
    return [notice.text for notice in notices.standing]


def test_news_goes_by_itself_and_an_error_stays():
    clock = Seconds()
    notices = Notices(clock)
    notices.add("Copied.", "", trouble=False)
    notices.add("Refused.", "", trouble=True)
    clock.now = NEWS_SHOWN - 1
    notices.expire()
    assert standing(notices) == ["Copied.", "Refused."]
    clock.now = 10_000
    notices.expire()
    assert standing(notices) == ["Refused."]


def test_a_line_that_is_submitted_takes_away_only_what_could_be_read_before():
    clock = Seconds()
    notices = Notices(clock)
    notices.add("No connection.", "", trouble=True)
    clock.now = TROUBLE_SHOWN - 1
    notices.submitted()
    assert standing(notices) == ["No connection."]
    clock.now = TROUBLE_SHOWN
    notices.submitted()
    assert standing(notices) == []


def test_the_list_keeps_what_was_dismissed_and_what_was_told_twice_once():
    notices = Notices(Seconds())
    for text in ("one", "two", "one"):
        notices.add(text, "", trouble=True)
    assert standing(notices) == ["two", "one"]
    notices.dismiss()
    notices.add("two", "", trouble=True)
    assert standing(notices) == ["two"]
    assert [notice.text for notice in notices.all] == ["two", "one", "two"]


def test_neither_the_list_nor_a_notice_grows_without_bound():
    notices = Notices(Seconds())
    for number in range(KEPT + 50):
        notices.add(f"{number} " + "x" * 10_000, "", trouble=True)
    assert len(notices.all) == len(notices.standing) == KEPT
    assert {len(notice.text) for notice in notices.all} == {LONGEST}


@pytest.mark.parametrize("size", [NARROW, WIDE])
@pytest.mark.parametrize("keys", [(), ("f2",), ("f3",), ("f8",), ("f11",)])
async def test_a_notice_covers_nothing(size: tuple[int, int], keys: tuple[str, ...]):
    async with Stage().run(size) as stage:
        await stage.type("EHLO me", *["HELP"] * 8)
        await stage.press(*keys)
        stage.main.ui.tell(LONG, trouble=True)
        await stage.settle()
        bar = stage.main.query_one("#notices").region
        assert bar.height
        assert "The words of a notice" in stage.seen("#notices")
        for name in ("#transcript", "#facts", "#reply", "#composer", "#status", "KeyBar"):
            region = stage.main.query_one(name).region
            assert not bar.overlaps(region), name
        if stage.view.region.height:  # the newest line is still to be seen
            assert stage.wire[-1][3:] in stage.seen("#transcript")


async def test_an_error_stands_until_esc_and_the_list_has_it_afterwards():
    async with Stage().run(NARROW) as stage:
        await stage.put(":conect")
        stage.clock.now += 3600
        await stage.settle()
        assert "Unknown order :conect." in stage.seen("#notices")
        await stage.press("escape")
        assert not stage.main.query_one("#notices").region.height
        await stage.put(":notices")
        assert "Unknown order :conect. Did you mean :connect?" in stage.screen
        await stage.press("escape")
        assert stage.app.screen is stage.main


async def test_an_error_stands_until_the_next_line_of_someone_who_could_read_it():
    async with Stage().run(NARROW) as stage:
        await stage.put(":conect")
        await stage.type("NOOP")
        assert stage.notices == ["Unknown order :conect. Did you mean :connect?"]
        stage.clock.now += TROUBLE_SHOWN
        await stage.type("NOOP")
        assert stage.notices == []
        assert not stage.main.query_one("#notices").region.height


async def test_what_was_told_of_a_state_goes_when_the_state_is_over():
    async with Stage().run(NARROW) as stage:
        await stage.type("EHLO me", *TO_ALICE)
        await stage.press("escape")
        await stage.put(":hello")
        assert stage.notices == [
            "Not yet: the server is waiting for the message. :message (F7) opens the editor."
        ]
        await stage.burst("f9", "y")
        await stage.greeted(2)
        assert stage.notices == []


async def test_more_than_there_is_room_for_is_counted_and_cut_with_a_mark():
    async with Stage().run(NARROW) as stage:
        for number in range(9):
            stage.main.ui.tell(f"{number}. {LONG}", trouble=True)
        await stage.settle()
        rows = [row.strip() for row in stage.seen("#notices").split("\n")]
        assert rows[0] == "8 earlier: :notices"
        assert rows[1].startswith("! 8. The words")
        assert rows[3].endswith("… :notices")
        await stage.put(":notices")
        await stage.press("end")
        assert "and their end." in stage.screen


async def test_over_a_dialog_a_notice_is_a_toast_and_stands_on_the_screen_behind():
    async with Stage().run(NARROW) as stage:
        await stage.press("f1")
        for _ in range(2):
            stage.main.ui.tell("No step to skip.", trouble=True)
            await stage.settle()
            assert [toast.region.y for toast in stage.app.screen.query("Toast")] == [1]
        await stage.press("escape")
        await stage.settle()
        assert not stage.app.screen.query("Toast")
        assert "No step to skip." in stage.seen("#notices")


async def test_what_a_notice_says_is_no_markup_and_a_secret_in_it_is_masked():
    async with Stage().run(WIDE) as stage:
        stage.main.ui.mask = lambda text: text.replace("wonderland", "****")
        stage.main.ui.tell("[b]bold[/b] [@click=app.quit]wonderland[/]\x1b[2J", title="[x]")
        await stage.settle()
        shown = stage.seen("#notices")
        assert "[x]  [b]bold[/b] [@click=app.quit]****[/]" in shown
        assert "\x1b" not in shown
        await stage.put(":notices")
        assert "[@click=app.quit]****[/]" in stage.screen


async def test_the_key_that_dismisses_is_named_beside_errors_only():
    async with Stage().run(NARROW) as stage:
        stage.main.ui.tell("Copied.")
        await stage.settle()
        assert "Esc" not in stage.seen("#notices")
        stage.main.ui.tell("Refused.", trouble=True)
        await stage.settle()
        assert stage.seen("#notices").split("\n")[-1].split() == ["!", "Refused.", "Esc"]
