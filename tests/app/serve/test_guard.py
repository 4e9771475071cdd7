"""The sandbox of a visitor's process allows what it should and refuses everything else."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

from heloscope.app.serve.guard import Guard
from heloscope.app.serve.throttle import AT_ONCE, EACH_SECOND, LEAST, Throttle

TRIES = r"""
import json, os, resource, socket, subprocess, sys, tempfile
from pathlib import Path
from heloscope.app.serve.guard import raise_wall

outside, elsewhere = sys.argv[1], int(sys.argv[2])
listener = socket.create_server(("127.0.0.1", 0))
own = listener.getsockname()[1]
raise_wall(os.getcwd(), 1024, lambda: {own})

def connect(family, address):
    with socket.socket(family) as sock:
        sock.settimeout(1)
        sock.connect(address)

tries = {
    "write in its folder": lambda: Path("x").write_text("x"),
    "a temporary folder": lambda: tempfile.TemporaryDirectory().cleanup(),
    "import": lambda: __import__("heloscope.session.practice.server"),
    "connect to itself": lambda: connect(socket.AF_INET, ("127.0.0.1", own)),
    "listen on loopback": lambda: socket.create_server(("127.0.0.1", 0)),
    "read a file": lambda: Path(outside, "secret").read_text(),
    "read by another way": lambda: Path(f"../{os.path.basename(outside)}/secret").read_text(),
    "follow a link": lambda: Path("link").read_text(),
    "write a file": lambda: Path(outside, "new").write_text("x"),
    "list a folder": lambda: os.listdir(outside),
    "scan a folder": lambda: [*os.scandir(outside)],
    "make a folder": lambda: os.mkdir(os.path.join(outside, "new")),
    "remove a file": lambda: os.unlink(os.path.join(outside, "secret")),
    "rename to outside": lambda: os.rename("x", os.path.join(outside, "new")),
    "rename from outside": lambda: os.rename(os.path.join(outside, "secret"), "y"),
    "link to outside": lambda: os.symlink(outside, "z"),
    "the environment of others": lambda: Path("/proc/1/environ").read_bytes(),
    "connect elsewhere": lambda: connect(socket.AF_INET, ("127.0.0.1", elsewhere)),
    "connect far away": lambda: connect(socket.AF_INET, ("192.0.2.1", own)),
    "connect by IPv6": lambda: connect(socket.AF_INET6, ("::ffff:127.0.0.1", elsewhere)),
    "connect to a socket of the machine": lambda: connect(socket.AF_UNIX, outside + "/socket"),
    "listen for others": lambda: socket.create_server(("0.0.0.0", 0)),
    "a name": lambda: socket.getaddrinfo("localhost", 25),
    "the name of the host": lambda: socket.getfqdn(),
    "send a datagram": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(
        b"x", ("127.0.0.1", 53)),
    "a shell": lambda: os.system("true"),
    "a program": lambda: subprocess.run(["true"]),
    "fork": lambda: os._exit(0) if os.fork() == 0 else os.wait(),
    "exec": lambda: os.execv(sys.executable, ["python", "-c", "pass"]),
    "a signal": lambda: os.kill(os.getppid(), 0),
    "another folder": lambda: os.chdir("/"),
    "more memory": lambda: resource.setrlimit(resource.RLIMIT_AS, (-1, -1)),
    "a huge file": lambda: Path("huge").write_bytes(bytes(17 * 1024 * 1024)),
    "huge memory": lambda: len(bytes(2 * 1024**3)),
}
found = {}
for name, attempt in tries.items():
    try:
        attempt()
        found[name] = "done"
    except (OSError, MemoryError) as error:
        found[name] = type(error).__name__
os.write(1, json.dumps(found).encode())
"""
DONE = {"write in its folder", "a temporary folder", "import", "connect to itself",
        "listen on loopback"}  # fmt: skip
LIMITED = {"a huge file": "OSError", "huge memory": "MemoryError"}


def test_a_visitor_reaches_its_own_folder_and_server_and_nothing_else(tmp_path: Path):
    home, outside = tmp_path / "home", tmp_path / "outside"
    home.mkdir()
    outside.mkdir()
    (outside / "secret").write_text("a secret")
    (home / "link").symlink_to(outside / "secret")
    with (
        socket.create_server(("127.0.0.1", 0)) as other,
        socket.socket(socket.AF_UNIX) as local,
    ):
        local.bind(str(outside / "socket"))
        local.listen()
        done = subprocess.run(
            [sys.executable, "-P", "-c", TRIES, str(outside), str(other.getsockname()[1])],
            cwd=home, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout)
    wanted = {name: LIMITED.get(name, "PermissionError") for name in found}
    assert found == wanted | dict.fromkeys(DONE, "done")
    assert sorted(path.name for path in outside.iterdir()) == ["secret", "socket"]


def test_a_folder_whose_name_only_begins_alike_is_another_one(tmp_path: Path):
    guard = Guard(str(tmp_path / "home"), [], lambda: ())
    guard("open", (str(tmp_path / "home" / "x"), "w", 1))
    for path in ("home-of-another/x", "home/../x"):
        try:
            guard("open", (str(tmp_path / path), "r", 0))
        except PermissionError:
            continue
        raise AssertionError(f"{path} could be read")


def test_who_sends_too_much_waits():
    now = [0.0]
    throttle = Throttle(lambda: now[0])
    assert throttle.delay(AT_ONCE) == 0.0
    assert throttle.delay(EACH_SECOND) == 1.0
    now[0] = 2.0
    assert throttle.delay(EACH_SECOND) == 0.0
    assert throttle.delay(EACH_SECOND) == 1.0
    now[0] = 1000.0
    assert [throttle.delay(1) for _ in range(AT_ONCE // LEAST)] == [0.0] * (AT_ONCE // LEAST)
    assert throttle.delay(1) == LEAST / EACH_SECOND  # many short ones are too much, too
