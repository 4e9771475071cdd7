"""`:practice` makes the practice server follow a scenario, from a name, a file or a list."""

from __future__ import annotations

from pathlib import Path

import pytest
from heloscope.app.dialogs.scenarios import ScenariosScreen
from heloscope.app.input.completion import complete
from heloscope.app.input.history import History
from heloscope.session.practice.scenarios.table import SCENARIOS
from heloscope.session.protocol.states import State
from support.stage import NARROW, WIDE, Stage


async def test_a_scenario_is_begun_by_its_name_and_stands_in_the_status_line():
    async with Stage().run() as stage:
        assert "practice server 127.0.0.1:2525" in stage.screen
        await stage.type(":practice private")
        await stage.greeted(2)
        assert "practice server (private) 127.0.0.1:2525" in stage.screen
        await stage.type("VRFY zzz9")
        assert "252 2.0.0" in stage.screen
        await stage.type(":practice friendly")
        await stage.greeted(3)
        assert "practice server 127.0.0.1:2525" in stage.screen


async def test_a_scenario_that_does_not_exist_is_told_and_the_connection_stays():
    async with Stage().run() as stage:
        session = stage.app.connections.session
        await stage.type(":practice privat")
        assert "Unknown scenario privat. Did you mean private?" in stage.notices[-1]
        assert stage.app.connections.session is session


async def test_a_file_of_ones_own_is_a_scenario(tmp_path: Path):
    file = tmp_path / "mine.toml"
    file.write_text('about = "Says no."\n[[rule]]\non = "NOOP"\nreply = "550 5.0.0 no"\n')
    async with Stage().run() as stage:
        await stage.type(f":practice {file}")
        await stage.greeted(2)
        assert "practice server (mine)" in stage.screen
        await stage.type("NOOP")
        assert "550 5.0.0 no" in stage.screen
        file.write_text("delay = 1\ndelai = 2\n")
        await stage.type(f":practice {file}")
        assert "mine.toml:2: A scenario has no field delai." in stage.notices[-1]
        await stage.type(f":practice {tmp_path}/none.toml")
        assert stage.notices[-1].startswith("Cannot read ")
        assert "No such file" in stage.notices[-1]


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_the_list_names_every_scenario_and_is_searched_by_words(size: tuple[int, int]):
    async with Stage().run(size) as stage:
        await stage.type(":practice")
        dialog = stage.app.screen
        assert isinstance(dialog, ScenariosScreen)
        assert "friendly" in stage.screen
        await stage.write("late gre")
        assert "Accepts a host name without a dot" not in stage.screen
        await stage.press("down", "up", "escape")
        assert not isinstance(stage.app.screen, ScenariosScreen)
        await stage.type(":practice")
        await stage.write("vrfy always")
        await stage.press("enter")
        await stage.greeted(2)
        assert stage.app.connections.scenario == "private"


def test_names_of_scenarios_are_completed():
    def completed(text: str) -> list[str]:
        return complete(text, state=State.CLOSED, keywords=None, lmtp=False, history=History())

    assert completed(":practice st") == [":practice strict"]
    assert completed(":practice hang-up:") == [":practice hang-up:text", ":practice hang-up:dot"]


async def test_the_palette_has_every_scenario_with_its_sentence():
    async with Stage().run() as stage:
        found = {entry.title: entry.help for entry in stage.app.get_system_commands(stage.app.main)}
    for name, scenario in SCENARIOS.items():
        assert found[f"practice {name}"] == scenario.about


async def test_the_second_port_has_a_memory_of_its_own():
    to_alice = ("EHLO me.example", "MAIL FROM:<a@client.example>", "RCPT TO:<alice@practice.test>")
    async with Stage().run() as stage:
        await stage.type(":practice greylist-two")
        await stage.greeted(2)
        await stage.type(*to_alice)
        assert "451 4.7.1 Greylisted: try again in 60 seconds" in stage.screen
        await stage.type("RSET", ":connect practice-two")
        await stage.greeted(3)
        assert "practice server (greylist-two) 127.0.0.1:2526" in stage.screen
        await stage.type(*to_alice)
        assert stage.wire[-1].startswith("S: 451 4.7.1 Greylisted: try again in 60")


async def test_lmtp_is_spoken_in_its_scenario():
    async with Stage().run() as stage:
        await stage.type(":practice lmtp")
        await stage.greeted(2)
        await stage.type("LHLO me.example")
        assert stage.session.lmtp
        assert stage.wire[-1] == "S: 250 HELP"
