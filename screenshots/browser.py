"""Takes browser.png in Chromium: `.venv/bin/python screenshots/browser.py [FILE]`.

This needs the Debian packages chromium and chromium-driver. Fonts differ from machine to machine,
and therefore so does the picture. The other pictures in this folder are exported by Textual and do
not differ.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

from support.browser import chromium  # noqa: E402
from support.serving import serving  # noqa: E402

ENTER = "\ue007"
LINES = ("EHLO me", "MAIL FROM:<you@example.org>", "RCPT TO:<nobody@practice.test>")
STARTED = "return document.body.classList.contains('-first-byte')"


def main(file: Path) -> None:
    """Open the page, type a few commands, and take the picture."""
    with serving() as served, chromium() as browser:
        browser.open(served.url)
        browser.until(lambda: browser.script(STARTED), "the terminal")
        time.sleep(6)  # until the welcome is gone
        for line in LINES:
            browser.type(line + ENTER)
            time.sleep(1)
        file.write_bytes(browser.picture())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "browser.png")
