"""A server that stores each message that it accepts, as (sender, recipients, text)."""

from __future__ import annotations

import asyncio
import re
import ssl

Queued = tuple[str, tuple[str, ...], bytes]


class CountingServer:
    """A strict SMTP server with DATA and BDAT that stores messages in `queued`.

    `keywords` are listed in the EHLO reply, and each reply is sent after `delay` seconds. `says`
    maps verbs to replies that are sent instead of the usual ones; such a command has no effect. If
    `tls` is given, STARTTLS is supported. AUTH asks for two answers, and accepts any. After LHLO,
    each recipient gets its own reply to the message. After `hold_after` replies, the server is
    silent until `release` is called.
    """

    def __init__(
        self,
        *keywords: str,
        delay: float = 0.0,
        tls: ssl.SSLContext | None = None,
        **says: str,
    ) -> None:
        self.tls = tls
        self.hold_after = -1
        self._released = asyncio.Event()
        self._replies = 0
        self.keywords = keywords
        self.delay = delay
        self.says = says
        self.queued: list[Queued] = []
        self.heard: list[bytes] = []
        self.connections = 0

    def release(self) -> None:
        """Resume sending replies."""
        self._released.set()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        sender: str | None = None
        recipients: list[str] = []
        chunks: list[bytes] = []
        lmtp = False

        async def say(text: str) -> None:
            await asyncio.sleep(self.delay)
            if self._replies == self.hold_after:
                await self._released.wait()
            self._replies += 1
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
                case "EHLO" | "LHLO":
                    lmtp = verb == "LHLO"
                    sender, recipients, chunks = None, [], []
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
                    replies = len(recipients) if lmtp else 1
                    sender, recipients = None, []
                    for _ in range(replies):
                        await say("250 queued")
                case "BDAT" if recipients:
                    chunks.append(chunk)
                    replies = 1
                    if line.split()[-1].upper() == b"LAST":
                        self.queued.append((sender or "", tuple(recipients), b"".join(chunks)))
                        replies = len(recipients) if lmtp else 1
                        sender, recipients, chunks = None, [], []
                    for _ in range(replies):
                        await say("250 taken")
                case "RSET":
                    sender, recipients, chunks = None, [], []
                    await say("250 ok")
                case "QUIT":
                    await say("221 bye")
                    return
                case "AUTH":
                    for _ in range(2):
                        await say("334 bm93")
                        if (await reader.readline()).strip() == b"*":
                            await say("501 given up")
                            break
                    else:
                        await say("235 welcome")
                case "STARTTLS" if self.tls is not None:
                    await say("220 go ahead")
                    await writer.start_tls(self.tls)
                    sender, recipients, chunks = None, [], []
                case "NOOP" | "VRFY" | "EXPN" | "HELP":
                    await say("250 ok")
                case _:
                    await say("503 bad sequence")
