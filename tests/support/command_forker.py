"""Forks itself for each command requested on standard input, which is a socket (see `commands`).

A command is a line of JSON that comes with three streams; its exit status is sent back.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import socket
import sys
import time
import traceback
from collections.abc import Mapping, Sequence

# What the commands that are tested so import as they run. No Textual: it reads its environment.
MODULES = (
    "asyncio", "email.message", "encodings.idna", "smtplib", "sqlite3", "ssl",
    *(f"heloscope.app.{name}" for name in (
        "__main__", "cli.compare", "cli.compare_report", "cli.configured", "cli.delivery",
        "cli.history", "cli.history_again", "cli.main", "cli.message", "cli.probe",
        "cli.probe_report", "cli.probing", "cli.quick", "cli.run", "cli.script_client",
        "cli.script_run",
        "cli.send", "cli.swaks", "cli.swaks_delivery", "recordings.compared", "recordings.opened",
        "script.connector", "script.runner", "script.verdicts",
    )),
    *(f"heloscope.session.{name}" for name in (
        "aio.session", "archive.index", "comparison.diff", "driver.login",
        "facts.explain.reading", "findings.server", "foreign.formats", "record.journal",
        "sasl.scram", "sasl.selection", "sync.session", "sync.tls_handshake", "tls.handshake",
    )),
)  # fmt: skip


def main() -> None:
    """Fork for each command until the socket is closed."""
    for name in MODULES:
        importlib.import_module(name)
    gc.freeze()
    with socket.socket(fileno=os.dup(0)) as asked:
        while True:
            line, streams, *_ = socket.recv_fds(asked, 1 << 16, 3)
            while line and not line.endswith(b"\n"):
                line += asked.recv(1 << 16)
            if not line:
                return
            command = json.loads(line)
            child = os.fork()
            if not child:
                asked.close()
                _carry_out(command["arguments"], command["environment"], command["folder"], streams)
            for stream in streams:
                os.close(stream)
            _, status = os.waitpid(child, 0)
            asked.sendall(b"%d" % os.waitstatus_to_exitcode(status))


def _carry_out(
    arguments: Sequence[str], environment: Mapping[str, str], folder: str, streams: Sequence[int]
) -> None:
    """Run a command in this process, to its end."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    sys.argv = ["heloscope", *arguments]
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 - as long as the process
    sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", 1, errors="backslashreplace", closefd=False)  # noqa: SIM115
    from heloscope.app.__main__ import run

    status = 0
    try:
        run()
    except SystemExit as left:
        status = left.code if isinstance(left.code, int) else int(left.code is not None)
    except BaseException:
        traceback.print_exc()
        status = 1
    atexit._run_exitfuncs()  # heloscope ends in one of them
    sys.stdout.flush()
    os._exit(status)


if __name__ == "__main__":
    main()
