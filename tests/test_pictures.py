"""The pictures in screenshots/ show what the program currently looks like, and are not empty."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from support.pictures import colours_of, words
from support.rows import for_each

PICTURES = Path(__file__).parents[1] / "screenshots"
GREEN, RED, BLUE, YELLOW = "#8ad4a1", "#d17e92", "#57a5e2", "#ffc473"
CLIENT, TEXT = "#1180d7", "#e0e0e0"


class Wanted(NamedTuple):
    """Words that must be in a picture, and the colour of a run of text in it."""

    words: tuple[str, ...]
    colours: dict[str, str]


WANTED = {
    "start": Wanted(
        ("practice server 127.0.0.1:2525", "S   220 practice.test ESMTP", "Transcript", "Command"),
        {"220": GREEN, "Transcript": TEXT},
    ),
    "ehlo": Wanted(
        ("C   EHLO me", "S   250-SIZE 52428800", "S   250 HELP", "RFC 1870", "PIPELINING"),
        {"220": GREEN, "250": GREEN, "C": CLIENT, "EHLO": TEXT},
    ),
    "message": Wanted(
        ("C   DATA", "S   354 ", "Message", "Subject: A first message", ".profile begins with a"),
        {"354": BLUE, "250": GREEN, "C": CLIENT},
    ),
    "error": Wanted(
        ("C   RCPT TO:<bob@example.net>", "S   550 5.7.1 ", "RCPT TO:<forward-path> [parameters]"),
        {"550": RED, "550 5.7.1": RED, "250": GREEN, "C": CLIENT},
    ),
    "narrow": Wanted(
        ("C   RCPT TO:<bob@example.net>", "S   550 5.7.1 ", "RCPT TO:<forward-path> [parameters]"),
        {"550": RED, "250": GREEN, "C": CLIENT},
    ),
    "mailbox": Wanted(
        ("alice (1)", "bob (0)", "<you@example.org>", "SHA-256", "Hello Alice,"),
        {"Envelope": YELLOW, "Hello Alice,": TEXT},
    ),
    "plan": Wanted(
        ("RCPT TO:<nobody@practice.test>  550", "▶ RCPT TO:<bob@practice.test>", "S   550 5.1.1 "),
        {"✗": RED, "▶": YELLOW, "550": RED, "✓": GREEN},
    ),
    "send": Wanted(
        ("you@example.org", "alice@practice.test, bob@practice.test", "NOTIFY", "CHUNKING"),
        {"Message": YELLOW, "Options": YELLOW},
    ),
    "lesson": Wanted(
        ("Lesson 1, step 1 of ", "The line that came by itself", "EHLO client.example", "S   220 "),
        {"220": GREEN, "C": CLIENT},
    ),
    "auth": Wanted(
        ("C │ AUTH LOGIN", "S │ 334 UGFzc3dvcmQ6", "C │ ********", "TLS 1.3", "••••••••••"),
        {"334": BLUE, "250": GREEN, "C": CLIENT},
    ),
    "tls": Wanted(
        ("C   STARTTLS", "S   220 2.0.0 go ahead", "expired on 2024-11-19", "mail.example.org:587"),
        {"mail.example.org": YELLOW, "220": GREEN, "C": CLIENT},
    ),
    "states": Wanted(
        ("│connected│", "─ STARTTLS ─", "│bdat-failed│", "leads on", "so far", "RFC 5321 3.3"),
        {"mail": YELLOW, "MAIL": GREEN, "leads on": TEXT},
    ),
    "present": Wanted(
        ("550 5.1.1 <nobody@example.org>", "Only this recipient is refused.", "no such user"),
        {"220 mail.example.org ESMTP Postfix": GREEN, "C": CLIENT},
    ),
    "ladder": Wanted(
        ("─ DATA ──", "▸ message, ", "◀─", "550 5.1.1", "╟──", "║─ NOOP ──"),
        {"354": BLUE, "550": RED, "250": GREEN, "NOOP": TEXT},
    ),
    "light": Wanted(
        ("S   553 5.1.4 ", "C   DATA", "C   From: You <you@example.org>", "C   Hello Alice,"),
        {"250": "#2d7042", "354": "#002d4f", "C": "#004578"},
    ),
}


def test_the_committed_pictures_are_what_the_command_makes(tmp_path: Path) -> None:
    command = [sys.executable, str(PICTURES / "make.py"), str(tmp_path)]
    made = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert made.returncode == 0, made.stderr

    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(f"{n}.svg" for n in WANTED)
    old = [
        file.name
        for file in tmp_path.iterdir()
        if file.read_bytes() != (PICTURES / file.name).read_bytes()
    ]
    assert not old, "out of date; screenshots/make.py takes them anew"


@for_each(WANTED)
def test_a_picture_shows_its_words_in_their_colours(name: str) -> None:
    svg = (PICTURES / f"{name}.svg").read_text(encoding="utf-8")
    seen = words(svg)
    assert [word for word in WANTED[name].words if word not in seen] == [], seen
    colours = {run: colours_of(svg, run) for run in WANTED[name].colours}
    assert [run for run, found in colours.items() if WANTED[name].colours[run] not in found] == []


def test_what_each_committed_picture_shows_is_written_down() -> None:
    assert {file.stem for file in PICTURES.glob("*.svg")} == set(WANTED)


def test_a_picture_asks_no_other_server_for_anything() -> None:
    for file in PICTURES.glob("*.svg"):
        text = file.read_text(encoding="utf-8")
        assert "url(http" not in text and "href" not in text, file.name
