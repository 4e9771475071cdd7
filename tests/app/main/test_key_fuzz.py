"""Random bursts of keys on every screen cause no crash, and no key reaches the wrong place.

A key is meant for what it would reach if it arrived after the effect of the previous key. So each
burst is typed twice: once in one read, and once slowly, omitting repeated answers.
HELOSCOPE_KEY_BURSTS sets the number of bursts (3000 for a long round), and HELOSCOPE_KEY_SEED
selects a different start.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random

import pytest
from support.stage import NARROW, WIDE
from support.twins import HeldStage, lasting_differences, twins

BURSTS = int(os.environ.get("HELOSCOPE_KEY_BURSTS", "140"))
SEED = int(os.environ.get("HELOSCOPE_KEY_SEED", "1"))
TOGETHER = 5  # bursts one after the other in the same two applications

# How to get to each place; what is typed by then was answered.
PLACES: dict[str, tuple[tuple[str, ...], ...]] = {
    "line": (),
    "greeted": ((*"EHLO me", "enter"),),
    "transcript": (("f6",),),
    "panel": (("f2",),),
    "meaning": (("f3",),),
    "tls": (("f8",),),
    "empty-plan": (("f11",),),
    "plan": ((*":hello me", "enter"), ("f11",)),
    "edit": ((*":hello me", "enter"), (*":edit", "enter")),
    "help": (("f1",),),
    "mailbox": (("f4",),),
    "connect": (("ctrl+o",),),
    "procedures": (("f12",),),
    "palette": (("ctrl+p",),),
    "themes": ((*":theme", "enter"),),
    "find": (("ctrl+f",),),
    "send": ((*"EHLO me", "enter"), (*":send", "enter")),
    "check": ((*":check", "enter"),),
    "login": ((*"EHLO me", "enter"), (*":login", "enter")),
    "paste": (("<NOOP\nNOOP\n>",),),
    "leave": ((*"EHLO me", "enter"), (*"MAIL FROM:<>", "enter"), ("ctrl+q",)),
    "message": (
        (*"EHLO me", "enter"), (*"MAIL FROM:<>", "enter"), (*"RCPT TO:<alice@practice.test>",
        "enter"), (*"DATA", "enter"),
    ),
    "auth": ((*"EHLO me", "enter"), (*"AUTH LOGIN", "enter")),
    "states": ((*":states", "enter"),),
    "ladder": ((*"EHLO me", "enter"), (*":ladder", "enter")),
    "glossary": ((*":glossary", "enter"),),
    "presentation": ((*"EHLO me", "enter"), (*":present", "enter")),
    "scenarios": ((*":practice", "enter"),),
    "clients": ((*":clients", "enter"),),
    "notices": ((*":notices", "enter"),),
    "findings": ((*":findings", "enter"),),
    "lessons": ((*":lesson", "enter"),),
    "lesson": ((*":lesson 1", "enter"),),
    "recordings": ((*":recordings", "enter"),),
    "settings": ((*":settings", "enter"),),
}  # fmt: skip
KEYS = (
    *("enter",) * 12, *("escape",) * 8, *("tab",) * 5, *("shift+tab",) * 2, *("up", "down") * 4,
    *("left", "right", "home", "end", "space", "backspace", "delete", "pageup", "pagedown") * 2,
    *(f"f{number}" for number in range(1, 13)), *("f3", "f6", "f8", "f11") * 2,
    "ctrl+c", "ctrl+d", "ctrl+f", "ctrl+g", "ctrl+l", "ctrl+n", "ctrl+o", "ctrl+p", "ctrl+q",
    "ctrl+t", "ctrl+up", "ctrl+down", "ctrl+e", "ctrl+a", "ctrl+k", "ctrl+u", "ctrl+w",
)  # fmt: skip
WORDS = (
    "y", "yy", "n", "s", "q", "c", "k", "b", "t", "e", "1", "11", ":", "NOOP", "EHLO me", "RSET",
    "QUIT", "STARTTLS", "MAIL FROM:<a@b.example>", "RCPT TO:<bob@practice.test>", "DATA",
    "VRFY bob",
    "AUTH PLAIN", ":send", ":login alice", ":connect", ":dial practice", ":hello", ":abandon",
    ":edit", ":run", ":break before QUIT", ":copy", ":plan", ":tls", ":q", ":theme nord",
    ":explain", ":disconnect", ":reconnect", ":mailbox", ":starttls", "a@b.example", "practice",
    "starttls", "noop", "ss", "yes", "no", "test", "hello", ".", "Subject: x",
    "you@example.org alice@practice.test", "wonderland",
)  # fmt: skip
PASTES = ("<NOOP>", "<NOOP\nRSET\n>", "<Subject: x\n\n.\n>", "<a\x1bb>")


def typed_text(random: Random) -> Iterator[str]:
    """Yield a burst of keys, in which "<text>" stands for pasted text."""
    for _ in range(random.randint(2, 9)):
        chance = random.random()
        if chance < 0.62:
            yield random.choice(KEYS)
        elif chance < 0.97:
            yield from random.choice(WORDS)
        else:
            yield random.choice(PASTES)


def _is_there(stage: HeldStage) -> bool:
    return stage.over or not getattr(stage.app.screen, "searching", False)


async def go_to(place: str, *stages: HeldStage) -> None:
    """Leave whatever is open, and go to a place step by step."""
    for stage in stages:
        await stage.slowly(("escape",) * 4)
        for keys in PLACES[place]:
            await stage.at_once(keys)
            await stage.answered()
        # Esc drops keys that wait for the list of recordings, which takes as long as it takes.
        await stage.until(partial(_is_there, stage), settled=False)


@pytest.mark.parametrize("number", range(0, BURSTS, TOGETHER))
async def test_a_burst_leads_where_its_keys_lead_one_by_one(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    left = min(TOGETHER, BURSTS - number)
    while left:
        async with twins((NARROW, WIDE)[number // TOGETHER % 2]) as (fast, slow):
            while left and not fast.over:
                left -= 1
                random = Random(f"{SEED} {number + left}")
                place = random.choice([*PLACES])
                keys = [*typed_text(random)]
                await go_to(place, fast, slow)
                if fast.over:
                    break
                fast.hold()
                slow.hold()
                reaching = await fast.at_once(keys)
                await slow.slowly(reaching)
                what = f"burst {number + left} at {place}: {keys}"
                assert fast.app._exception is None, what
                assert slow.app._exception is None, what
                assert await lasting_differences(fast, slow) == [], what
                await fast.release()
                await slow.release()
                assert await lasting_differences(fast, slow) == [], f"answered: {what}"
