"""The practice server as a separate program, for benchmarks of commands that need any server."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator


@contextlib.contextmanager
def practising() -> Iterator[tuple[str, str]]:
    """Run `heloscope practice`, and yield its host:port and the file of its CA."""
    server = subprocess.Popen(
        [sys.executable, "-m", "heloscope.app", "practice", "--json"], stdout=subprocess.PIPE
    )
    try:
        assert server.stdout is not None
        places = json.loads(server.stdout.readline())
        # It says an event a line: where nobody reads, it stops once the pipe is full.
        threading.Thread(target=server.stdout.read, daemon=True).start()
        yield places["smtp"], places["ca"]
    finally:
        server.terminate()
        server.wait()
