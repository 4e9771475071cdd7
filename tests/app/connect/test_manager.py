"""The connection manager, without an app: what is connected, and what the user is told if not."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import pytest
from heloscope.app.connect.profile import REQUIRED, Profile, switched
from heloscope.session.target import TargetError
from heloscope.session.timeouts import Timeouts
from support import fixed_certificates as fixed
from support import made_certificates as made
from support.servers import script, script_in_tls, serving
from support.tls_servers import server_context
from support.ui import Desk, connected, served

GREETS = """
    S: 220 mail.example.org ready
    C: QUIT
"""
CLEAR = """
    S: 220 mail.example.org ready
    C: EHLO
    S: 250 STARTTLS
    C: STARTTLS
    S: 220 go ahead
"""
INSIDE = """
    C: EHLO
    S: 250 mail.example.org
    C: QUIT
"""


async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    """Act as a server that never greets."""
    await reader.read()


async def test_a_session_begins_and_is_greeted():
    async with connected(GREETS) as desk:
        assert desk.sessions == [desk.session]
        assert desk.connections.connected
        assert desk.connections.attempt is None
        assert desk.received == ["220 mail.example.org ready"]
        assert desk.ui.told == []


async def test_a_target_that_is_not_valid_begins_nothing():
    desk = Desk()
    with pytest.raises(TargetError):
        desk.connections.connect("you@example.org")
    assert desk.connections.attempt is None
    assert desk.sessions == []


async def test_a_refused_connection_is_told_and_remembered_as_failed():
    async with serving(silent) as port:
        pass  # nobody listens there any more
    desk = Desk()
    desk.connections.connect(f"127.0.0.1:{port}")
    await desk.until(lambda: desk.connections.attempt is None)
    assert f"127.0.0.1:{port} refused the connection." in desk.ui.troubles[0]
    assert desk.connections.failed
    assert not desk.connections.connected


async def test_what_was_said_without_a_connection_goes_when_one_is_made():
    async with serving(script(GREETS)) as port:
        desk = Desk()
        desk.enter("NOOP")
        assert desk.ui.told[0].startswith("Not connected, so nothing was sent.")
        desk.connections.connect(f"127.0.0.1:{port}")
        assert desk.ui.standing == []
        await desk.until(lambda: desk.connections.connected)
        await desk.connections.disconnect()


async def test_connecting_can_be_given_up():
    async with served(silent, Profile("", policy=REQUIRED)) as desk:
        await desk.until(lambda: desk.connections.greeting_due)
        target, left = desk.connections.attempt or ("", 0.0)
        assert target.startswith("127.0.0.1:")
        assert left > 0
        assert desk.connections.give_up()
        await desk.until(lambda: desk.connections.attempt is None)
        assert not desk.connections.give_up()


async def test_a_line_entered_while_connecting_is_kept_and_told_as_such():
    async with serving(script(GREETS)) as port:
        desk = Desk()
        desk.connections.connect(f"127.0.0.1:{port}")
        desk.enter("NOOP")
        assert desk.line.text == "NOOP"
        assert desk.ui.told == [
            "Still connecting, so nothing was sent. Try again once there is a connection."
        ]
        await desk.until(lambda: desk.connections.connected and not desk.ui.standing)
        await desk.connections.disconnect()


async def test_disconnecting_gives_up_an_attempt():
    async with served(silent, Profile("", policy=REQUIRED)) as desk:
        await desk.until(lambda: desk.connections.greeting_due)
        await desk.connections.disconnect()
        await desk.until(lambda: desk.connections.attempt is None)
        assert not desk.connections.connected


async def test_connecting_again_is_another_session_to_the_same_server():
    async with connected(GREETS) as desk:
        desk.connections.reconnect()
        await desk.greeted(2)
        first, second = desk.sessions
        assert first.target == second.target
        assert not first.connected
        assert second.connected


async def test_each_connection_verifies_its_own_name_also_after_switching(tmp_path: Path):
    made.authority().cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = server_context(made.by(made.authority(), "localhost"))

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example.org ready\r\n")
        await reader.read()

    async def verified(profile: Profile | None) -> bool:
        before = len(desk.sessions)
        if profile is None:
            desk.connections.reconnect()
        else:
            desk.connections.connect(profile)
        await desk.until(lambda: len(desk.sessions) > before and desk.connections.attempt is None)
        return desk.connections.connected and desk.sessions[-1].tls

    async with serving(serve, tls=context) as port:
        desk = Desk()
        right = Profile(f"smtps://localhost:{port}", ca_file=str(tmp_path / "ca.pem"))
        wrong = msgspec.structs.replace(right, target=f"smtps://127.0.0.1:{port}")
        try:
            assert await verified(right)
            assert not await verified(wrong)
            assert not await verified(None)
            assert await verified(right)
            assert await verified(None)
            clear = switched(wrong)
            assert clear is not None
            other = switched(clear)
            assert other is not None
            assert not await verified(other)
            clear = switched(right)
            assert clear is not None
            other = switched(clear)
            assert other is not None
            assert await verified(other)
        finally:
            await desk.connections.close()


async def test_starttls_that_is_required_and_not_offered_ends_the_connection():
    serve = script("S: 220 ready\nC: EHLO\nS: 250 mail.example.org\nC: QUIT")
    async with served(serve, Profile("", policy=REQUIRED)) as desk:
        await desk.until(lambda: desk.sessions and desk.connections.attempt is None)
        assert not desk.connections.connected
        [told] = desk.ui.troubles
        assert told == (
            "No TLS: the server does not offer STARTTLS. STARTTLS was required, so heloscope "
            "closed the connection; only the greeting was exchanged."
        )
        assert desk.sent.startswith(b"EHLO ")


async def test_a_certificate_that_is_refused_is_shown_in_its_tab():
    serve = script_in_tls("", fixed.context("good"), GREETS)
    async with served(serve, Profile("smtps://")) as desk:
        await desk.until(lambda: desk.sessions and desk.connections.attempt is None)
        assert desk.connections.refused is not None
        assert desk.ui.panel.page == "tls"
        assert desk.ui.told == []


async def test_where_the_tab_is_not_seen_a_refused_certificate_is_told_with_what_to_do():
    serve = script_in_tls("", fixed.context("good"), GREETS)
    async with served(serve, Profile("smtps://")) as desk:
        desk.ui.panel.shown = False
        await desk.until(lambda: desk.sessions and desk.connections.attempt is None)
        [told] = desk.ui.troubles
        assert told.endswith(":tls (F8) shows why; :trust accepts the certificate.")
        failure = desk.connections.refused
        assert failure is not None
        desk.connections.accept(failure)
        desk.connections.reconnect()
        assert desk.ui.standing == []  # it was said of the connection before


async def test_an_accepted_certificate_is_accepted_again_and_only_with_reconnect():
    serve = script_in_tls("", fixed.context("good"), GREETS)
    async with served(serve, Profile("smtps://")) as desk:
        await desk.until(lambda: desk.sessions and desk.connections.attempt is None)
        failure = desk.connections.refused
        assert failure is not None
        desk.connections.accept(failure)
        desk.connections.reconnect()
        await desk.greeted(2)
        assert desk.session.tls
        assert desk.connections.accepted
        desk.connections.reconnect()
        await desk.greeted(3)
        assert desk.connections.accepted
        desk.connections.connect(desk.connections.profile)
        await desk.until(lambda: len(desk.sessions) == 4 and desk.connections.attempt is None)
        assert not desk.connections.accepted
        assert desk.connections.refused is not None


async def test_what_led_to_a_refused_certificate_is_repeated_up_to_the_handshake():
    serve = script_in_tls(CLEAR, fixed.context("good"), INSIDE)
    async with served(serve) as desk:
        await desk.greeted()
        await desk.type("EHLO me.example", "STARTTLS")
        await desk.until(lambda: desk.connections.refused)
        failure = desk.connections.refused
        assert failure is not None
        desk.connections.accept(failure)
        desk.connections.repeat_handshake()
        await desk.until(lambda: len(desk.sessions) == 2 and desk.connections.attempt is None)
        assert desk.session.tls
        assert desk.sent == b"EHLO me.example\r\nSTARTTLS\r\n"


async def test_a_typed_starttls_is_followed_by_its_handshake_and_no_frame_is_needed():
    async with served(script(CLEAR + "C: more")) as desk:
        await desk.greeted()
        desk.reactions.end()  # nothing that shows takes part
        desk.sender.send_line("EHLO me")
        await desk.sender.quiet()
        assert desk.session.handshake_left is None
        desk.sender.send_line("STARTTLS")
        await desk.until(lambda: desk.session.handshake_left is not None)
        assert desk.connections.attempt is not None


async def test_another_protocol_is_recognised_once():
    async with served(script("S: HTTP/1.1 400 Bad Request\nS: Server: nginx\nC: QUIT")) as desk:
        await desk.until(lambda: desk.ui.troubles)
        [told] = desk.ui.troubles
        assert "HTTP" in told
        assert desk.connections.peer_hint() == ""


async def test_timeouts_hold_for_the_present_session_too():
    async with connected(GREETS) as desk:
        desk.connections.set_timeouts(Timeouts.all(7.0))
        assert desk.session.timeouts == Timeouts.all(7.0)
        desk.connections.reconnect()
        await desk.greeted(2)
        assert desk.session.timeouts == Timeouts.all(7.0)
