"""Modules that msgspec would import are imported when first used, and work as usual."""

from __future__ import annotations

import json
import subprocess
import sys

LEAN = """
import json, sys
from heloscope.app.cli.lean_msgspec import import_msgspec
import_msgspec()
import msgspec

class Row(msgspec.Struct):
    "A row."
    at: int = 1

before = sorted(sys.modules)
said = [
    msgspec.json.encode(Row()).decode(),
    msgspec.toml.decode(b"at = 2", type=Row).at,
    msgspec.msgpack.decode(msgspec.msgpack.encode(Row(3)), type=Row).at,
    msgspec.json.schema(Row)["$defs"]["Row"]["description"],
    type(msgspec.inspect.type_info(int)).__name__,
]
import msgspec.inspect, platform, textwrap
said.append([msgspec.inspect.IntType.__name__, platform.system(), textwrap.dedent(" a")])
print(json.dumps([before, said, sorted(sys.modules)]))
"""
LATER = {"msgspec.inspect", "msgspec.msgpack", "msgspec.toml", "msgspec.yaml", "textwrap"}


def test_what_is_not_imported_at_first_is_imported_when_it_is_asked_for():
    done = subprocess.run([sys.executable, "-c", LEAN], capture_output=True, text=True, check=True)
    before, said, after = json.loads(done.stdout)
    assert not (LATER | {"platform", "typing_extensions"}) & set(before)
    assert {"msgspec", "msgspec.json", "msgspec.structs"} <= set(before)
    system = subprocess.run(
        [sys.executable, "-c", "import platform; print(platform.system())"],
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    assert said == ['{"at":1}', 2, 3, "A row.", "IntType", ["IntType", system, "a"]]
    assert set(after) >= LATER - {"msgspec.yaml"}
