"""Headless Chromium, driven by ChromeDriver (W3C WebDriver) with only the standard library.

Both are in Debian's packages chromium and chromium-driver. Tests that need them are skipped if they
are not installed.
"""

from __future__ import annotations

import base64
import contextlib
import json
import re
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FOUND = CHROMIUM is not None and DRIVER is not None
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--window-size=1200,800", "--force-device-scale-factor=1", "--disable-dev-shm-usage",
)  # fmt: skip
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # by which WebDriver names an element
PATIENCE = 30.0  # seconds
_SCREEN = """
const rows = [...document.querySelectorAll('.xterm-accessibility-tree > div')];
return rows.map(row => row.textContent).join('\\n');
"""


class Browser:
    """A browser window. `script` runs JavaScript in its page."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._session = ""

    def ask(self, method: str, path: str, content: dict[str, Any] | None = None) -> Any:
        """Send a request to ChromeDriver, and return the value in its reply.

        Raises urllib.error.HTTPError if ChromeDriver reports an error.
        """
        data = None if content is None else json.dumps(content).encode()
        request = urllib.request.Request(
            f"{self._base}{self._session}{path}", data, {"Content-Type": "application/json"},
            method=method,
        )  # fmt: skip
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)["value"]

    def begin(self, profile: str) -> None:
        """Open the window. The browser stores its profile in the folder `profile`."""
        options = {"binary": CHROMIUM, "args": [*FLAGS, f"--user-data-dir={profile}"]}
        wanted = {
            "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL"},
            "unhandledPromptBehavior": "accept",
        }
        found = self.ask("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self._session = f"/session/{found['sessionId']}"

    def open(self, url: str) -> None:
        """Open a URL in the window."""
        self.ask("POST", "/url", {"url": url})

    def script(self, text: str, *arguments: object) -> Any:
        """Run JavaScript in the page, and return its result."""
        return self.ask("POST", "/execute/sync", {"script": text, "args": [*arguments]})

    def type(self, text: str) -> None:
        """Press the keys that type `text`. Code points stand for special keys: U+E007 is Enter."""
        presses = [{"type": way, "value": key} for key in text for way in ("keyDown", "keyUp")]
        keys = {"type": "key", "id": "keyboard", "actions": presses}
        self.ask("POST", "/actions", {"actions": [keys]})

    def picture(self) -> bytes:
        """Return what the window shows, as a PNG."""
        return base64.b64decode(self.ask("GET", "/screenshot"))

    def complaints(self) -> list[str]:
        """Return the errors that the page has written to the console since the last call."""
        log = self.ask("POST", "/se/log", {"type": "browser"})
        return [entry["message"] for entry in log if entry["level"] == "SEVERE"]

    def until(self, holds: Callable[[], Any], what: str) -> Any:
        """Wait until `holds` returns something true, and return that value.

        `what` says what is awaited, for the error message.
        """
        end = time.monotonic() + PATIENCE
        while not (found := holds()):
            assert time.monotonic() < end, f"not seen: {what}"
            time.sleep(0.05)
        return found


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Open a Chromium window. At the end, close the window and everything that belongs to it."""
    assert DRIVER is not None
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile,
        subprocess.Popen(
            [DRIVER, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as driver,
    ):
        try:
            assert driver.stdout is not None
            port = next(
                found[1] for line in driver.stdout if (found := re.search(r"on port (\d+)\.", line))
            )
            browser = Browser(f"http://127.0.0.1:{port}")
            browser.begin(profile)
            try:
                yield browser
            finally:
                browser.ask("DELETE", "")
        finally:
            driver.terminate()
