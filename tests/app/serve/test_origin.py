"""A WebSocket is accepted only from our own pages, and a server answers only to its own names."""

from __future__ import annotations

from heloscope.app.serve.origin import answers_to, is_loopback, same_origin
from support.rows import for_each


@for_each(
    [
        ("http://127.0.0.1:8000", "127.0.0.1:8000", True),
        ("http://LOCALHOST:8000", "localhost:8000", True),
        ("http://teacher.example", "teacher.example", True),
        ("https://teacher.example", "teacher.example", True),
        ("http://127.0.0.1:8001", "127.0.0.1:8000", False),
        ("http://evil.example", "127.0.0.1:8000", False),
        ("http://127.0.0.1.evil.example:8000", "127.0.0.1:8000", False),
        ("http://127.0.0.1:8000@evil.example", "127.0.0.1:8000", False),
        ("null", "127.0.0.1:8000", False),
        ("", "127.0.0.1:8000", False),
        ("http://127.0.0.1:x", "127.0.0.1:x", False),
        (None, "127.0.0.1:8000", True),
    ]
)
def test_a_websocket_belongs_to_a_page_of_the_same_server(
    origin: str | None, host: str, same: bool
):
    assert same_origin(origin, host) is same


@for_each(
    [
        ("127.0.0.1:8000", True),
        ("localhost", True),
        ("[::1]:8000", True),
        ("evil.example:8000", False),
        ("localhost.evil.example", False),
        ("192.0.2.1", False),
        ("", False),
    ]
)
def test_on_loopback_a_stranger_name_is_not_answered_to(host: str, answered: bool):
    assert answers_to(host, loopback=True) is answered
    assert answers_to(host, loopback=False)


def test_what_is_loopback():
    assert [*map(is_loopback, ("127.0.0.1", "::1", "localhost", "127.8.8.8"))] == [True] * 4
    assert [*map(is_loopback, ("0.0.0.0", "::", "192.0.2.1", "example.org"))] == [False] * 4
