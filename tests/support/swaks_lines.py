"""Runs shell lines for swaks with another program, and shows what a server receives from it."""

from __future__ import annotations

import asyncio
import os
import re
import shlex
import shutil
from pathlib import Path

from support.commands import heloscope

SWAKS = shutil.which("swaks")
OURS = "heloscope swaks"


async def run(program: str, line: str, port: int, folder: Path) -> tuple[int, bytes]:
    """Run a line with `program` instead of swaks, and return its exit status and output.

    The port and the names of files in FOLDER are filled in.
    """
    shell = re.sub(r"(?<![\w@])(@?)(BODY|LETTER|CA)\b", rf"\1{folder}/\2", line)
    shell = shell.replace("PORT", str(port))
    if program == OURS:
        return await _run_ours(shlex.split(shell), folder)
    process = await asyncio.create_subprocess_shell(
        re.sub(r"\bswaks\b", program, shell, count=1), stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, "HOME": str(folder)}, cwd=folder,
    )  # fmt: skip
    output, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode is not None
    return process.returncode, output


async def _run_ours(words: list[str], folder: Path) -> tuple[int, bytes]:
    """Run `NAME=VALUE... swaks WORD... [< FILE]` as a shell would, but without a shell."""
    at = words.index("swaks")
    environment = dict(word.split("=", 1) for word in words[:at])
    words, given = words[at:], b""
    if "<" in words:
        given = Path(words[-1]).read_bytes()
        words = words[: words.index("<")]
    status, out, err = await heloscope(
        *words, given=given, environment={"HOME": str(folder), **environment}, folder=folder
    )
    return status, (out + err).encode()


def divided(heard: list[bytes]) -> tuple[list[str], bytes]:
    """Divide the lines that a server received into the commands and the message."""
    lines = [line.decode("utf-8", "surrogateescape").rstrip("\r\n") for line in heard]
    if b"DATA\r\n" not in heard or b".\r\n" not in heard:
        return lines, b""
    at = heard.index(b"DATA\r\n") + 1
    end = heard.index(b".\r\n", at)
    return lines[:at] + lines[end + 1 :], b"".join(heard[at:end])


def comparable(message: bytes) -> bytes:
    """Return a message without what always differs: date, Message-Id, boundary and program."""
    message = re.sub(rb"(?m)^(Date:|Message-Id:|X-Mailer:) .*?\r$", rb"\1\r", message)
    message = re.sub(rb"(?m)^(Subject: test ).*?\r$", rb"\1\r", message)
    return re.sub(rb"(_MIME_BOUNDARY_\d+_)\w+", rb"\1", message)
