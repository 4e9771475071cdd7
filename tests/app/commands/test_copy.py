"""Copying a session from the app, to the clipboard and to files."""

from __future__ import annotations

import ast
import shlex
from pathlib import Path

import pytest
from heloscope.app.commands.copy import typed_target
from heloscope.app.connect.profile import IMPLICIT, REQUIRED, Profile, target_of
from heloscope.app.dialogs.question import QuestionScreen
from support.rows import for_each
from support.stage import TO_ALICE, Stage


async def logged_in(stage: Stage) -> None:
    await stage.type("EHLO me", *["AUTH PLAIN AGFsaWNlAHdvbmRlcmxhbmQ="] * 2)  # in clear


async def test_the_conversation_as_a_script():
    async with Stage().run() as stage:
        await logged_in(stage)
        await stage.deliver("Subject: x", "", ".dot")
        await stage.put(":copy script")
        text = stage.app.clipboard
        assert text.startswith("# A conversation with practice, for heloscope run.\n")
        assert ":connect practice\n:expect 220\nEHLO me\n:expect 250\n" in text
        assert ":auth PLAIN\n:answer alice\n:secret PASSWORD\n:expect 504\n" in text
        assert text.endswith("\nDATA\nSubject: x\n\n.dot\n.\n:expect 250\n")
        assert stage.notices[-1].startswith("Copied without secrets: a script for heloscope run, ")


async def test_tls_is_copied_as_it_is():
    async with Stage("practice-tls").run() as stage:
        await stage.type("EHLO me")
        await stage.put(":copy script")
        assert ":connect practice-tls\n" in stage.app.clipboard
        await stage.put(":copy smtplib")
        text = stage.app.clipboard
        assert "smtplib.SMTP_SSL(" in text and ", context=CONTEXT)\naccepted(smtp.sock)\n" in text
        assert stage.practice.trusted().pinned in text
        await stage.put(":copy swaks")
        assert "--tls-on-connect" in stage.app.clipboard
        assert "--tls-verify" not in stage.app.clipboard


@for_each(
    [
        (Profile(), "practice"),
        (Profile("practice", policy=IMPLICIT), "practice-tls"),
        (Profile("mail.example.org", policy=REQUIRED), "mail.example.org"),
        (Profile("mail.example.org", policy=IMPLICIT), "smtps://mail.example.org:465"),
        (Profile("smtps://mail.example.org:4650"), "smtps://mail.example.org:4650"),
        (Profile("unix:/run/lmtp"), "unix:/run/lmtp"),
    ]
)
def test_a_target_says_whether_tls_comes_first(profile: Profile, wanted: str):
    target = None if profile.practising else target_of(profile)
    assert typed_target(profile, target) == wanted


async def test_without_tls_no_certificate_is_made_for_a_copy():
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await stage.put(":copy smtplib")
        assert "ssl" not in stage.app.clipboard


@pytest.mark.parametrize("form", ["script", "swaks", "smtplib"])
async def test_the_secret_is_in_none_of_them(form: str):
    async with Stage().run() as stage:
        await logged_in(stage)
        await stage.type("VRFY wonderland")
        await stage.put(f":copy {form}")
        text = stage.app.clipboard
        assert "alice" in text and "PASSWORD" in text
        for secret in ("wonderland", "AGFsaWNl", "d29uZGVy"):
            assert secret not in text


async def test_a_file_is_written_and_one_that_is_there_left_alone(tmp_path: Path):
    async with Stage().run() as stage:
        await stage.type("EHLO me", *TO_ALICE[:2])
        file = tmp_path / "again and again.py"
        await stage.put(f":copy smtplib {shlex.quote(str(file))}")
        assert stage.notices[-1] == f"A Python program without secrets: {file}"
        ast.parse(file.read_text())
        assert file.stat().st_mode & 0o777 == 0o600
        await stage.put(f":copy swaks '{file}'")
        assert stage.notices[-1].endswith(
            "already exists and was not overwritten. Choose another name: :copy FILE."
        )
        ast.parse(file.read_text())
        await stage.put(f":copy swaks {tmp_path}/no/such/folder")
        assert "The folder for" in stage.notices[-1]


async def test_the_plan_goes_with_it_when_asked_for(tmp_path: Path):
    letter = tmp_path / "letter.eml"
    letter.write_bytes(b"Subject: x\r\n\r\n" + b"0123456789\r\n" * 30_000)
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await stage.put(f":send {letter} <a@example.org> <alice@practice.test>")
        await stage.until(lambda: stage.main.plan.status.next)
        await stage.put(":copy script")
        assert "MAIL" not in stage.app.clipboard
        out = tmp_path / "script"
        await stage.put(f":copy script plan {out}")
        text = out.read_text()
        assert "\nRCPT TO:<alice@practice.test>\n:expect 250\nDATA\nSubject: x\n\n0123" in text
        assert text.endswith("0123456789\n.\n:expect 250\n")
        assert text.count("0123456789\n") == 30_000
        assert stage.sent == b"EHLO me\r\n"
        await stage.put(":copy swaks plan")
        assert "Add a FILE to :copy" in stage.notices[-1]


async def test_a_planned_login_is_copied_without_its_secret():
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await stage.put(":login")
        await stage.settle()
        await stage.write("alice")
        await stage.press("enter")
        await stage.write("wonderland")
        await stage.press("enter")
        await stage.until(lambda: stage.main.plan.status.next)
        await stage.put(":copy script plan")
        assert stage.app.clipboard.endswith(
            ":auth SCRAM-SHA-256\n:answer alice\n:secret PASSWORD\n:expect 235\n"
        )


async def test_alone_it_asks_which():
    async with Stage().run((80, 24)) as stage:
        await stage.type("EHLO me")
        await stage.put(":copy")
        assert isinstance(stage.app.screen, QuestionScreen)
        assert "with the plan" not in stage.screen
        await stage.press("2")
        assert "swaks \\\n  --server 127.0.0.1 \\\n  --port 2525 \\" in stage.app.clipboard
        await stage.put(":hello me")
        await stage.until(lambda: stage.main.plan.status.next)
        await stage.put(":copy")
        assert "6  with the plan, as a Python program" in stage.screen
        await stage.press("6")
        assert stage.app.clipboard.count('smtp.ehlo("me")') == 2


async def test_what_cannot_be_copied_is_said():
    async with Stage("silent.example.org").run() as stage:
        await stage.put(":copy script")
        assert stage.notices[-1] == "Nothing to copy yet."
        for order in (":copy mud", ":copy script plan a b"):
            await stage.put(order)
            assert stage.notices[-1].startswith("The syntax is :copy script |")
    async with Stage().run() as stage:
        await stage.put(":copy script plan")
        assert stage.notices[-1].startswith("No plan to copy")
