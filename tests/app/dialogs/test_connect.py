"""The dialog that asks where to connect, and how."""

from __future__ import annotations

from pathlib import Path

import pytest
from heloscope.app.connect.profile import (
    IMPLICIT,
    OFFERED,
    REQUIRED,
    Profile,
    port_words,
    target_of,
    target_problem,
)
from heloscope.app.dialogs.connect import ConnectScreen
from heloscope.app.runtime.settings import Settings, load, save
from heloscope.session.target import TargetError
from support import fixed_certificates as fixed
from support import made_certificates as made
from support.rows import for_each
from support.stage import NARROW, Stage, played
from textual.widgets import Input

TALK = "S: 220 ready\nC: EHLO"


def dialog(stage: Stage) -> str:
    """Return the text of the dialog."""
    return " ".join(stage.seen("ConnectScreen > FormFields").replace("│", " ").split())


def server() -> Stage:
    stage = Stage()
    stage.serve = played(TALK).serve
    return stage


async def fill(stage: Stage, **fields: str) -> None:
    """Open the dialog, and put texts into its fields."""
    await stage.press("ctrl+o")
    for field, text in fields.items():
        stage.app.screen.query_one(f"#{field}", Input).value = text
    await stage.settle()


@pytest.mark.parametrize("key", ["enter", "escape"])
async def test_a_password_in_the_target_is_not_shown_and_masked_from_then_on(key: str):
    async with server().run() as stage:
        await stage.press("ctrl+o", *"smtp://alice:wonderland@host")
        assert "smtp://alice:••••••••••@host" in dialog(stage)
        await stage.press(key)
        assert "wonderland" not in stage.screen
        assert "wonderland" not in stage.app.mask_known("EHLO wonderland")


async def test_every_field_goes_into_the_connection():
    async with server().run(NARROW) as stage:
        await stage.press("ctrl+o", *"mail.example.org:587", "tab", "tab")
        await stage.press("right", "left")  # to another policy and back
        await stage.press(*["down"] * 5, *"me.example", "down", *"127.0.0.1", "enter")
        await stage.greeted(2)
        way = Profile("mail.example.org:587", hello="me.example", source="127.0.0.1")
        assert stage.app.connections.profile == way
        session = stage.session
        assert session.connection.local_hostname == "me.example"
        assert session.connection.source_address == ("127.0.0.1", 0)
        assert session.target is not None and session.target.port == 587


async def test_the_policy_is_chosen_by_left_and_right_with_what_comes_of_it():
    async with Stage().run(NARROW) as stage:
        await stage.press("ctrl+o", "tab", "tab")
        assert "(●) none" in dialog(stage)
        await stage.press("right")
        assert "(●) STARTTLS if offered" in dialog(stage)
        assert "Sends EHLO, STARTTLS, EHLO; if not offered, continues without TLS." in dialog(stage)
        await stage.press("left", "left")
        assert "(●) at once" in dialog(stage)


@pytest.mark.parametrize("target", ["smtps://mail.example.org", "mail.example.org:465"])
async def test_the_policy_follows_a_target_that_says_it(target: str):
    async with Stage().run(NARROW) as stage:
        await stage.press("ctrl+o", *target)
        assert "(●) at once" in dialog(stage)
        await stage.press("tab", "tab", "left", "shift+tab", "shift+tab", "backspace")
        assert "(●) required" in dialog(stage)  # a person has chosen


PROBLEMS = (
    ("target", "you@example.org", "is an email address, not a server"),
    ("target", "", "Enter a server, or press Esc to cancel."),
    ("ca_file", "/no/such/file", "File not found: /no/such/file."),
    ("ca_file", "/dev/zero", "/dev/zero is not a file."),
    ("ca_file", __file__, "does not contain a certificate"),
    ("certfile", "/no/such/file", "File not found: /no/such/file."),
    ("certfile", str(fixed.CA), "does not contain a private key in PEM form"),
    ("hello", "two words", "The name in EHLO must be one word"),
    ("source", "mail.example.org", "The source must be an IP address of this machine"),
)


async def test_what_is_wrong_is_told_at_its_field():
    async with Stage().run(NARROW) as stage:
        for field, text, words in PROBLEMS:
            await fill(stage, **{"target": "mail.example.org", field: text})
            await stage.press("enter")
            problem = stage.app.screen.query_one(f"#{field}-problem")
            assert problem.display, text
            assert words in " ".join(str(problem.render()).split())
            assert stage.app.screen.query_one(f"#{field}").has_focus, text
            shown = [p.id for p in stage.app.screen.query(".problem") if p.display]
            assert shown == [problem.id]
            await stage.press("x")  # another text is no more wrong than not
            assert not problem.display, text
            await stage.press("escape")
            assert len(stage.view.sections) == 1


async def test_a_key_alone_is_asked_for_its_certificate():
    async with Stage().run(NARROW) as stage:
        await fill(stage, target="mail.example.org", keyfile=str(fixed.FOLDER / "good.pem"))
        await stage.press("enter")
        assert "The client certificate is missing: only its key is given." in dialog(stage)
        assert stage.app.screen.query_one("#certfile").has_focus


async def test_a_key_that_is_locked_is_opened_by_a_password_that_is_kept_nowhere(tmp_path: Path):
    from cryptography.hazmat.primitives import serialization as pem

    client = made.good()
    key = pem.load_pem_private_key(client.key, None)
    locked = key.private_bytes(
        pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.BestAvailableEncryption(b"sesame4711")
    )
    file = tmp_path / "client.pem"
    file.write_bytes(locked + client.certificates[0])
    kept: list[Settings] = []
    stage = Stage(keep=kept.append)
    stage.serve = played(TALK).serve
    async with stage.run(NARROW) as stage:
        await fill(stage, target="mail.example.org", certfile=str(file))
        await stage.press("enter")
        assert "is encrypted, and requires a password" in dialog(stage)
        assert stage.app.screen.query_one("#key_password").has_focus
        await stage.press(*"wrong", "enter")
        assert "The password for the key" in dialog(stage)
        await stage.press(*["backspace"] * 5, *"sesame4711")
        assert "sesame" not in stage.screen
        await stage.press("enter")
        await stage.greeted(2)
        secret = stage.app.connections.key_password
        assert secret is not None and secret.reveal() == b"sesame4711"
        assert stage.app.connections.profile == Profile("mail.example.org", certfile=str(file))
    save(kept[-1], tmp_path)
    assert b"sesame" not in (tmp_path / "settings.json").read_bytes()
    assert load(tmp_path).recent == [Profile("mail.example.org", certfile=str(file))]


async def test_recent_ways_are_offered_the_last_one_first_and_kept_for_the_next_run():
    kept: list[Settings] = []
    before = [Profile("old.example.org", policy=REQUIRED), Profile("older.example.org")]
    stage = Stage(keep=kept.append, settings=Settings(recent=before))
    stage.serve = played(TALK).serve
    async with stage.run(NARROW) as stage:
        await stage.put(":connect mail.example.org")
        await stage.greeted(2)
        assert kept[-1].recent == [Profile("mail.example.org"), *before]
        await stage.press("ctrl+o")
        recent = [line.strip() for line in stage.seen("#recent").splitlines()]
        assert recent == [
            "mail.example.org",
            "old.example.org  STARTTLS required",
            "older.example.org",
            "practice",
            "practice-tls",
        ]
        await stage.press("down", "down", "down", "enter")
        await stage.greeted(3)
        assert stage.app.connections.profile.target == "older.example.org"


async def test_what_heloscope_was_started_with_is_among_the_recent_ones():
    kept: list[Settings] = []
    async with played(TALK, keep=kept.append).run(NARROW) as stage:
        assert kept[-1].recent == [Profile("mail.example.org")]
        await stage.press("ctrl+o")
        assert stage.seen("#recent").split()[0] == "mail.example.org"


async def test_a_recent_way_is_edited_forgotten_or_all_are():
    kept: list[Settings] = []
    before = [Profile("old.example.org", policy=OFFERED, hello="me"), Profile("older.example.org")]
    async with Stage(keep=kept.append, settings=Settings(recent=before)).run(NARROW) as stage:
        await stage.press("ctrl+o", "down", "right")
        assert stage.app.screen.query_one("#target", Input).value == "old.example.org"
        assert stage.app.screen.query_one("#hello", Input).value == "me"
        assert "(●) STARTTLS if offered" in dialog(stage)
        await stage.press("down", "delete")
        assert kept[-1].recent == before[1:]
        assert "old.example.org" not in stage.seen("#recent")
        await stage.press("escape")
        await stage.put(":history clear")
        assert kept[-1].recent == []


async def test_without_a_history_no_server_is_kept():
    kept: list[Settings] = []
    stage = Stage(keep=kept.append, settings=Settings(history=False))
    stage.serve = played(TALK).serve
    async with stage.run() as stage:
        await stage.put(":connect mail.example.org")
        await stage.greeted(2)
        assert not [settings for settings in kept if settings.recent]


async def test_on_80_by_24_it_scrolls_to_the_field_and_to_the_ports_below():
    async with Stage().run(NARROW) as stage:
        await stage.press("ctrl+o")
        assert "port 587" not in dialog(stage)
        await stage.press("pagedown", "pagedown")
        assert "port 587 for mail programs; STARTTLS, then login" in dialog(stage)
        await stage.press("shift+tab")
        assert stage.app.screen.query_one("#save_as").has_focus
        assert "Source IP" in dialog(stage)
        assert isinstance(stage.app.screen, ConnectScreen)


# Ways


@for_each(
    [
        ("mail.example.org", "none", 25, False),
        ("mail.example.org", REQUIRED, 25, False),
        ("mail.example.org", IMPLICIT, 465, True),
        ("smtp://mail.example.org", IMPLICIT, 465, True),
        ("mail.example.org:2525", IMPLICIT, 2525, True),
        ("[::1]", IMPLICIT, 465, True),
        ("lmtp://mail.example.org", IMPLICIT, 24, True),
        ("smtps://mail.example.org", "none", 465, True),
        ("unix:/run/lmtp", IMPLICIT, 0, True),
    ]
)
def test_where_a_way_leads(target: str, policy: str, port: int, implicit: bool):
    found = target_of(Profile(target, policy=policy))
    assert (found.port, found.implicit) == (port, implicit)


@for_each(
    [
        ("mail.example.org", "Port 25: between servers; no login, and often blocked."),
        ("mail.example.org:587", "Port 587: for mail programs; STARTTLS, then login."),
        (
            "smtps://mail.example.org",
            "Port 465: for mail programs, with login; TLS from the first byte.",
        ),
        ("lmtp://mail.example.org", "Port 24: LMTP, to a mail store; one reply per recipient."),
        ("mail.example.org:2525", "Port 2525: not a usual mail port."),
        ("unix:/run/lmtp", "A Unix socket, LMTP."),
        ("practice", "The practice server, STARTTLS."),
        ("practice-tls", "The practice server, TLS from the first byte."),
        ("a b", ""),
    ]
)
def test_what_a_port_means(target: str, words: str):
    assert port_words(target) == words


def test_a_way_that_leads_nowhere_is_said_in_words():
    assert "http://" in target_problem("http://example.org")
    assert target_problem("mx:example.org") == ""
    assert target_problem("practice") == ""
    with pytest.raises(TargetError):
        target_of(Profile("you@example.org"))
