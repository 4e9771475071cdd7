"""The name that a client gives in EHLO: a full name, else an address literal, and soon."""

from __future__ import annotations

import asyncio
import socket
import threading

import pytest
from heloscope.session.net.hostname import host_name, own_name


def test_a_full_name_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(socket, "getfqdn", lambda: "me.example.org")
    assert own_name() == "me.example.org"


def test_without_one_the_address_is_given_as_a_literal(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(socket, "getfqdn", lambda: "me")
    monkeypatch.setattr(socket, "gethostbyname", lambda name: "192.0.2.1")
    assert own_name() == "[192.0.2.1]"


@pytest.mark.parametrize("error", [socket.gaierror("no"), UnicodeError("no")])
def test_a_name_that_cannot_be_looked_up_leaves_loopback(
    monkeypatch: pytest.MonkeyPatch, error: Exception
):
    def fails(*_: object) -> str:
        raise error

    monkeypatch.setattr(socket, "getfqdn", lambda: "me")
    monkeypatch.setattr(socket, "gethostbyname", fails)
    assert own_name() == "[127.0.0.1]"


async def test_it_is_looked_up_in_a_thread(monkeypatch: pytest.MonkeyPatch):
    threads: list[str] = []

    def name() -> str:
        threads.append(threading.current_thread().name)
        return "me.example.org"

    monkeypatch.setattr(socket, "getfqdn", name)
    assert await host_name() == "me.example.org"
    assert threads == ["own-name"]


async def test_a_resolver_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch):
    release = threading.Event()
    monkeypatch.setattr(socket, "getfqdn", lambda: str(release.wait(10)) + ".late")
    try:
        assert await host_name(limit=0.01) == "[127.0.0.1]"
    finally:
        release.set()


def test_a_name_that_comes_after_the_end_of_the_loop_disturbs_nobody(
    monkeypatch: pytest.MonkeyPatch,
):
    release = threading.Event()
    monkeypatch.setattr(socket, "getfqdn", lambda: str(release.wait(10)) + ".late")
    assert asyncio.run(host_name(limit=0.01)) == "[127.0.0.1]"
    release.set()
    for thread in threading.enumerate():
        if thread.name == "own-name":
            thread.join(10)
