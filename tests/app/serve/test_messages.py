"""Only messages of the known types are accepted from a browser's WebSocket."""

from __future__ import annotations

import json

import pytest
from heloscope.app.serve.messages import Focused, Ping, Resized, Typed, read
from support.rows import for_each


@for_each(
    [
        (["stdin", "EHLO é\r"], Typed("EHLO é\r".encode())),
        (["resize", {"width": 100, "height": 30}], Resized(100, 30)),
        (["resize", {"width": 10**9, "height": -1}], Resized(500, 5)),
        (["ping", "1790000000000"], Ping("1790000000000")),
        (["focus"], Focused(True)),
        (["blur"], Focused(False)),
    ]
)
def test_keys_mouse_size_and_focus_are_heard(sent: object, heard: object):
    assert read(json.dumps(sent)) == heard


@for_each(
    [
        ["stdin"],
        ["stdin", 5],
        ["stdin", {"type": "deliver_chunk_request"}],
        ["resize", {"width": "100", "height": 30}],
        ["resize", {"width": 1e3, "height": 30}],
        ["ping", "x" * 65],
        ["meta", {"type": "deliver_chunk_request", "key": "x", "size": 1}],
        ["deliver_chunk_request", {"key": "x", "size": 1}],
        ["open_url", {"url": "file:///etc/passwd", "new_tab": True}],
        ["quit"],
        [{"type": "quit"}],
        [None, None],
    ]
)
def test_nothing_else_is_heard(sent: object):
    assert read(json.dumps(sent)) is None


@for_each(["", "{}", "[]", "null", "stdin", "[" * 100_000, '["stdin", "\\ud800"]', "\x00"])
def test_what_is_no_message_is_an_error(text: str):
    with pytest.raises(ValueError):
        read(text)
