"""The application looks as in its pictures, one for each state, each checked by a developer.

When a picture is meant to change: `.venv/bin/pytest tests/app/test_snapshots.py -n 0
--snapshot-update`, then look at what has changed, and run screenshots/make.py too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from heloscope.app.runtime.settings import Settings
from support.pictures import words
from support.rows import for_each
from support.scenes import (
    HALF,
    LONG,
    MANY,
    ODD,
    RECENT,
    REFUSED,
    SENDER_REFUSED,
    Scene,
    challenge,
    clients,
    command_explained,
    connect_below,
    connect_filled,
    delivered,
    initial_response,
    inside_tls,
    ladder_in_tls,
    login,
    login_accepted,
    message,
    new_lines,
    no_connection,
    paste,
    pending,
    plan,
    plan_edited,
    plan_message,
    plan_refused,
    plan_typed,
    recording,
    refused_target,
    send_form,
    send_sample,
    send_unknown,
    settings,
    shaken,
    trust,
    typed,
)
from support.stage import TO_ALICE, WIDE, Stage, in_tls, played

SCENES = {
    "send": Scene(send_form),
    "send-wide-light": Scene(send_form, WIDE, "textual-light"),
    "send-sample-refused": Scene(send_sample),
    "send-sample-refused-wide": Scene(send_sample, WIDE),
    "send-unknown": Scene(send_unknown),
    "procedures": Scene(typed(then=("f12",))),
    "procedures-wide": Scene(typed(then=("f12",)), WIDE),
    "auth-challenge": Scene(challenge),
    "auth-challenge-wide": Scene(challenge, WIDE),
    "auth-in-clear": Scene(initial_response, script=ODD),
    "server-words-wide": Scene(typed("MAIL FROM:<me@example.org>"), WIDE, script=REFUSED),
    "server-words": Scene(typed("MAIL FROM:<me@example.org>", then=("f3",)), script=REFUSED),
    "inside-tls-wide": Scene(inside_tls, WIDE),
    "plan-wide": Scene(plan, WIDE),
    "plan-empty": Scene(typed(then=("f11",))),
    "plan-refused": Scene(plan_refused, script=SENDER_REFUSED),
    "plan-refused-wide": Scene(plan_refused, WIDE, script=SENDER_REFUSED),
    "plan-edited": Scene(plan_edited, script=SENDER_REFUSED),
    "plan-message": Scene(plan_message),
    "plan-message-wide-light": Scene(plan_message, WIDE, "textual-light"),
    "plan-typed-wide": Scene(plan_typed, WIDE),
    "login": Scene(login),
    "login-many-light": Scene(login, theme="textual-light", script=MANY),
    "start": Scene(typed()),
    "start-light": Scene(typed(), theme="textual-light"),
    "start-40x12": Scene(typed("EHLO me"), size=(40, 12)),
    "ehlo": Scene(typed("EHLO me")),
    "ehlo-wide-light": Scene(typed("EHLO me"), WIDE, "textual-light"),
    "ehlo-panel": Scene(typed("EHLO me", then=("f2",))),
    "helo-wide": Scene(typed("HELO me"), WIDE),
    "unknown-keywords-wide": Scene(typed("EHLO me"), WIDE, script=ODD),
    "violations-wide": Scene(
        typed("EHLO me", *["NOOP"] * 4, then=("f6", *["up"] * 6)), WIDE, script=ODD
    ),
    "second-ehlo-wide": Scene(typed("EHLO me", *["NOOP"] * 4, "EHLO me"), WIDE, script=ODD),
    "state-wide": Scene(
        typed("EHLO me", *TO_ALICE[:2], then=("f6", "f6", "right")), WIDE
    ),
    "states": Scene(typed("EHLO me", *TO_ALICE[:2], ":states")),
    "states-wide": Scene(typed("EHLO me", *TO_ALICE[:2], ":states", then=("left", "left")), WIDE),
    "states-wide-light": Scene(typed("EHLO me", ":states"), WIDE, "textual-light"),
    "ladder": Scene(delivered(*":ladder", "enter")),
    "ladder-wide": Scene(ladder_in_tls, WIDE),
    "glossary": Scene(typed("EHLO me", *TO_ALICE[:2], ":glossary")),
    "glossary-wide": Scene(typed(":glossary envelope"), WIDE),
    "error-explained": Scene(typed("VRFY nobody", then=("f3",))),
    "command-explained": Scene(command_explained),
    "out-of-order": Scene(typed(then=(*"DATA",))),
    "unknown-command": Scene(typed(then=(*"FROB it",))),
    "choices": Scene(typed("EHLO me", then=(*"MAIL FROM:<", "tab", "tab"))),
    "message": Scene(message),
    "folded": Scene(delivered()),
    "unfolded": Scene(delivered("f6", "up", "up", "enter", "down", "down", "down")),
    "dot-explained-wide": Scene(delivered("f6", "up", "up", "enter", *["down"] * 5), WIDE),
    "mailbox": Scene(delivered("f4")),
    "mailbox-delivered": Scene(delivered("f4", "v")),
    "scenarios": Scene(typed(":practice")),
    "scenarios-wide": Scene(typed(":practice"), WIDE),
    "mailbox-empty": Scene(typed(then=("f4",))),
    "clients": Scene(clients),
    "clients-wide": Scene(clients, WIDE),
    "help": Scene(typed(then=("f1",))),
    "help-wide": Scene(typed(then=("f1",)), WIDE),
    "tls": Scene(shaken("f8"), tls="good"),
    "tls-wide": Scene(shaken("f8", "down"), WIDE, tls="good"),
    "tls-expired": Scene(shaken("f8"), tls="expired"),
    "tls-expired-light": Scene(shaken("f8"), theme="textual-light", tls="expired"),
    "tls-expired-wide": Scene(shaken(), WIDE, tls="expired"),
    "tls-told": Scene(shaken(), tls="expired"),
    "tls-injected": Scene(shaken("f8"), tls="injected"),
    "tls-empty": Scene(typed("EHLO me", then=("f8",))),
    "trust": Scene(trust, tls="expired"),
    "trusted": Scene(shaken(accepted=True), tls="expired"),
    "trusted-wide": Scene(shaken("f8", accepted=True), WIDE, tls="expired"),
    "login-trusted": Scene(login_accepted, tls="expired"),
    "connect-filled": Scene(connect_filled, recent=True),
    "connect-filled-wide": Scene(connect_filled, WIDE, recent=True),
    "connect-below": Scene(connect_below),
    "connect": Scene(typed(then=("ctrl+o",))),
    "connect-wide-light": Scene(typed(then=("ctrl+o",)), WIDE, "textual-light"),
    "connect-refused-target": Scene(refused_target),
    "no-connection": Scene(no_connection),
    "closed": Scene(typed("EHLO me", "QUIT")),
    "palette-wide": Scene(typed(then=("ctrl+p", *"mail")), WIDE),
    "find-wide": Scene(typed("EHLO me", "HELP", then=("ctrl+f", *"help")), WIDE),
    "find-nothing": Scene(typed("EHLO me", then=("ctrl+f", *"xyz"))),
    "question-paste": Scene(paste),
    "question-leave": Scene(typed("EHLO me", TO_ALICE[0], then=("ctrl+q",))),
    "long-line": Scene(typed(LONG)),
    "long-line-sideways": Scene(typed(LONG, then=("f6", "right", "right"))),
    "long-line-whole-wide": Scene(typed(LONG, then=("f6", "up")), WIDE),
    "new-lines": Scene(new_lines),
    "recording": Scene(recording(":play 0:06")),
    "recording-wide": Scene(recording(":play 0:06", then=("ctrl+up",)), WIDE),
    "presented": Scene(recording(":play 0:06", ":present")),
    "presented-wide-light": Scene(
        recording(":play 0:04", ":present", then=("space", "t")), WIDE
    ),
    "presented-live": Scene(typed("EHLO me", ":present", "MAIL FROM:<you@example.org>")),
    "settings": Scene(settings),
    "settings-wide-light": Scene(settings, WIDE, "textual-light"),
    "pending": Scene(pending, script=HALF),
    "selected": Scene(typed("EHLO me", then=("f6", "up", "shift+up", "shift+up"))),
}  # fmt: skip


@pytest.mark.parametrize("name", SCENES)
def test_it_looks_as_it_did(name: str, snap_compare: Callable[..., bool]) -> None:
    scene = SCENES[name]
    kept = Settings(theme=scene.theme, recent=RECENT if scene.recent else [])
    stage = played(scene.script, settings=kept) if scene.script else Stage(settings=kept)
    if scene.tls:
        stage = in_tls(scene.tls, kept)
    with stage.set_up():
        assert snap_compare(
            stage.app, terminal_size=scene.size, run_before=stage.directed(scene.steps)
        )


# A line of the transcript: its side, the rail of TLS or none, and a verb or a code.
ROW = re.compile(r"\b[CS] [ │] ([A-Z]{4}\b|[2-5]\d\d[ -])")
# What stands in the place of the transcript, by the title of what covers it.
COVERED = {
    "Meaning": ("command-explained", "error-explained", "server-words"),
    "Extensions": ("ehlo-panel", "plan-empty", "plan-message", "plan-refused", "tls", "tls-empty",
                   "tls-expired", "tls-expired-light", "tls-injected"),
    "Connect": ("connect", "connect-below", "connect-filled", "connect-refused-target"),
    "Help": ("help",),
    "Log in": ("login", "login-many-light", "login-trusted"),
    "States": ("states", "states-wide", "states-wide-light"),
    "What will the server answer?": ("presented-live", "presented-wide-light"),
    "What does the client send next?": ("presented",),
    "▶│": ("ladder",),
    "─ AUTH PLAIN **": ("ladder-wide",),
    "Glossary": ("glossary", "glossary-wide"),
    "Other programs": ("clients", "clients-wide"),
    "Mailboxes": ("mailbox", "mailbox-delivered", "mailbox-empty"),
    "Settings": ("settings",),
    "Scenarios": ("scenarios", "scenarios-wide"),
    "Send a message": ("send", "send-sample-refused", "send-unknown"),
    "mail": ("palette-wide",),
    "mail.example.org": ("trust",),
}  # fmt: skip
TITLES = {name: title for title, names in COVERED.items() for name in names}


@for_each(SCENES)
def test_the_picture_shows_the_transcript_or_what_covers_it(name: str) -> None:
    file = Path(__file__).parent / "__snapshots__" / "test_snapshots"
    seen = words((file / f"test_it_looks_as_it_did[{name}].svg").read_text(encoding="utf-8"))
    assert len(seen.split()) > 40, seen
    if name in TITLES:
        assert TITLES[name] in seen
    else:
        assert ROW.search(seen), seen


def test_what_covers_the_transcript_does_so_in_a_scene_that_there_is() -> None:
    assert set(TITLES) <= set(SCENES)
