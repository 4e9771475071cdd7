"""Logins of each kind, and a server that interrupts them on request.

server = InterruptingServer(LOGINS["LOGIN"])
async with served(server.serve) as desk:
    ...
    server.interrupt("421")
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterator
from typing import NamedTuple

SECRET = "w0nder-Länd!"
INTERRUPTIONS = ("421", "535", "reset", "close")


def base64_of(text: str, charset: str = "utf-8") -> str:
    return base64.b64encode(text.encode(charset)).decode()


class Login(NamedTuple):
    """A login as typed by a user: the AUTH line, and the answers, one of which contains the secret.

    `challenges` are those that the server sends, not yet encoded in base64.
    """

    line: str
    challenges: tuple[str, ...]
    answers: tuple[str, ...]

    @property
    def at(self) -> int:
        """The index of the answer that contains the secret."""
        return next(n for n, text in enumerate(self.answers) if SECRET in text)


LOGINS = {
    "PLAIN": Login("AUTH PLAIN", (), ("", "alice", SECRET)),
    "LOGIN": Login("AUTH LOGIN", ("Username:", "Password:"), ("alice", SECRET)),
    "X-EXPS LOGIN": Login("X-EXPS LOGIN", ("Username:", "Password:"), ("alice", SECRET)),
    "CRAM-MD5": Login("AUTH CRAM-MD5", ("<1.2@mail.example.org>",), ("alice", SECRET)),
    "SCRAM-SHA-256": Login("AUTH SCRAM-SHA-256", ("r={},s=c2FsdA==,i=4096",), ("alice", SECRET)),
    "XOAUTH2": Login("AUTH XOAUTH2", (), ("joe", SECRET)),
    "OAUTHBEARER": Login("AUTH OAUTHBEARER", (), ("joe", SECRET)),
    "NTLM": Login("AUTH NTLM", ("",), (rf"NTLM\0{SECRET}",)),
}


class InterruptingServer:
    """A server that offers every mechanism, asks for a login's answers, and refuses the login."""

    def __init__(self, login: Login) -> None:
        self._login = login
        self._writer: asyncio.StreamWriter | None = None
        self.heard: list[bytes] = []
        """The lines received from the client, over all connections."""

    def interrupt(self, how: str) -> None:
        """Interrupt the login as `how` says: "421", "535", "reset", or anything else.

        After 421 the server closes the connection, and after an unsolicited 535 it does not.
        "reset" resets the connection, and any other value closes it.
        """
        writer = self._writer
        assert writer is not None
        if how == "reset":
            writer.transport.abort()
            return
        if how in ("421", "535"):
            writer.write(b"%s it is over\r\n" % how.encode())
        if how != "535":
            writer.close()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        asking: Iterator[str] | None = None
        writer.write(b"220 mail.example.org\r\n")
        while line := await reader.readline():
            self.heard.append(line)
            verb = line.split(b" ")[0].strip().upper()
            if verb == b"EHLO":
                names = " ".join(dict.fromkeys(kind.split()[-1] for kind in LOGINS))
                writer.write(f"250-mail.example.org\r\n250 AUTH {names}\r\n".encode())
                continue
            if verb in (b"AUTH", b"X-EXPS"):
                asking = iter(self._login.challenges)
            if asking is None:
                writer.write(b"500 unknown command: " + line.upper())
                continue
            question = next(asking, None)
            if question is None:
                asking = None
                writer.write(b"535 wrong\r\n")
                continue
            if "{}" in question:  # SCRAM: the server's nonce begins with the client's
                said = base64.b64decode(line.rsplit(b" ", 1)[-1])
                question = question.format(said.rpartition(b"r=")[2].decode() + "more")
            writer.write(b"334 %s\r\n" % base64_of(question).encode())
