"""Clients at the practice server's ports, over real sockets, and what subscribers receive."""

from __future__ import annotations

import asyncio
import contextlib
import smtplib
import ssl
from collections.abc import AsyncIterator, Callable

import pytest
from heloscope.session.practice.clients import ConnectedClients
from heloscope.session.practice.diagnosis import Diagnosis
from heloscope.session.practice.events import ClientSaid
from heloscope.session.practice.limits import SUMMARIES
from heloscope.session.practice.server import PracticeServer
from support.practice_server import TRANSACTION, Client

SOON = 0.05  # seconds of silence that are enough here
LONG = 60.0  # ... and that no test waits for
CORRECT = (
    "From: alice@client.example\r\nDate: Mon, 5 Jan 2026 10:00:00 +0000\r\n\r\n.dot\r\nHello\r\n"
)


class Watched:
    """A server, and the diagnoses so far."""

    def __init__(self, server: PracticeServer) -> None:
        self.server = server
        self.told: list[Diagnosis] = []
        server.clients.subscribe(self.told.append)

    @contextlib.asynccontextmanager
    async def client(self, port: int = 0) -> AsyncIterator[Client]:
        reader, writer = await asyncio.open_connection(self.server.host, port or self.server.port)
        client = Client(reader, writer)
        try:
            yield client
        finally:
            await client.close()

    async def until(self, *rules: str) -> None:
        """Wait until these rules, and no others, have been diagnosed."""
        async with asyncio.timeout(10):
            while [each.rule for each in self.told] != list(rules):
                assert len(self.told) <= len(rules), self.told
                await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def watched(patience: float) -> AsyncIterator[Watched]:
    server = PracticeServer(patience=patience)
    await server.start()
    try:
        yield Watched(server)
    finally:
        await server.stop()


async def test_smtplib_is_a_correct_client_without_and_within_tls():
    def deliver(port: int, tls_port: int) -> None:
        context = ssl._create_unverified_context()  # what this client trusts is not the question
        with smtplib.SMTP("127.0.0.1", port, local_hostname="client.example") as smtp:
            smtp.sendmail("alice@client.example", ["bob@practice.test"], CORRECT)
            smtp.starttls(context=context)
            smtp.login("alice", "wonderland")
            smtp.sendmail("alice@client.example", ["bob@practice.test"], CORRECT)
        with smtplib.SMTP_SSL(
            "127.0.0.1", tls_port, local_hostname="client.example", context=context
        ) as smtp:
            smtp.sendmail("alice@client.example", ["bob@practice.test"], CORRECT)

    async with watched(LONG) as at:
        await asyncio.to_thread(deliver, at.server.port, at.server.tls_port)
        assert at.told == []
        first, second = at.server.clients.summaries
        assert (first.name, first.messages, first.tls) == ("client.example", 2, "TLSv1.3")
        assert (second.implicit_tls, second.messages, second.tls) == (True, 1, "TLSv1.3")


async def test_a_hanging_client_is_reported_once_and_again_after_it_has_moved():
    async with watched(SOON) as at, at.client() as client:
        await at.until("your-turn")
        await client.reply()
        await client.send(b"EHLO client")
        await at.until("your-turn", "no-line-end")
        await asyncio.sleep(3 * SOON)
        await client.send(b".example")
        await at.until("your-turn", "no-line-end")  # the same again is counted
        await client.send(b"\r\n")
        await at.until("your-turn", "no-line-end", "idle")
        assert at.told[-1].seen == (
            "nothing for 0.05 seconds after the 250 reply to EHLO (12 lines)"
        )
        assert {each.connection for each in at.told} == {1}
        host, port = client.writer.get_extra_info("sockname")
        assert at.told[0].peer == f"{host}:{port}"


class Clock:
    """An event loop that provides only timers."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timers: list[tuple[float, Callable[[], object]]] = []

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, callback: Callable[[], object]) -> object:
        timer = (self.now + delay, callback)
        self.timers.append(timer)
        return timer

    def advance(self, seconds: float) -> None:
        self.now += seconds
        due = [each for each in self.timers if each[0] <= self.now]
        self.timers = [each for each in self.timers if each[0] > self.now]
        for _, callback in due:
            callback()


def test_silence_is_counted_from_the_last_octet_by_one_timer(monkeypatch: pytest.MonkeyPatch):
    clock = Clock()
    monkeypatch.setattr(asyncio, "get_running_loop", lambda: clock)
    clients = ConnectedClients(lambda: 0.0, patience=5.0)
    told: list[str] = []
    clients.subscribe(lambda each: told.append(each.rule))
    watch = clients.watch(asyncio.BaseTransport(), number=1, implicit_tls=False)
    watch.sent(b"220 hi\r\n")
    for _ in range(10):
        clock.advance(4.0)
        watch.received(b"NOOP\r\n")
        watch.sent(b"250 ok\r\n")
        assert len(clock.timers) == 1
    assert told == []
    clock.advance(4.5)
    assert told == []
    clock.advance(0.6)
    assert (told, clock.timers) == (["idle"], [])  # no timer runs until something happens
    watch.received(b"NO")
    clock.advance(5.0)
    assert told == ["idle", "no-line-end"]


async def test_the_end_of_a_client_is_noticed():
    async with watched(LONG) as at:
        async with at.client() as client:
            await client.reply()
            await client.say("EHLO client.example")
        await at.until("no-quit")
        [summary] = at.server.clients.summaries
        assert summary.ended is not None


async def test_a_client_whose_server_stops_is_not_blamed():
    async with watched(LONG) as at:
        async with at.client() as client:
            await client.reply()
            await client.say("EHLO client.example")
            await at.server.stop()
        assert at.told == []


async def test_a_server_that_disconnects_is_not_the_fault_of_its_client():
    server = PracticeServer(scenario="hang-up", patience=LONG)
    await server.start()
    at = Watched(server)
    async with at.client() as client:
        await client.reply()
        for line in TRANSACTION:
            await client.say(line)
        assert await client.reply() == []
    await server.stop()
    assert at.told == []


async def test_mail_that_the_server_passes_on_is_not_a_client_of_its_own():
    async with watched(LONG) as at, at.client(at.server.second_port) as client:
        await client.reply()
        await client.say("nonsense")
        assert at.told == [] and at.server.clients.summaries == ()


async def test_the_log_of_the_server_has_the_diagnoses_among_its_events():
    async with watched(LONG) as at, at.client() as client:
        events: list[object] = []
        at.server.subscribe(events.append)
        await client.reply()
        await client.say("ELHO client.example")
        await at.until("unknown-command")
        [told] = [event for event in events if isinstance(event, Diagnosis)]
        [said] = [event for event in events if isinstance(event, ClientSaid)]
        assert told == at.told[0] and told.connection == said.connection


@pytest.mark.parametrize(
    "lines",
    [
        [" AUTH PLAIN AHh4AHcwbmRlckxhbmQ="],
        ["AUTHPLAIN AHh4AHcwbmRlckxhbmQ="],
        ["AUTH: PLAIN AHh4AHcwbmRlckxhbmQ="],
        ["NOOP AHh4AHcwbmRlckxhbmQ="],
        ["LOGIN alice w0nderLand"],
        ["AUTH LOGIN", "eHh4eHh4", "w0nderLand"],  # sent on, although AUTH was refused
        ["AUTH LOGIN", "alice", "w0nderLand"],
        ["AUTH LOGIN", "eHh4eHh4", "dzBuZGVyTGFuZA== "],
        ["AUTH LOGIN", "eHh4eHh4", "dzBuZGVyTGFuZA==\0"],
        ["AUTH LOGIN", "eHh4eHh4\rdzBuZGVyTGFuZA=="],
        ["AUTH PLAIN AHh4AHcwbmRlckxhbmQ=", "VRFY w0nderLand"],
    ],
)
async def test_the_log_of_the_server_has_no_password_however_it_was_sent(lines: list[str]):
    async with watched(LONG) as at, at.client() as client:
        events: list[object] = []
        at.server.subscribe(events.append)
        await client.reply()
        await client.say("EHLO client.example")
        for line in lines:
            await client.say(line)
        assert len([each for each in events if isinstance(each, ClientSaid)]) == len(lines) + 1
        log = repr((events, at.told)).upper()
        for secret in ("w0nderLand", "dzBuZGVyTGFuZA", "AHcwbmRlckxhbmQ"):
            assert secret.upper() not in log


async def test_a_greeting_waited_for_on_the_port_for_tls_is_diagnosed():
    async with watched(SOON) as at, at.client(at.server.tls_port) as client:
        await at.until("tls-silent")
        await client.send(b"EHLO client.example\r\n")
        await at.until("tls-silent", "clear-on-tls-port")


async def test_a_command_in_place_of_the_handshake_is_diagnosed():
    async with watched(LONG) as at, at.client() as client:
        await client.reply()
        await client.say("EHLO client.example")
        await client.say("STARTTLS")
        await client.send(b"EHLO client.example\r\n")
        await at.until("clear-on-tls-port")


async def test_a_client_that_does_not_trust_the_certificate_learns_why_there_is_no_tls():
    def connect(port: int) -> None:
        with pytest.raises(ssl.SSLCertVerificationError):
            smtplib.SMTP_SSL("127.0.0.1", port, context=ssl.create_default_context())

    async with watched(LONG) as at:
        await asyncio.to_thread(connect, at.server.tls_port)
        await at.until("certificate-refused")
        assert at.told[0].seen == "the client ended the TLS handshake (tlsv1 alert unknown ca)"


async def test_a_client_that_leaves_within_the_handshake_is_pointed_to_its_own_words():
    async with watched(LONG) as at:
        async with at.client() as client:
            await client.reply()
            await client.say("HELO client.example")
            await client.say("STARTTLS")
        await at.until("handshake-failed")
        assert at.told[0].seen == "the TLS handshake failed (the client closed the connection)"


async def test_the_last_connections_are_kept_and_one_subscriber_does_not_stop_another(
    caplog: pytest.LogCaptureFixture,
):
    async with watched(LONG) as at:
        clients = at.server.clients
        seen: list[str] = []

        def bad(diagnosis: Diagnosis) -> None:
            raise ValueError("no")

        end = clients.subscribe(bad)
        end_seen = clients.subscribe(lambda each: seen.append(each.rule))
        async with at.client() as client:
            await client.reply()
            await client.say("ELHO client.example")
            await at.until("unknown-command")
            assert "exception in subscriber" in caplog.text
            end()
            end_seen()
            await client.say("HELO")
            await at.until("unknown-command", "no-name")
            assert seen == ["unknown-command"]
        for number in range(2, SUMMARIES + 3):
            clients.watch(asyncio.BaseTransport(), number=number, implicit_tls=False).closed(None)
        numbers = [each.number for each in clients.summaries]
        assert numbers == list(range(3, SUMMARIES + 3))


async def test_an_error_in_the_observation_does_not_reach_the_client(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    from heloscope.session.practice.observer import ConnectionObserver

    def broken(self: ConnectionObserver, data: bytes, at: float) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(ConnectionObserver, "received", broken)
    async with watched(LONG) as at, at.client() as client:
        await client.reply()
        assert await client.code("HELO client.example") == "250 practice.test"
        assert "error while observing client 1" in caplog.text
