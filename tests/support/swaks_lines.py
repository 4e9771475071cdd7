"""Lines of a shell that run swaks, with a program in its place, and what a server hears of it."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
from pathlib import Path

SWAKS = shutil.which("swaks")
OURS = f"{sys.executable} -m heloscope.app swaks"


async def run(program: str, line: str, port: int, folder: Path) -> tuple[int, bytes]:
    """(exit status, output) of `program` in place of swaks; PORT and names in FOLDER are put in."""
    shell = re.sub(r"(?<![\w@])(@?)(BODY|LETTER|CA)\b", rf"\1{folder}/\2", line)
    shell = re.sub(r"\bswaks\b", program, shell.replace("PORT", str(port)), count=1)
    process = await asyncio.create_subprocess_shell(
        shell, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT, env={**os.environ, "HOME": str(folder)},
        cwd=folder,
    )  # fmt: skip
    output, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode is not None
    return process.returncode, output


def divided(heard: list[bytes]) -> tuple[list[str], bytes]:
    """(the commands, the message) of the lines that a server has heard."""
    lines = [line.decode("utf-8", "surrogateescape").rstrip("\r\n") for line in heard]
    if b"DATA\r\n" not in heard or b".\r\n" not in heard:
        return lines, b""
    at = heard.index(b"DATA\r\n") + 1
    end = heard.index(b".\r\n", at)
    return lines[:at] + lines[end + 1 :], b"".join(heard[at:end])


def comparable(message: bytes) -> bytes:
    """The message without what differs each time: date, Message-Id, boundary, and the program."""
    message = re.sub(rb"(?m)^(Date:|Message-Id:|X-Mailer:) .*?\r$", rb"\1\r", message)
    message = re.sub(rb"(?m)^(Subject: test ).*?\r$", rb"\1\r", message)
    return re.sub(rb"(_MIME_BOUNDARY_\d+_)\w+", rb"\1", message)
