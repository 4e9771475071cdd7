"""The same port with TLS from the first byte, or without: the advice, and the key for it."""

from __future__ import annotations

import asyncio

from heloscope.app.connect.profile import IMPLICIT, NONE, REQUIRED, Profile, switched
from support.rows import for_each
from support.stage import Stage


@for_each(
    [
        (Profile("mail.example.org"), Profile("smtps://mail.example.org:25")),
        (Profile("smtp://mail.example.org:465"), Profile("smtps://mail.example.org:465")),
        (Profile("[::1]:587"), Profile("smtps://[::1]:587")),
        (Profile("smtps://mail.example.org"), Profile("smtp://mail.example.org:465")),
        (Profile("smtps://mail.example.org:25"), Profile("smtp://mail.example.org:25")),
        (Profile("x.example:25", policy=IMPLICIT), Profile("smtp://x.example:25")),
        (Profile("x.example:25", policy=REQUIRED), Profile("smtps://x.example:25")),
        (Profile("lmtp://x.example"), Profile("lmtp://x.example:24", policy=IMPLICIT)),
        (Profile("lmtp://x.example:24", policy=IMPLICIT), Profile("lmtp://x.example:24")),
        (
            Profile("x.example", ca_file="ca.pem", hello="me"),
            Profile("smtps://x.example:25", ca_file="ca.pem", hello="me"),
        ),
        (Profile("practice"), Profile("practice-tls")),
        (Profile("practice-tls"), Profile("practice")),
        (Profile("unix:/run/lmtp"), None),
    ]
)
def test_the_same_place_in_the_other_way(profile: Profile, other: Profile | None):
    assert switched(profile) == other
    if other is not None and not profile.practising and profile.policy == NONE:
        assert switched(other) is not None


async def greets(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 plain.example.org ESMTP\r\n")
    await reader.read(-1)


async def test_a_plain_server_behind_smtps_is_told_and_a_key_speaks_to_it_in_clear():
    async with Stage().run() as stage:
        stage.serve = greets
        await stage.put(":connect smtps://mail.example.org:2600")
        await stage.until(lambda: stage.notices)
        [notice] = stage.notices
        assert "it is a mail server that starts without TLS" in notice
        assert ":switch (Ctrl+Y) connects without TLS: smtp://mail.example.org:2600." in notice
        await stage.press("f8")
        tab = stage.seen("#tls")
        assert ":switch (Ctrl+Y) connects to this port without TLS" in " ".join(tab.split())
        assert "220 plain.example.org ESMTP" in tab
        await stage.press("escape", "ctrl+y")
        await stage.greeted(3)
        assert "220 plain.example.org ESMTP" in stage.screen
        assert stage.app.connections.profile.target == "smtp://mail.example.org:2600"


async def test_a_tls_alert_in_clear_is_told_and_a_key_tries_tls():
    async def alert(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"\x15\x03\x01\x00\x02\x02\x0a")

    async with Stage().run() as stage:
        stage.serve = alert
        await stage.put(":connect mail.example.org:465")
        await stage.until(lambda: stage.session.connected)
        await stage.put("EHLO me")
        await stage.until(lambda: stage.notices)
        [notice] = stage.notices
        assert "This server speaks TLS from the first byte" in notice
        assert ":switch (Ctrl+Y) tries smtps://mail.example.org:465." in notice
        assert "First received: 15 03 01 00 02 02" in notice
        await stage.press("ctrl+y")
        await stage.until(
            lambda: stage.app.connections.profile.target == "smtps://mail.example.org:465"
        )


async def test_a_server_that_hangs_up_without_a_word_may_want_tls():
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()

    async with Stage().run() as stage:
        stage.serve = silent
        await stage.put(":connect mail.example.org:465")
        await stage.until(lambda: stage.session.connected)
        await stage.put("EHLO me")
        await stage.until(lambda: stage.notices)
        [notice] = stage.notices
        assert "closed the connection without sending anything" in notice
        assert ":switch (Ctrl+Y) tries smtps://mail.example.org:465." in notice


async def test_a_unix_socket_is_not_said_to_be_no_server():
    async with Stage().run() as stage:
        await stage.put(":connect smtp+unix:/nowhere/smtp")
        await stage.until(lambda: stage.app.connections.profile.target.startswith("smtp+unix"))
        await stage.settle()
        await stage.put(":switch")
        assert stage.notices[-1].startswith("A Unix socket cannot use TLS from the first byte")
