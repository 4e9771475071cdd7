"""A recording plays at its own pace or faster, and is stepped through with keys."""

from __future__ import annotations

import asyncio

import pytest
from heloscope.app.recordings import player as players
from heloscope.app.recordings.player import Player
from heloscope.session.protocol import playback
from heloscope.session.protocol.playback import LONGEST_PAUSE, Playback
from support.recorded import STEPS, a_talk


class Waits:
    """Records how long the player would wait, without waiting."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        await asyncio.sleep(0)


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def player(waits: Waits) -> Player:
    return Player(Playback(a_talk()), lambda: None, waits)


async def played(player: Player) -> None:
    assert player._task is not None
    await player._task


async def test_at_its_end_it_plays_from_the_start_at_its_own_pace(player: Player, waits: Waits):
    player.play()
    assert player.playing
    assert player.playback.position == 0
    await played(player)
    assert player.playback.position == len(player.playback) == STEPS
    assert waits.seconds[:4] == pytest.approx([0.0, 0.1, 1.1, 0.1])
    assert max(waits.seconds) <= LONGEST_PAUSE
    assert sum(waits.seconds) == pytest.approx(13.2)


async def test_faster_is_shorter(player: Player, waits: Waits):
    assert player.order("4x")
    await played(player)
    assert sum(waits.seconds) == pytest.approx(13.2 / 4)


async def test_the_order_alone_plays_and_pauses(player: Player):
    player.order("start")
    player.order("")
    await asyncio.sleep(0)
    assert player.playing
    player.order("")
    assert not player.playing
    at = player.playback.position
    await asyncio.sleep(0)
    assert player.playback.position == at < STEPS
    assert not player.pause()


async def test_a_step_by_hand_pauses(player: Player):
    player.play()
    await asyncio.sleep(0)
    assert not player.move(-1) or not player.playing
    assert not player.playing


async def test_places(player: Player):
    player.order("start")
    assert player.playback.position == 0
    player.order("0:05")
    assert player.playback.elapsed == pytest.approx(5.0)
    player.order("0:05.3")
    assert player.playback.elapsed == pytest.approx(5.2)
    player.order("END")
    assert player.playback.position == STEPS


@pytest.mark.parametrize(
    "words", ["0", "-1", "1001", "soon", "1:2", "1e9", "0x10", "inf", "nan", "٣", "1:٣٠", "9" * 99]
)
async def test_what_says_nothing_is_refused(player: Player, words: str):
    assert not player.order(words)
    assert not player.playing


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each step take longer than a frame."""
    monkeypatch.setattr(playback, "AT_ONCE", 1)
    monkeypatch.setattr(players, "PIECE", 0.0)
    monkeypatch.setattr(players, "BETWEEN", 0.0)


@pytest.mark.usefixtures("slowly")
async def test_a_long_way_back_is_gone_in_the_background(player: Player):
    told: list[int] = []
    player._changed = lambda: told.append(player.way)
    assert player.move(-1)
    assert player.playback.position == STEPS
    assert not player.playing
    assert 0 < player.way < 100
    await played(player)
    assert player.playback.position == STEPS - 1
    assert told == sorted(told)
    assert told[-1] == 100
    assert not player.pause()


@pytest.mark.usefixtures("slowly")
async def test_a_long_way_back_can_be_given_up(player: Player):
    assert player.order("0:05")
    await asyncio.sleep(0)
    assert player.pause()
    assert player.way == 100
    assert player.playback.position == STEPS
    assert player.playback.conversation is player.playback.whole


@pytest.mark.usefixtures("slowly")
async def test_a_way_forward_that_is_given_up_ends_in_between(player: Player):
    player.playback.go_to(0)
    player.order("0:13")
    await asyncio.sleep(0)
    assert player.pause()
    assert 0 < player.playback.position < STEPS - 1
    assert player.playback.rows == len(player.playback.conversation.transcript)
