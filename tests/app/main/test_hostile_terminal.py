"""Hostile servers on a real terminal: the bytes it receives, and what is kept when it closes."""

from __future__ import annotations

import asyncio
import codecs
import json
import stat
from pathlib import Path

from heloscope.session.visible import visible
from support.hostile_play import Answer, Hear, Say, playing
from support.hostile_servers import LOGIN, SECRETS
from support.hostile_text import TEXT
from support.terminal import Terminal

END = b"550 5.1.1 the end of it\r\n"
COUNT = 20_000  # lines of a flood
# What comes after ESC in some of them, and in nothing that the application says.
SEQUENCES = (
    *(b"]52;c", b"]0;owned", b"]2;owned", b"]8;;http", b"]9;owned", b"P$q", b"_Gi"),
    *(b"[6n", b"[21t", b"c", b"[200~", b"#8"),
)


async def test_no_sequence_of_the_servers_reaches_the_terminal(tmp_path: Path):
    said = b"".join(b"220-" + text + b"\r\n" for text in TEXT.values())
    lines = b"".join(b"250-" + text + b"\r\n" for text in TEXT.values())
    listed = lines + b"250 AUTH " + b" ".join(TEXT.values()) + b"\r\n"
    async with playing((Say(said + b"220 ready\r\n"), Answer(listed, 1), Answer(END))) as (_, port):
        with Terminal(tmp_path, [f"127.0.0.1:{port}", "--no-record"], size=(200, 60)) as terminal:
            await asyncio.to_thread(terminal.until, "220 ready")
            terminal.press("EHLO me\r")
            await asyncio.to_thread(terminal.until, "ready for MAIL")
            terminal.press("AUTH \t\t\x15NOOP\r")
            await asyncio.to_thread(terminal.until, "the end of it")
            raw = terminal.raw
    altered = [text for text in TEXT.values() if visible(b"-" + text).encode() != b"-" + text]
    assert len(altered) > 25
    assert not [text for text in altered if text in raw]
    assert not [sequence for sequence in SEQUENCES if b"\x1b" + sequence in raw]
    written = codecs.getincrementaldecoder("utf-8")().decode(raw)  # up to where it was read
    assert not {chr(code) for code in range(0x80, 0xA0)} & set(written)  # C1


async def test_a_terminal_taken_away_in_a_flood_leaves_a_journal_and_no_secret(
    tmp_path: Path,
):
    flood = Say(b"".join(b"250 line %d\r\n" % number for number in range(COUNT)))
    steps = (Say(b"220 ready\r\n"), Hear(), Say(b"334 \r\n"), Hear(), Say(b"250 last\r\n"), flood)
    async with playing(steps) as (play, port):
        with Terminal(tmp_path, [f"127.0.0.1:{port}"], size=(80, 24)) as terminal:
            await asyncio.to_thread(terminal.until, "220 ready")
            terminal.press("AUTH PLAIN\r")
            await asyncio.to_thread(terminal.until, "334")
            await asyncio.to_thread(terminal.until, "Answer to PLAIN")
            terminal.press("\x14\x14" + LOGIN[2].decode() + "\r")  # raw, as typed
            await asyncio.to_thread(terminal.until, "Not sent yet")
            terminal.press("\r")
            await asyncio.to_thread(terminal.until, "line 1")
            terminal.close()
            assert await asyncio.to_thread(terminal.end) == 129
    (file,) = tmp_path.rglob("*.jsonl")
    data = file.read_bytes()
    facts = [json.loads(line) for line in data.splitlines()]
    heard = "".join(fact["text"] for fact in facts if fact.get("from") == "S")
    assert heard
    assert play.sent.decode().startswith(heard)
    assert facts[-1]["fact"] == "disconnected"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for kept in (path for path in tmp_path.rglob("*") if path.is_file()):
        assert not [secret for secret in SECRETS if secret in kept.read_bytes()]
