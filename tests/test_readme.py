"""README says what is so: its tables are those of the program, its examples run."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import click
from heloscope.app.actions import ACTIONS
from heloscope.app.cli import cli
from heloscope.app.dialogs.help import key_rows
from heloscope.session.events import (
    INJECTED,
    KIND_BITS,
    PIECE,
    SECRET,
    TLS,
    Cause,
    Connected,
    Disconnected,
    Kind,
    Note,
    TlsFailed,
    TlsStarted,
)
from heloscope.session.practice.server import PracticeServer
from heloscope.session.record import format as recording
from heloscope.session.record.transcript import Transcript

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def between(name: str) -> str:
    """What stands between <!-- name --> and <!-- /name -->."""
    return README.partition(f"<!-- {name} -->\n")[2].partition(f"<!-- /{name} -->")[0]


def block(name: str) -> str:
    """The code block behind <!-- name -->."""
    found = re.search(rf"<!-- {name} -->\n```\w+\n(.*?)```", README, re.DOTALL)
    assert found is not None, name
    return found[1]


def code(text: str) -> str:
    return f"`{text}`"


def keys_table() -> str:
    rows = ["| where | key | what it does |", "| --- | --- | --- |"]
    for heading, keys in key_rows():
        for number, (key, meaning) in enumerate(keys):
            where = heading if not number else ""
            rows.append(f"| {where} | {' '.join(map(code, key.split()))} | {meaning} |")
    return "\n".join(rows) + "\n"


def orders_table() -> str:
    rows = ["| order | what it does |", "| --- | --- |"]
    for order in ACTIONS.values():
        name = f":{order.name} {order.argument}".strip().replace("|", "\\|")
        rows.append(f"| {code(name)} | {order.summary} |")
    return "\n".join(rows) + "\n"


def test_the_table_of_keys_is_that_of_the_program():
    assert between("keys") == keys_table()


def test_the_table_of_orders_is_that_of_the_program():
    assert between("orders") == orders_table()


def test_the_command_line_is_that_of_the_program():
    context = click.Context(cli, info_name="heloscope", max_content_width=80)
    assert block("help") == cli.get_help(context) + "\n"


def test_every_file_that_is_named_is_there():
    linked = re.findall(r"\]\(([^)#]+)\)", README)
    named = re.findall(r"`((?:app|session|widgets|tests|screenshots)/[\w/.]+\.py)`", README)
    assert len(linked) > 5
    assert len(named) > 5
    assert [name for name in (*linked, *named) if not (ROOT / name).exists()] == []


def test_every_field_of_a_recording_is_described():
    transcript = Transcript()
    body = KIND_BITS[Kind.BODY]
    told = [
        recording.header(transcript, "host"),
        recording.rows(transcript, b"x", TLS | PIECE | INJECTED | SECRET, 2.0, 1, 1.0),
        recording.rows(transcript, b"\xff", body, 1.0, 2),
        recording.left_out(transcript, body, 1.0, 2, 3, "digest"),
        recording.fact(transcript, Connected(1.0, "peer", "address", "local")),
        recording.fact(transcript, Disconnected(1.0, Cause.RESET, "detail")),
        recording.fact(transcript, Note(1.0, "timeout", "text")),
        recording.fact(transcript, _full(TlsStarted)),
        recording.fact(transcript, _full(TlsFailed)),
    ]
    fields = {field for line in told for field in json.loads(line)}
    section = README.partition("## Recordings")[2].partition("\n## ")[0]
    columns = [row.split("|")[1] for row in section.splitlines() if row.startswith("| `")]
    described = {name for column in columns for name in re.findall(r"`(\w+)`", column)}
    assert described == fields


def _full(kind: type[TlsStarted] | type[TlsFailed]) -> TlsStarted | TlsFailed:
    """An event whose every field says something."""
    values = {"chain": (b"certificate",), "at": 1.0, "verify_code": 10}
    fields = {field: values.get(field, "x") for field in kind.__struct_fields__}
    return kind(**fields)  # pyright: ignore[reportArgumentType]


@contextlib.contextmanager
def practising() -> Iterator[PracticeServer]:
    """A practice server in a thread of its own."""
    loop = asyncio.new_event_loop()
    server = PracticeServer()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(server.start(), loop).result(30)
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(server.stop(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def run(example: str) -> tuple[str, PracticeServer]:
    """What an example prints, and the server that it was run on."""
    with practising() as server, contextlib.redirect_stdout(io.StringIO()) as said:
        exec(block(example).replace("2525", str(server.port)), {"__name__": "__main__"})
    return said.getvalue(), server


def test_the_example_of_session_runs():
    said, _ = run("session")
    assert "250 b'2.1.5 Alice Smith <alice@practice.test>' True" in said
    assert "C b'VRFY alice\\r\\n'" in said
    assert "StateChanged(" in said


def test_the_example_of_smtp_runs():
    said, server = run("smtp")
    [message] = server.mailboxes.of["alice"]
    assert message.content == b"Subject: hello\r\n\r\nHello Alice.\r\n"
    assert "S b'354 " in said


def test_the_example_of_the_stepper_runs():
    said, server = run("stepper")
    assert "stopped on 5xx 550 b'5.1.1 " in said
    assert "{'nobody@practice.test': (550, b'5.1.1 " in said
    [message] = server.mailboxes.of["alice"]
    assert message.sender == "me@example.org"
