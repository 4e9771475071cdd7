"""The lists of servers and keys look as in their pictures: narrow and wide, full and empty.

When a picture is meant to change: pytest tests/app/test_settings_snapshots.py -n 0
--snapshot-update, then look at it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from heloscope.app.config.reader import load
from support.stage import NARROW, WIDE, Stage

FILE = """\
[servers.office]
target = "mail.example.org:587"
tls = "required"
user = "alice"
secret = {command = ["pass", "mail"]}
ehlo = "me.example.org"
[servers.mx]
target = "mx.example.net"
[keys]
reconnect = "ctrl+e"
mailbox = ""
"""
SERVERS, KEYS = ":settings servers", ":settings keys"


@pytest.mark.parametrize(
    ("size", "order", "keys", "text"),
    [
        pytest.param(NARROW, SERVERS, (), FILE, id="servers"),
        pytest.param(WIDE, SERVERS, (), FILE, id="servers-wide"),
        pytest.param(NARROW, SERVERS, (), "", id="servers-empty"),
        pytest.param(NARROW, SERVERS, ("enter",), FILE, id="server"),
        pytest.param(WIDE, SERVERS, ("n", "enter"), FILE, id="server-refused-wide"),
        pytest.param(NARROW, KEYS, (), FILE, id="keys"),
        pytest.param(WIDE, KEYS, ("slash", *"run", "enter", "enter", "f9"), FILE,
                     id="keys-clash-wide"),
    ],
)  # fmt: skip
def test_it_looks_as_it_did(
    size: tuple[int, int],
    order: str,
    keys: tuple[str, ...],
    text: str,
    tmp_path: Path,
    snap_compare: Callable[..., bool],
) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text)
    file.chmod(0o600)

    async def steps(stage: Stage) -> None:
        await stage.put(order)
        await stage.press(*keys)
        await stage.handled()

    stage = Stage(configuration=load(file))
    with stage.set_up():
        assert snap_compare(stage.app, terminal_size=size, run_before=stage.directed(steps))
