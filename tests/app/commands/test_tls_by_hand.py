"""STARTTLS and AUTH typed manually on the practice server: what is sent, shown and kept."""

from __future__ import annotations

from heloscope.session.events import TlsStarted
from support.servers import script
from support.stage import Stage

PLAIN = "AGFsaWNlAHdvbmRlcmxhbmQ="


async def begun(stage: Stage) -> None:
    """Send EHLO, STARTTLS, complete the handshake, and send EHLO again."""
    await stage.type("EHLO me", "STARTTLS")
    await stage.until(lambda: stage.session.tls)
    await stage.type("EHLO me")


def secret_free(stage: Stage, *secrets: str) -> None:
    kept = "\n".join([stage.screen, *stage.app.main.sender.history.lines, *stage.notices])
    for secret in secrets:
        assert secret not in kept


async def test_a_typed_starttls_goes_on_into_the_handshake():
    async with Stage().run() as stage:
        await begun(stage)
        assert [e for e in stage.session.transcript.events() if isinstance(e, TlsStarted)]
        assert "── TLS 1.3  AES_256_GCM_SHA384  certificate accepted, 30 days left ──" in (
            stage.screen
        )
        assert "│ EHLO me" in stage.screen
        assert "│ 250-AUTH PLAIN LOGIN CRAM-MD5 SCRAM-SHA-256" in stage.screen
        assert "TLS 1.3" in stage.seen("#status")


async def test_after_a_typed_starttls_the_panel_says_what_comes_next_and_what_changed():
    async with Stage().run() as stage:
        await stage.type("EHLO me", "STARTTLS")
        await stage.until(lambda: stage.session.tls)
        await stage.settle()
        assert "discarded when TLS started; send EHLO again" in stage.seen("#extensions")
        assert "send EHLO again" in " ".join(stage.seen("#reply").replace("│", " ").split())
        assert "Try EHLO me" in stage.hint
        await stage.type("EHLO me")
        changes = stage.seen("#extensions").partition("\n\n")[0]
        assert "changed by TLS" in changes
        assert "- STARTTLS" in changes
        assert "~ AUTH" in changes  # inside TLS the password may be shown


async def test_the_rule_of_a_handshake_is_explained():
    async with Stage().run((140, 60)) as stage:
        await begun(stage)
        rule = next(n for n, line in enumerate(stage.lines) if "── TLS 1.3" in line)
        await stage.press("f6")
        while "TLS 1.3 is on" not in stage.seen("#reply"):
            assert rule
            await stage.press("up")
        said = " ".join(stage.seen("#reply").replace("│", " ").split())
        assert "only this certificate is trusted (self-signed" in said
        assert "practice.test, localhost, 127.0.0.1" in said


async def test_practice_tls_is_the_practice_server_with_tls_from_the_first_byte():
    async with Stage().run() as stage:
        await stage.put(":connect practice-tls")
        await stage.until(lambda: stage.session.tls and stage.wire)
        await stage.quiet()
        assert stage.wire == ["S: 220 practice.test ESMTP heloscope practice server"]
        assert "smtps://127.0.0.1:2465" in stage.seen("#status") or "2465" in stage.screen


async def test_a_handshake_that_fails_says_why():
    talk = """
        S: 220 mail.example.org ready
        C: EHLO
        S: 250-mail.example.org
        S: 250 STARTTLS
        C: STARTTLS
        S: 220 go on
        S: this is no TLS, as you can see
    """
    async with Stage("mail.example.org", script(talk)).run() as stage:
        await stage.type("EHLO me")
        await stage.put("STARTTLS")
        await stage.until(lambda: not stage.session.connected and stage.notices)
        await stage.settle()
        assert "no TLS:" in stage.screen
        assert "TLS" in stage.notices[-1]


async def test_the_lines_of_an_exchange_are_decoded_with_the_secret_masked():
    async with Stage().run() as stage:
        await begun(stage)
        await stage.type(f"AUTH PLAIN {PLAIN}")
        await stage.press("f6", "up")
        said = stage.seen("#reply")
        assert "User  alice" in said
        assert "Password" in said
        secret_free(stage, PLAIN, "wonderland")
