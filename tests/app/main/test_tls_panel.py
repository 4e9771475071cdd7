"""The TLS tab: what a handshake agreed on, the chain as a tree, and what can be done with it."""

from __future__ import annotations

import hashlib
import ssl
from pathlib import Path

import pytest
from heloscope.widgets.panels.tls import TlsPanel
from support import fixed_certificates as fixed
from support import made_certificates as made
from support.servers import script_in_tls
from support.stage import NARROW, Stage, played
from support.tls_servers import server_context

CLEAR = """
    S: 220 mail.example.org ESMTP
    C: EHLO
    S: 250-mail.example.org
    S: 250 STARTTLS
    C: STARTTLS
    S: 220 go ahead
"""
INSIDE = """
    C: EHLO
    S: 250 mail.example.org
    C: QUIT
"""
TALL = (140, 120)


def staged(kind: str = "good", clear: str = CLEAR) -> Stage:
    serve = script_in_tls(clear, fixed.context(kind), INSIDE)
    return Stage("mail.example.org:587", serve, now=fixed.NOW, trusted=fixed.CA)


async def shaken(stage: Stage) -> str:
    """Send STARTTLS, open the TLS tab, and return its text on one line."""
    await stage.type("EHLO me")
    await stage.put("STARTTLS")
    await stage.until(lambda: stage.session.tls or not stage.session.connected)
    await stage.press("f8")
    return said_by(stage)


def said_by(stage: Stage) -> str:
    return " ".join(stage.seen("#tls").split())


def der(kind: str) -> list[bytes]:
    """Return the certificates in a file, the server's own first."""
    text = (fixed.FOLDER / f"{kind}.pem").read_text()
    end = "-----END CERTIFICATE-----"
    parts = text[text.index("-----BEGIN CERTIFICATE") :].split(end)[:-1]
    return [ssl.PEM_cert_to_DER_cert(part.strip() + "\n" + end) for part in parts]


async def test_it_says_what_was_agreed_on():
    async with staged().run(TALL) as stage:
        said = await shaken(stage)
        for words in (
            "TLS 1.3, with a valid certificate",
            "Protocol TLS 1.3",
            "Cipher TLS_AES_256_GCM_SHA384",
            "Session new, not resumed",
            "ALPN none",
            "SNI mail.example.org",
            "Own no client certificate",
        ):
            assert words in said


async def test_the_chain_is_a_tree_up_to_what_is_trusted_and_was_not_sent():
    async with staged().run(TALL) as stage:
        await shaken(stage)
        tree = [line.rstrip() for line in stage.seen("#tls").splitlines() if "▸" in line or
                "▾" in line]  # fmt: skip
        assert tree == [
            " ▾ mail.example.org  23,771 days left",
            " └ ▸ Example Trust Issuing CA 3",
            "   └ ▸ Example Trust Root",
        ]
        assert "trusted here; need not be sent" in said_by(stage)


async def test_down_and_up_walk_the_tree_and_unfold_one():
    async with staged().run(TALL) as stage:
        said = await shaken(stage)
        assert "Valid for mail.example.org, smtp.example.org" in said
        await stage.press("down")
        said = said_by(stage)
        assert "▾ Example Trust Issuing CA 3" in said
        assert "Valid for issuing certificates (CA)" in said
        assert "smtp.example.org" not in said
        await stage.press("down")
        assert "A root need not be sent: clients that trust it already have it." in said_by(stage)
        await stage.press("up", "up")
        assert "smtp.example.org" in said_by(stage)


async def test_a_certificate_longer_than_the_panel_is_scrolled_through_before_the_next():
    async with staged().run(NARROW) as stage:
        await shaken(stage)
        panel = stage.app.main.query_one(TlsPanel)
        assert "▾ mail.example.org" in stage.seen("#tls")
        shown: list[str] = []
        while panel.cursor == 0:
            shown += stage.seen("#tls").splitlines()
            await stage.press("down")
        assert any("SHA-256" in line for line in shown)
        assert any("Serial" in line for line in shown)
        assert "▾ Example Trust Issuing CA 3" in stage.seen("#tls")
        while panel.cursor:
            await stage.press("up")
        while "TLS 1.3, with a valid certificate" not in stage.seen("#tls"):
            await stage.press("up")


async def test_c_copies_the_fingerprint_of_the_certificate_under_the_cursor():
    async with staged().run(TALL) as stage:
        await shaken(stage)
        leaf, above = (hashlib.sha256(one).digest().hex(":").upper() for one in der("good"))
        await stage.press("c")
        assert stage.app.clipboard == leaf
        assert "Copied the SHA-256 of mail.example.org." in stage.notices
        await stage.press("down", "c")
        assert stage.app.clipboard == above
        await stage.press("down", "c")  # of one that was not sent there is none
        assert stage.app.clipboard == above
        await stage.press("up", "up", "escape")
        await stage.put(":fingerprint")
        assert stage.app.clipboard == leaf


async def test_s_saves_the_chain_as_pem_and_never_over_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    async with staged().run() as stage:
        await shaken(stage)
        await stage.press("s")
        file = tmp_path / "mail.example.org.pem"
        await stage.until(lambda: stage.notices)
        assert f"Saved the 2 certificates as PEM: {file}" in stage.notices
        text = file.read_text()
        assert text.startswith("# CN=mail.example.org\n# SHA-256 ")
        end = "-----END CERTIFICATE-----"
        saved = [
            ssl.PEM_cert_to_DER_cert(part[part.index("-----BEGIN") :] + end)
            for part in text.split(end)[:-1]
        ]
        assert saved == der("good")
        ssl.create_default_context(cafile=str(file))  # others read it
        await stage.press("escape", "f8", "s")
        await stage.until(lambda: "already exists" in stage.notices[-1])
        assert "Choose another name: :pem FILE." in stage.notices[-1]
        assert file.read_text() == text
        await stage.press("escape")
        await stage.put(f":pem {tmp_path}/other.pem")
        await stage.until(lambda: (tmp_path / "other.pem").exists())


async def failed(stage: Stage) -> None:
    await stage.type("EHLO me")
    await stage.put("STARTTLS")
    await stage.until(lambda: not stage.session.connected)
    await stage.settle()


async def test_a_handshake_that_failed_is_told_in_the_tab_by_itself():
    async with staged("expired").run(TALL) as stage:
        await failed(stage)
        said = said_by(stage)  # nobody has asked for it
        assert said.startswith("No TLS: expired")
        assert "expired on 2024-11-19, 12 days ago" in said
        assert "Validity expired 12 days ago" in said
        assert stage.notices == []  # which would come before it


async def test_on_a_narrow_screen_it_is_told_in_passing_with_where_to_look():
    async with staged("expired").run(NARROW) as stage:
        await failed(stage)
        (notice,) = stage.notices
        assert "expired on 2024-11-19, 12 days ago. :tls (F8) shows why; :trust" in notice
        await stage.press("f8")
        assert "No TLS: expired" in stage.screen


INJECTED = CLEAR.rstrip() + r"\r\n250-mail.example.org\r\n250 AUTH PLAIN \x1b[31m"


async def test_what_was_injected_behind_the_220_is_told_in_red_with_why_it_matters():
    async with staged(clear=INJECTED).run(TALL) as stage:
        said = await shaken(stage)
        assert "✗ Injected: " in said
        assert r"“250-mail.example.org”, “250 AUTH PLAIN \x1b[31m”" in said
        assert "is taken for replies inside TLS" in said
        assert "NO STARTTLS paper of 2021" in said
        assert "Do not trust this connection" in said


async def test_empty_it_says_what_to_do():
    conversation = """
        S: 220 ready
        C: EHLO
        S: 250 STARTTLS
        C: EHLO
        S: 250 SIZE
        C: QUIT
    """
    async with played(conversation).run() as stage:
        await stage.press("f8", "escape")
        assert "EHLO me shows whether the server offers STARTTLS" in said_by(stage)
        await stage.type("EHLO me")
        assert "EHLO me" not in said_by(stage)
        await stage.type("EHLO me")
        assert "The EHLO reply does not list STARTTLS" in said_by(stage)
        assert "smtps://host connects to port 465" in said_by(stage)
        await stage.type("QUIT")
        await stage.until(lambda: not stage.session.connected)
        await stage.settle()
        assert "This conversation was not encrypted." in said_by(stage)


async def test_where_starttls_is_offered_it_says_how_to_begin():
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await stage.press("f8")
        assert "The server offers STARTTLS. Type it, or use :starttls" in said_by(stage)


async def test_the_practice_servers_certificate_is_the_expected_one():
    async with Stage().run(TALL) as stage:
        said = await shaken(stage)
        assert "TLS 1.3, with exactly the expected certificate" in said
        assert "SNI none: 127.0.0.1 is an IP address" in said
        assert "✗" not in said
        assert "not verified" not in stage.lines[0]


async def test_f8_again_leads_back_on_a_narrow_screen():
    async with Stage().run(NARROW) as stage:
        await stage.press("f8")
        assert "This conversation is not encrypted" in stage.screen
        await stage.press("f8")
        assert "220 practice.test" in stage.screen
        assert stage.app.focused is stage.app.main.query_one("#command")


async def test_what_a_certificate_says_is_text():
    """The subject contains an escape sequence, markup and a line break."""
    odd = made.issue("a\x1b[31m[b]\nb", names=("mail.example.org",))
    serve = script_in_tls(CLEAR, server_context(odd), INSIDE)
    async with Stage("mail.example.org:587", serve).run(TALL) as stage:
        await shaken(stage)
        shown = stage.seen("#tls")
        assert r"▾ a\x1b[31m[b]\nb" in shown
        await stage.put(":trust")
        assert "\x1b" not in stage.screen
