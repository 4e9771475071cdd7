"""A recording plays at its own pace, faster, and by hand."""

from __future__ import annotations

import asyncio

import pytest
from heloscope.app.recordings.player import Player
from heloscope.session.protocol.playback import LONGEST_PAUSE, Playback
from support.recorded import STEPS, a_talk


class Waits:
    """Notes how long the player waits, and waits for nothing."""

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
