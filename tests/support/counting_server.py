"""A server that keeps what it has accepted: one (sender, recipients, text) for each mail."""

from __future__ import annotations

import asyncio
import re

Queued = tuple[str, tuple[str, ...], bytes]


class CountingServer:
    """Speaks SMTP strictly, DATA and BDAT, and queues mails. `delay` is slept before each reply.

    `says` has replies that are given in place of the usual one, by verb; such a command has no
    effect.
    """

    def __init__(self, *keywords: str, delay: float = 0.0, **says: str) -> None:
        self.keywords = keywords
        self.delay = delay
        self.says = says
        self.queued: list[Queued] = []
        self.heard: list[bytes] = []
        self.connections = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        sender: str | None = None
        recipients: list[str] = []
        chunks: list[bytes] = []

        async def say(text: str) -> None:
            await asyncio.sleep(self.delay)
            writer.write(f"{text}\r\n".encode())
            await writer.drain()

        await say("220 ready")
        while line := await reader.readline():
            self.heard.append(line)
            verb = line.split()[0].decode("ascii", "replace").upper() if line.split() else ""
            path = re.search(rb"<(.*?)>", line)
            address = path[1].decode() if path else ""
            chunk = await reader.readexactly(int(line.split()[1])) if verb == "BDAT" else b""
            if verb in self.says:
                await say(self.says[verb])
                continue
            match verb:
                case "EHLO":
                    names = ["server", *self.keywords]
                    ends = ["-"] * (len(names) - 1) + [" "]
                    await say("\r\n".join(f"250{e}{n}" for e, n in zip(ends, names, strict=True)))
                case "MAIL" if sender is None:
                    sender = address
                    await say("250 ok")
                case "RCPT" if sender is not None:
                    recipients.append(address)
                    await say("250 ok")
                case "DATA" if recipients:
                    await say("354 go on")
                    lines: list[bytes] = []
                    while (text := await reader.readline()) != b".\r\n":
                        if not text.endswith(b"\n"):
                            return  # the connection is over within the message
                        lines.append(text[1:] if text.startswith(b".") else text)
                    self.queued.append((sender or "", tuple(recipients), b"".join(lines)))
                    sender, recipients = None, []
                    await say("250 queued")
                case "BDAT" if recipients:
                    chunks.append(chunk)
                    if line.split()[-1].upper() == b"LAST":
                        self.queued.append((sender or "", tuple(recipients), b"".join(chunks)))
                        sender, recipients, chunks = None, [], []
                    await say("250 taken")
                case "RSET":
                    sender, recipients, chunks = None, [], []
                    await say("250 ok")
                case "QUIT":
                    await say("221 bye")
                    return
                case "NOOP":
                    await say("250 ok")
                case _:
                    await say("503 bad sequence")
